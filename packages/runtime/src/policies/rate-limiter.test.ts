import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateLimitedError } from '../errors.js';
import { ManualClock } from '../testing.js';
import { RateLimiter, SlidingWindow, TokenBucket, type Limiter } from './rate-limiter.js';

const EPSILON = 1e-6;

/** Arrivals as gaps in ms, bunched as real ones are. */
const gaps = fc.array(
  fc.oneof(fc.constant(0), fc.double({ min: 0, max: 30, noNaN: true }), fc.integer({ min: 0, max: 400 })),
  {
    maxLength: 80,
  },
);
const limits = fc.record({
  limit: fc.integer({ min: 1, max: 7 }),
  interval: fc.constantFrom(1, 100, 333.3),
  burst: fc.integer({ min: 1, max: 9 }),
  maxWait: fc.constantFrom(0, 50, 1_000),
});

/** Sends the arrivals through a limiter. Returns when those that were let in start, in the order of arrival. */
function startsOf(limiter: Limiter, gapsBefore: number[], maxWait: number): number[] {
  let now = 0;
  const starts: number[] = [];
  for (const gap of gapsBefore) {
    now += gap;
    const wait = limiter.take(now, maxWait);
    if (wait >= 0) {
      expect(wait).toBeLessThanOrEqual(maxWait + EPSILON);
      starts.push(now + wait);
    }
  }
  return starts;
}

describe('a token bucket', () => {
  it('lets a burst go at once, then one per spacing', () => {
    const bucket = new TokenBucket(10, 1000, 3);
    expect([0, 0, 0].map((now) => bucket.take(now, 0))).toEqual([0, 0, 0]);
    expect(bucket.take(0, 0)).toBeCloseTo(-100);
    expect(bucket.take(99, 0)).toBeCloseTo(-1);
    expect(bucket.take(100, 0)).toBe(0);
  });

  it('makes those wait who may, in order', () => {
    const bucket = new TokenBucket(10, 1000, 1);
    expect([0, 0, 0, 0].map((now) => bucket.take(now, 250))).toEqual([0, 100, 200, -50]);
  });

  it('never starts more in any stretch than the burst and what the stretch earns', () => {
    fc.assert(
      fc.property(limits, gaps, ({ limit, interval, burst, maxWait }, arrivals) => {
        const starts = startsOf(new TokenBucket(limit, interval, burst), arrivals, maxWait);
        const spacing = interval / limit;
        for (let from = 0; from < starts.length; from++)
          for (let to = from; to < starts.length; to++) {
            const span = starts[to]! - starts[from]!;
            expect(to - from + 1).toBeLessThanOrEqual(burst + span / spacing + EPSILON);
          }
      }),
    );
  });

  it('decides as a bucket of counted tokens would', () => {
    fc.assert(
      fc.property(limits, gaps, ({ limit, interval, burst }, arrivals) => {
        const bucket = new TokenBucket(limit, interval, burst);
        let tokens = burst;
        let now = 0;
        for (const gap of arrivals) {
          now += gap;
          tokens = Math.min(burst, tokens + (gap * limit) / interval);
          // On the edge the rounding of either may decide.
          const isOnEdge = Math.abs(tokens - 1) < 1e-5;
          const isAllowed = bucket.take(now, 0) === 0;
          if (!isOnEdge) expect(isAllowed).toBe(tokens >= 1);
          if (isAllowed) tokens -= 1;
        }
      }),
    );
  });
});

describe('a sliding window', () => {
  it('lets its limit go at once, and the next when the first is an interval old', () => {
    const window = new SlidingWindow(2, 100);
    expect([
      window.take(0, 0),
      window.take(60, 0),
      window.take(99, 0),
      window.take(100, 0),
      window.take(159, 0),
    ]).toEqual([0, 0, -1, 0, -1]);
  });

  it('makes those wait who may, in order', () => {
    const window = new SlidingWindow(1, 100);
    expect([0, 0, 0, 0].map((now) => window.take(now, 250))).toEqual([0, 100, 200, -50]);
  });

  it('never starts more than its limit in any interval, and refuses nobody else', () => {
    fc.assert(
      fc.property(limits, gaps, ({ limit, interval }, arrivals) => {
        const window = new SlidingWindow(limit, interval);
        const starts: number[] = [];
        let now = 0;
        for (const gap of arrivals) {
          now += gap;
          const recent = starts.filter((start) => start + interval > now).length;
          const isAllowed = window.take(now, 0) === 0;
          expect(isAllowed).toBe(recent < limit);
          if (isAllowed) starts.push(now);
        }
      }),
    );
  });

  it('never starts more than its limit in any interval when calls wait either', () => {
    fc.assert(
      fc.property(limits, gaps, ({ limit, interval, maxWait }, arrivals) => {
        const starts = startsOf(new SlidingWindow(limit, interval), arrivals, maxWait);
        expect([...starts].sort((a, b) => a - b)).toEqual(starts);
        for (let first = 0; first + limit < starts.length; first++)
          expect(starts[first + limit]! - starts[first]!).toBeGreaterThanOrEqual(interval - EPSILON);
      }),
    );
  });
});

