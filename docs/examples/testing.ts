// #region service
import { circuitBreaker, pipeline, retry, systemClock, timeout, type Clock } from '@holdfast/runtime';

export function stockPolicies(clock: Clock = systemClock, random: () => number = Math.random) {
  return pipeline(
    retry({ baseDelay: 100, clock, random }),
    circuitBreaker({ failureThreshold: 2, recoveryTimeout: 5_000, clock }),
    timeout({ duration: 1_000, clock }),
  );
}
// #endregion
