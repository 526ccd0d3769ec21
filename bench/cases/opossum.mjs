import CircuitBreaker from 'opossum';

// Opossum is one breaker with options: it has no policy without the breaker, no retry and no queue.
const breaker =
  (options = () => ({})) =>
  (operation, settings) => {
    const built = new CircuitBreaker(operation, {
      errorThresholdPercentage: settings.failureRate * 100,
      rollingCountTimeout: settings.windowDuration,
      resetTimeout: settings.openFor,
      timeout: false,
      ...options(settings),
    });
    return () => built.fire();
  };

export const cases = {
  'breaker, time window': breaker(),
  'breaker, time window (no percentiles)': breaker(() => ({
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  })),
  timeout: breaker(({ timeout }) => ({ timeout })),
  bulkhead: breaker(({ concurrent }) => ({ capacity: concurrent })),
  three: breaker(({ timeout, concurrent }) => ({ timeout, capacity: concurrent })),
};
