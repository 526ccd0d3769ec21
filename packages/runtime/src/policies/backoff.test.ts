import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../testing.js';
import { backoffDelay, type BackoffOptions, type Growth, type Jitter } from './backoff.js';

const plain: BackoffOptions = {
  growth: 'exponential',
  baseDelay: 100,
  maxDelay: 30_000,
  multiplier: 2,
  jitter: 'none',
  random: seededRandom(1),
};
const growths: Growth[] = ['exponential', 'linear', 'constant', 'fibonacci'];
const jitters: Jitter[] = ['none', 'full', 'equal', 'decorrelated'];

/** The delays before the retries 1 to `count`, each told the one before. */
function delays(options: BackoffOptions, count: number): number[] {
  const all: number[] = [];
  let previous = options.baseDelay;
  for (let retry = 1; retry <= count; retry++) all.push((previous = backoffDelay(options, retry, previous)));
  return all;
}

describe('growth', () => {
  it.each([
    ['exponential', [100, 200, 400, 800, 1600, 3200]],
    ['linear', [100, 200, 300, 400, 500, 600]],
    ['constant', [100, 100, 100, 100, 100, 100]],
    ['fibonacci', [100, 100, 200, 300, 500, 800]],
  ] as const)('%s growth begins with the base delay and grows as it says', (growth, expected) => {
    expect(delays({ ...plain, growth }, 6)).toEqual(expected);
  });

  it('the multiplier is the base of exponential growth', () => {
    expect(delays({ ...plain, multiplier: 3 }, 4)).toEqual([100, 300, 900, 2700]);
  });

  it('growth stops at the longest delay', () => {
    expect(delays({ ...plain, maxDelay: 500 }, 5)).toEqual([100, 200, 400, 500, 500]);
  });
});

describe('jitter', () => {
  it('full jitter spreads a delay from nothing to all of it', () => {
    expect(backoffDelay({ ...plain, jitter: 'full', random: () => 0 }, 3, 0)).toBe(0);
    expect(backoffDelay({ ...plain, jitter: 'full', random: () => 0.5 }, 3, 0)).toBe(200);
  });

  it('equal jitter keeps half of a delay and spreads the other half', () => {
    expect(backoffDelay({ ...plain, jitter: 'equal', random: () => 0 }, 3, 0)).toBe(200);
    expect(backoffDelay({ ...plain, jitter: 'equal', random: () => 0.5 }, 3, 0)).toBe(300);
  });

  it('decorrelated jitter reaches from the base delay to three times the delay before', () => {
    expect(backoffDelay({ ...plain, jitter: 'decorrelated', random: () => 0 }, 9, 700)).toBe(100);
    expect(backoffDelay({ ...plain, jitter: 'decorrelated', random: () => 0.5 }, 9, 700)).toBe(100 + 1000);
  });

  it('decorrelated jitter is finite for attempt 2000, and still moves', () => {
    const all = delays({ ...plain, jitter: 'decorrelated', random: seededRandom(7) }, 2000);
    expect(all.every((delay) => delay >= 100 && delay <= 30_000)).toBe(true);
    expect(new Set(all.slice(-100)).size).toBeGreaterThan(10);
  });
});

describe('any delay', () => {
  it('is finite and from 0 to the longest delay, for every growth, jitter and number of retries', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...growths),
        fc.constantFrom(...jitters),
        fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true })),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.oneof(fc.double({ min: 1, max: 10, noNaN: true }), fc.constant(1e300)),
        fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (growth, jitter, baseDelay, more, multiplier, retry, random, share) => {
          const maxDelay = baseDelay + more;
          const options: BackoffOptions = { growth, jitter, baseDelay, maxDelay, multiplier, random: () => random };
          const delay = backoffDelay(options, retry, baseDelay + share * more);
          return delay >= 0 && delay <= maxDelay;
        },
      ),
      { numRuns: 2000 },
    );
  });

  // Found by the law above: half of 5e-324 is 5e-324.
  it('is at most the longest delay for the smallest numbers there are', () => {
    const options = { ...plain, jitter: 'equal', baseDelay: 5e-324, maxDelay: 5.4e-323, random: () => 0.99 } as const;
    expect(backoffDelay({ ...options, multiplier: 2.19 }, 4, 0)).toBeLessThanOrEqual(5.4e-323);
  });

  // Zero times an overflowed growth was NaN.
  it.each(growths)('a base delay of 0 stays 0 under %s growth, however often it is retried', (growth) => {
    expect(backoffDelay({ ...plain, growth, baseDelay: 0 }, 5000, 0)).toBe(0);
  });

  it('never shrinks with the number of retries while nothing spreads it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...growths), fc.integer({ min: 1, max: 3000 }), (growth, retry) => {
        const options = { ...plain, growth, maxDelay: 1e12 };
        return backoffDelay(options, retry + 1, 0) >= backoffDelay(options, retry, 0);
      }),
    );
  });

  it('is at least half of the plain one under equal jitter, and at most the plain one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer(), (retry, seed) => {
        const whole = backoffDelay(plain, retry, 0);
        const delay = backoffDelay({ ...plain, jitter: 'equal', random: seededRandom(seed) }, retry, 0);
        return delay >= whole / 2 && delay <= whole;
      }),
    );
  });
});
