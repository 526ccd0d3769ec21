import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  CountBreaker,
  handleAll,
  retry,
  SamplingBreaker,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';

const guarded = (policy) => (operation, settings) => {
  const built = policy(settings);
  return () => built.execute(operation);
};

const breaker = (rule, { openFor }) => circuitBreaker(handleAll, { halfOpenAfter: openFor, breaker: rule });
const consecutive = (s) => breaker(new ConsecutiveBreaker(s.failuresInARow), s);
const count = (s) => breaker(new CountBreaker({ threshold: s.failureRate, size: s.windowCalls }), s);
const time = (s) => breaker(new SamplingBreaker({ threshold: s.failureRate, duration: s.windowDuration }), s);
// Cockatiel counts the retries, not the attempts. Without a back-off it does not wait.
const again = (s) => retry(handleAll, { maxAttempts: s.attempts - 1 });
// Aggressive settles whether or not the work co-operates, as all the others here do.
const hard = (s) => timeout(s.timeout, TimeoutStrategy.Aggressive);
const limit = (s) => bulkhead(s.concurrent, s.queued);

export const cases = {
  retry: guarded(again),
  'breaker, consecutive': guarded(consecutive),
  'breaker, count window': guarded(count),
  'breaker, time window': guarded(time),
  timeout: guarded(hard),
  // By default every signal is aborted on success too, which is most of its cost.
  'timeout (abortOnReturn: false)': guarded((s) =>
    timeout(s.timeout, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false }),
  ),
  bulkhead: guarded(limit),
  three: guarded((s) => wrap(time(s), hard(s), limit(s))),
  all: guarded((s) => wrap(again(s), time(s), hard(s), limit(s))),
};
