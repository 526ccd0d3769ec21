/** What a guard starts with, as it is written: a place to begin, for a person to change. */
export const figures = {
  timeout: '2_000',
  attempts: '3',
  baseDelay: '100',
  /** A service that is called per request should notice within seconds that a dependency is back. */
  recoveryTimeout: '10_000',
} as const;
