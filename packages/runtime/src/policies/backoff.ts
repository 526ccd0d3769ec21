/** How a delay is spread, so that callers who failed together do not come back together. */
export type Jitter = 'none' | 'full' | 'equal' | 'decorrelated';

/** How the delay grows with the number of retries. */
export type Growth = 'exponential' | 'linear' | 'constant' | 'fibonacci';

export interface BackoffOptions {
  growth: Growth;
  baseDelay: number;
  maxDelay: number;
  multiplier: number;
  jitter: Jitter;
  random: () => number;
}

/**
 * The delay before the retry number `retry` (1 is the first), in ms. Finite and within `maxDelay` for any number.
 *
 * @param previous The delay before, for decorrelated jitter; `baseDelay` for the first.
 * @see Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog
 */
export function backoffDelay(options: BackoffOptions, retry: number, previous: number): number {
  const { baseDelay, maxDelay, jitter, random } = options;
  if (jitter === 'decorrelated') {
    return Math.min(maxDelay, baseDelay + random() * Math.max(0, previous * 3 - baseDelay));
  }
  const delay = Math.min(maxDelay, baseDelay * growth(options, retry));
  if (jitter === 'full') return delay * random();
  // Halves of the smallest numbers round up: together they can be more than the whole.
  if (jitter === 'equal') return Math.min(delay, delay / 2 + (delay / 2) * random());
  return delay;
}

function growth({ growth: kind, multiplier }: BackoffOptions, retry: number): number {
  switch (kind) {
    case 'constant':
      return 1;
    case 'linear':
      return retry;
    case 'fibonacci':
      return fibonacci(retry);
    case 'exponential':
      // Large numbers of retries overflow; bounded, because 0 times Infinity would be NaN.
      return Math.min(Number.MAX_VALUE, multiplier ** (retry - 1));
  }
}

function fibonacci(n: number): number {
  let [a, b] = [1, 1];
  // Past the 78th they are larger than any delay.
  for (let i = 1; i < Math.min(n, 78); i++) [a, b] = [b, a + b];
  return a;
}
