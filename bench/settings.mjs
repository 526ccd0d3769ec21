/** The same for every library. Durations are milliseconds. */
export const settings = {
  attempts: 3,
  failuresInARow: 5,
  failureRate: 0.5,
  windowCalls: 100,
  windowDuration: 10_000,
  openFor: 60_000,
  timeout: 1_000,
  concurrent: 100,
  queued: 100,
};
