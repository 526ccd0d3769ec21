import { Effect, Scope, Semaphore } from 'effect';
import { CircuitBreaker } from 'effect/persistence';

// Everything is built once; a call is one `runPromise`, as from code that is not itself written in Effect.
const guarded = (policy) => (operation, settings) => {
  const work = Effect.tryPromise({ try: () => operation(), catch: (error) => error });
  const effect = policy(settings)(work);
  return () => Effect.runPromise(effect);
};

const breaker = (tripPolicy) => (settings) => {
  const built = Effect.runSync(
    CircuitBreaker.make({ tripPolicy: tripPolicy(settings), openDuration: settings.openFor }).pipe(
      Effect.provideService(Scope.Scope, Effect.runSync(Scope.make())),
      Effect.provide(CircuitBreaker.layerStoreMemory()),
    ),
  );
  return built.execute({ key: 'bench' });
};
const consecutive = breaker((s) => CircuitBreaker.consecutive(s.failuresInARow));
const count = breaker((s) => CircuitBreaker.rate({ threshold: s.failureRate, size: s.windowCalls }));
const again = (s) => Effect.retry({ times: s.attempts - 1 });
const hard = (s) => Effect.timeout(s.timeout);
const limit = (s) => Semaphore.makeUnsafe(s.concurrent).withPermits(1);
const inside = (policies) => (s) => (work) => policies.reduceRight((effect, policy) => policy(s)(effect), work);

export const cases = {
  'runPromise alone': guarded(() => (work) => work),
  retry: guarded(again),
  'breaker, consecutive': guarded(consecutive),
  'breaker, count window': guarded(count),
  timeout: guarded(hard),
  bulkhead: guarded(limit),
  three: guarded(inside([count, hard, limit])),
  all: guarded(inside([again, count, hard, limit])),
};
