import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, vi } from 'vitest';
import { RateLimitedError } from '../errors.js';
import { guard } from '../guard.js';
import { pipeline } from '../pipeline.js';
import { ManualClock } from '../testing.js';
import { rateLimit, type RateLimitOptions } from './rate-limit.js';
import { timeout } from './timeout.js';

describe('a rate limit', () => {
  it('lets the limit start per interval, spread evenly after a burst', async () => {
    const clock = new ManualClock();
    const policy = rateLimit({ limit: 4, interval: 1000, clock });
    const starts: number[] = [];
    for (let i = 0; i < 40; i++) {
      await policy.execute(() => starts.push(clock.now())).catch(() => {});
      await clock.advance(50);
    }
    expect(starts).toEqual([0, 50, 100, 150, 250, 500, 750, 1000, 1250, 1500, 1750]);
    expect(policy.snapshot()).toMatchObject({ limit: 4, interval: 1000, algorithm: 'token-bucket', rejected: 29 });
  });

  it('lets the limit start at any time under a sliding window, but never more in any interval', async () => {
    const clock = new ManualClock();
    const policy = rateLimit({ limit: 2, interval: 1000, algorithm: 'sliding-window', clock });
    const starts: number[] = [];
    for (let i = 0; i < 30; i++) {
      await policy.execute(() => starts.push(clock.now())).catch(() => {});
      await clock.advance(100);
    }
    expect(starts).toEqual([0, 100, 1000, 1100, 2000, 2100]);
  });

  it('lets no more than `burst` start at once', async () => {
    const policy = rateLimit({ limit: 100, burst: 2, clock: new ManualClock() });
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => policy.execute(() => 'ran')));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected', 'rejected']);
  });

  it('refuses at once, says who refuses and when to come back, and does not run the operation', async () => {
    const clock = new ManualClock();
    const policy = rateLimit({ limit: 10, interval: 1000, burst: 1, name: 'api', clock });
    const operation = vi.fn();
    await policy.execute(() => {});
    const error: unknown = await policy.execute(operation).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RateLimitedError);
    expect(error).toMatchObject({
      code: 'HOLDFAST_RATE_LIMITED',
      policy: 'api',
      retryAfter: 100,
      message: 'api: the rate limit is used up for 100 ms',
    });
    expect(operation).not.toHaveBeenCalled();
    await clock.advance((error as RateLimitedError).retryAfter!);
    await policy.execute(operation);
    expect(operation).toHaveBeenCalledTimes(1);
  });

  it('lets calls wait their turn, in order, for as long as they may', async () => {
    const clock = new ManualClock();
    const policy = rateLimit({ limit: 10, interval: 1000, burst: 1, maxWait: 200, clock });
    const starts: string[] = [];
    const calls = ['a', 'b', 'c', 'd'].map((name) => policy.execute(() => starts.push(`${name} at ${clock.now()}`)));
    const refused = expect(calls[3]).rejects.toMatchObject({ retryAfter: 100 });
    await clock.advance(1000);
    await refused;
    expect(starts).toEqual(['a at 0', 'b at 100', 'c at 200']);
    expect(clock.pending).toBe(0);
  });

  it('lets a waiting caller abort at once, and leaves no timer', async () => {
    const clock = new ManualClock();
    const policy = rateLimit({ limit: 1, maxWait: 5000, clock });
    await policy.execute(() => {});
    const controller = new AbortController();
    const operation = vi.fn();
    const call = policy.execute(operation, { signal: controller.signal });
    await clock.advance(10);
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    expect(clock.pending).toBe(0);
    await clock.advance(5000);
    expect(operation).not.toHaveBeenCalled();
  });

  it('ends a wait at the timeout around it', async () => {
    const clock = new ManualClock();
    const limit = rateLimit({ limit: 1, maxWait: 5000, clock });
    const policy = pipeline(timeout({ duration: 100, clock }), limit);
    await policy.execute(() => {});
    const refused = expect(policy.execute(() => {})).rejects.toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
    await clock.advance(100);
    await refused;
    expect(clock.pending).toBe(0);
  });

  it('is one per key, made from the arguments with `this`', async () => {
    const policy = rateLimit({
      limit: 1,
      key(this: { region: string }, tenant: string) {
        return `${this.region}/${tenant}`;
      },
      clock: new ManualClock(),
    });
    const call = guard(async function (this: { region: string }, tenant: string) {
      return `${this.region} ${tenant}`;
    }, policy);
    expect(await call.call({ region: 'eu' }, 'a')).toBe('eu a');
    expect(await call.call({ region: 'us' }, 'a')).toBe('us a');
    await expect(call.call({ region: 'eu' }, 'a')).rejects.toBeInstanceOf(RateLimitedError);
    expect(policy.snapshot()).toMatchObject({ keys: 2, rejected: 1 });
  });

  it('is a rejection when the key function throws', async () => {
    const call = guard(
      async (_id: { id: string }) => 'ran',
      rateLimit({ limit: 1, key: ({ id }: { id: string }) => id }),
    );
    await expect(call(undefined as never)).rejects.toThrow(TypeError);
  });

  it('says when it refuses', async () => {
    const events: unknown[] = [];
    const listener = (event: unknown): void => void events.push(event);
    subscribe('holdfast:rate-limit', listener);
    const policy = rateLimit({ limit: 1, name: 'api', clock: new ManualClock() });
    await policy.execute(() => {});
    await policy.execute(() => {}).catch(() => {});
    unsubscribe('holdfast:rate-limit', listener);
    expect(events).toEqual([{ type: 'rejected', policy: 'api', retryAfter: 1000 }]);
  });
});

