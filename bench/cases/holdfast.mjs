// What is shipped, not the sources: the emitted package, as a service would load it.
import {
  Bulkhead,
  bulkhead,
  CircuitBreaker,
  circuitBreaker,
  guard,
  pipeline,
  Retry,
  retry,
  Timeout,
  timeout,
} from '../../packages/runtime/dist/esm/index.js';
import { applyLegacy, applyStandard } from '../apply-decorators.mjs';

const guarded = (policy) => (operation, settings) => {
  const built = policy(settings);
  return () => built.execute(operation);
};

const consecutiveOptions = (s) => ({ failureThreshold: s.failuresInARow, recoveryTimeout: s.openFor });
const countOptions = (s) => ({ failureRate: s.failureRate, windowSize: s.windowCalls, recoveryTimeout: s.openFor });
const timeOptions = (s) => ({
  failureRate: s.failureRate,
  monitoringPeriod: s.windowDuration,
  recoveryTimeout: s.openFor,
});
const retryOptions = (s) => ({ maxAttempts: s.attempts, baseDelay: 0, jitter: false });
const bulkheadOptions = (s) => ({ maxConcurrent: s.concurrent, maxQueue: s.queued });

const time = (s) => circuitBreaker(timeOptions(s));
const again = (s) => retry(retryOptions(s));
const hard = (s) => timeout(s.timeout);
const limit = (s) => bulkhead(bulkheadOptions(s));
const all = (s) => pipeline(again(s), time(s), hard(s), limit(s));

const stacked = (s) => [
  Retry(retryOptions(s)),
  CircuitBreaker(timeOptions(s)),
  Timeout(s.timeout),
  Bulkhead(bulkheadOptions(s)),
];

export const cases = {
  retry: guarded(again),
  'breaker, consecutive': guarded((s) => circuitBreaker(consecutiveOptions(s))),
  'breaker, count window': guarded((s) => circuitBreaker(countOptions(s))),
  'breaker, time window': guarded(time),
  timeout: guarded(hard),
  bulkhead: guarded(limit),
  three: guarded((s) => pipeline(time(s), hard(s), limit(s))),
  all: guarded(all),
  'all, guarded function': (operation, s) => guard(operation, again(s), time(s), hard(s), limit(s)),
  'all, standard decorators': (operation, s) => applyStandard(operation, stacked(s)),
  'all, legacy decorators': (operation, s) => applyLegacy(operation, stacked(s)),
};