describe('either limiter', () => {
  const makers: [string, (limits: { limit: number; interval: number; burst: number }) => Limiter][] = [
    ['token bucket', ({ limit, interval, burst }) => new TokenBucket(limit, interval, burst)],
    ['sliding window', ({ limit, interval }) => new SlidingWindow(limit, interval)],
  ];

  it.each(makers)('lets a call in after the time that it named when it refused it: %s', (_, make) => {
    fc.assert(
      fc.property(limits, gaps, (options, arrivals) => {
        const limiter = make(options);
        let now = 0;
        for (const gap of arrivals) {
          now += gap;
          const wait = limiter.take(now, options.maxWait);
          if (wait >= 0) continue;
          expect(wait).toBeLessThan(0);
          now += -wait + EPSILON;
          expect(limiter.take(now, options.maxWait)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it.each(makers)('takes nothing for a call that it refuses: %s', (_, make) => {
    fc.assert(
      fc.property(limits, gaps, fc.integer({ min: 0, max: 5 }), (options, arrivals, tries) => {
        const [patient, pushy] = [make(options), make(options)];
        let now = 0;
        for (const gap of arrivals) {
          now += gap;
          const wait = patient.take(now, options.maxWait);
          expect(pushy.take(now, options.maxWait)).toBe(wait);
          if (wait < 0) for (let i = 0; i < tries; i++) pushy.take(now, options.maxWait);
        }
      }),
    );
  });

  it.each(makers)('is idle when a fresh one would decide the same from then on: %s', (_, make) => {
    fc.assert(
      fc.property(limits, gaps, (options, arrivals) => {
        const limiter = make(options);
        let now = 0;
        for (const gap of arrivals) limiter.take((now += gap), 0);
        now += options.interval * 10;
        expect(limiter.isIdle(now)).toBe(true);
        const fresh = make(options);
        for (let i = 0; i < 10; i++) expect(limiter.take(now, 0) === 0).toBe(fresh.take(now, 0) === 0);
      }),
    );
  });
});

describe('the limiters of one policy', () => {
  const limited = (clock = new ManualClock()): RateLimiter =>
    new RateLimiter({
      name: 'api',
      make: () => new SlidingWindow(1, 1000),
      key: (tenant: string) => tenant,
      maxWait: 0,
      clock,
      onRejected: () => {},
    });

  it('are one per key', () => {
    const limiter = limited();
    expect(limiter.take(undefined, ['a'])).toBe(0);
    expect(limiter.take(undefined, ['b'])).toBe(0);
    expect(() => limiter.take(undefined, ['a'])).toThrow(RateLimitedError);
    expect(limiter.keys).toBe(2);
  });

  it('are bounded, and the idle ones go first', async () => {
    const clock = new ManualClock();
    const limiter = limited(clock);
    limiter.take(undefined, ['busy']);
    for (let i = 0; i < 9_999; i++) limiter.take(undefined, [`old ${i}`]);
    await clock.advance(1000);
    // In use again, it is the last one to be forgotten.
    limiter.take(undefined, ['busy']);
    for (let i = 0; i < 9_000; i++) limiter.take(undefined, [`new ${i}`]);
    expect(limiter.keys).toBe(10_000);
    expect(() => limiter.take(undefined, ['busy'])).toThrow(RateLimitedError);
  });

  it('are bounded although all of them are busy', () => {
    const limiter = limited();
    for (let i = 0; i < 10_500; i++) limiter.take(undefined, [`key ${i}`]);
    expect(limiter.keys).toBe(10_000);
    expect(() => limiter.take(undefined, ['key 10499'])).toThrow(RateLimitedError);
  });

  it('are never missing: an undefined key would silently give everybody one limit', () => {
    const limiter = limited();
    expect(() => limiter.take(undefined, [undefined])).toThrow('key must return a string, got undefined');
  });
});