describe('the options of a rate limit', () => {
  it('may be the limit alone', () => {
    expect(rateLimit(5).snapshot()).toMatchObject({ kind: 'rate-limit', name: 'rate-limit', limit: 5, interval: 1000 });
  });

  it.each<[unknown, new () => Error, string]>([
    [{}, TypeError, 'rateLimit: limit is missing; it must be a whole number of at least 1'],
    [0, RangeError, 'rateLimit: limit must be a whole number of at least 1, got 0'],
    [1.5, RangeError, 'rateLimit: limit must be a whole number of at least 1, got 1.5'],
    [{ limit: Infinity }, RangeError, 'rateLimit: limit must be a whole number of at least 1, got Infinity'],
    [{ limit: '5' }, TypeError, 'rateLimit: limit must be a whole number of at least 1, got "5"'],
    [
      { limit: 1, interval: 0 },
      RangeError,
      'rateLimit: interval must be a number of milliseconds above 0 and finite, got 0',
    ],
    [{ limit: 1, burst: 0 }, RangeError, 'rateLimit: burst must be a whole number of at least 1, got 0'],
    [
      { limit: 1, maxWait: Infinity },
      RangeError,
      'rateLimit: maxWait must be a number of milliseconds, 0 or more and finite',
    ],
    [
      { limit: 1, algorithm: 'fixed' },
      RangeError,
      'rateLimit: algorithm must be one of "token-bucket", "sliding-window", got "fixed"',
    ],
    [
      { limit: 1, burst: 2, algorithm: 'sliding-window' },
      RangeError,
      'rateLimit: burst belongs to the token-bucket algorithm, got algorithm "sliding-window"',
    ],
    [{ limit: 1, intervall: 5 }, TypeError, 'rateLimit: unknown option "intervall", did you mean "interval"?'],
  ])('%j are refused', (options, type, message) => {
    expect(() => rateLimit(options as RateLimitOptions)).toThrow(type);
    expect(() => rateLimit(options as RateLimitOptions)).toThrow(message);
  });
});

describe('reserving', () => {
  it('takes a place and says how long to wait for it', async () => {
    const clock = new ManualClock();
    const limit = rateLimit({ limit: 1, interval: 100, maxWait: 150, clock });
    expect(limit.reserve()).toBe(0);
    expect(limit.reserve()).toBe(100);
    // The places are taken: a call finds the next one too far away.
    await expect(limit.execute(() => Promise.resolve(1))).rejects.toThrow(RateLimitedError);
    expect(() => limit.reserve()).toThrow(RateLimitedError);
    await clock.advance(100);
    expect(limit.reserve()).toBe(100);
  });

  it('takes it from the limit of the key', () => {
    const limit = rateLimit({ limit: 1, key: (tenant: string) => tenant, clock: new ManualClock() });
    expect([limit.reserve('a'), limit.reserve('b')]).toEqual([0, 0]);
    expect(() => limit.reserve('a')).toThrow(RateLimitedError);
  });
});
