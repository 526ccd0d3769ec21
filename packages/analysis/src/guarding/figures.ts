/** What a guard starts with: a place to begin, for a person to change. Durations are in ms. */
export const figures = {
  timeout: 2_000,
  attempts: 3,
  baseDelay: 100,
  /** A service that is called per request should notice within seconds, not a minute, that a dependency is back. */
  recoveryTimeout: 10_000,
} as const;

/** `2000` reads better as `2_000`. */
export function numeral(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, '_');
}
