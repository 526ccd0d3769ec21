import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { TimeoutError } from './errors.js';
import { guard, withRetry, withTimeout } from './guard.js';
import { bulkhead } from './policies/bulkhead.js';
import { retry } from './policies/retry.js';
import { timeout } from './policies/timeout.js';
import { snapshot } from './registry.js';
import { ManualClock } from './testing.js';

const down = new Error('down');

describe('a guarded function', () => {
  it('gets its `this` and its arguments, and nothing else', async () => {
    const seen: unknown[] = [];
    const call = guard(
      async function (this: unknown, ...args: unknown[]) {
        seen.push(this, args);
        return args.length;
      },
      retry(2),
      timeout(1000),
    );
    const self = { call };
    await expect(self.call('a', undefined)).resolves.toBe(2);
    expect(seen).toEqual([self, ['a', undefined]]);
  });

  it('is run again with the same `this` and arguments', async () => {
    const seen: unknown[] = [];
    const self = {};
    const call = guard(
      async function (this: unknown, argument: string) {
        seen.push([this, argument]);
        if (seen.length < 3) throw down;
        return 'fine';
      },
      retry({ maxAttempts: 3, baseDelay: 0 }),
      bulkhead(1),
    );
    await expect(call.call(self, 'argument')).resolves.toBe('fine');
    expect(seen).toEqual(Array.from({ length: 3 }, () => [self, 'argument']));
  });

  it('can be called without an object', async () => {
    const call = guard(async (value: string) => value, bulkhead(1));
    const unbound = call;
    await expect(unbound('value')).resolves.toBe('value');
  });

  it('looks like the original', async () => {
    async function lookUp(_id: string, _region: string): Promise<string> {
      return 'found';
    }
    const guarded = guard(Object.assign(lookUp, { version: 3 }), bulkhead(1));
    expect([guarded.name, guarded.length, guarded.version]).toEqual(['lookUp', 2, 3]);
  });

  it('of a guarded function has all the policies, the later ones outside', async () => {
    const clock = new ManualClock();
    let runs = 0;
    const inner = guard(
      async () => {
        runs++;
        throw down;
      },
      retry({ maxAttempts: 2, baseDelay: 0, clock }),
    );
    const outer = guard(inner, retry({ maxAttempts: 3, baseDelay: 0, clock }));
    await expect(outer()).rejects.toBe(down);
    expect(runs).toBe(6);
    runs = 0;
    await expect(inner()).rejects.toBe(down);
    expect(runs).toBe(2);
  });

  it('that throws synchronously, or returns no promise, rejects or resolves all the same', async () => {
    const throws = guard(
      (() => {
        throw down;
      }) as () => Promise<never>,
      bulkhead(1),
    );
    await expect(throws()).rejects.toBe(down);
    const returns = guard((() => undefined) as unknown as () => Promise<undefined>, bulkhead(1), timeout(100));
    await expect(returns()).resolves.toBeUndefined();
  });

  it.each([
    ['nothing to guard', undefined, [bulkhead(1)], 'guard: the first argument must be a function, got undefined'],
    ['a promise', Promise.resolve(), [bulkhead(1)], 'guard: the first argument must be a function, got an object'],
    ['no policies', async () => {}, [], 'guard: needs at least one policy, got none'],
    ['no policy', async () => {}, [{ retry: 3 }], 'guard: policy 1 must be an object with an execute method'],
  ])('of %s cannot work, and says so at once', (_, fn, policies, message) => {
    const make = (): unknown => guard(fn as never, ...(policies as never[]));
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });
});

describe('withTimeout', () => {
  it('gives the operation a signal, and up when the time is up', async () => {
    vi.useFakeTimers();
    try {
      let signal!: AbortSignal;
      const call = withTimeout((context) => {
        ({ signal } = context);
        return new Promise(() => {});
      }, 500);
      const rejected = expect(call).rejects.toBeInstanceOf(TimeoutError);
      await vi.advanceTimersByTimeAsync(500);
      await rejected;
      expect(signal.reason).toMatchObject({ policy: 'withTimeout', duration: 500 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('passes the result through, and listens to the caller', async () => {
    await expect(withTimeout(async () => 'value', 500)).resolves.toBe('value');
    await expect(withTimeout(async () => 'value', 500, { signal: AbortSignal.abort('before') })).rejects.toBe('before');
  });

  it.each([0, -1, NaN, Infinity, '5s', undefined])('a duration of %o is a rejection, never a throw', async (ms) => {
    const call = withTimeout(async () => 'value', ms as number);
    await expect(call).rejects.toThrow(
      /withTimeout: the duration must be a number of milliseconds above 0 and finite, got/,
    );
  });

  it('a promise in place of the operation is a rejection that says so', async () => {
    const call = withTimeout(Promise.resolve('value') as never, 500);
    await expect(call).rejects.toThrow('withTimeout: the operation must be a function, got an object');
  });

  it('any number of durations leaves only so many policies behind', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    for (let ms = 1000; ms < 1300; ms++) await withTimeout(async () => 'value', ms);
    await vi.waitFor(
      async () => {
        await new ManualClock().advance(0);
        collectGarbage();
        expect(snapshot().filter(({ name }) => name === 'withTimeout').length).toBeLessThan(80);
      },
      { timeout: 10_000 },
    );
  });
});

describe('withRetry', () => {
  it('runs the operation again, with the number of the attempt', async () => {
    const attempts: number[] = [];
    const call = withRetry(
      async ({ attempt }) => {
        attempts.push(attempt);
        if (attempt < 3) throw down;
        return 'fine';
      },
      { baseDelay: 0 },
    );
    await expect(call).resolves.toBe('fine');
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('rejects with the last error, untouched', async () => {
    await expect(withRetry(() => Promise.reject(down), { maxAttempts: 2, baseDelay: 0 })).rejects.toBe(down);
  });

  it('takes a number for how many attempts', async () => {
    const operation = vi.fn(() => Promise.reject(new TypeError('bug')));
    await expect(withRetry(operation, 5)).rejects.toThrow('bug');
    expect(operation).toHaveBeenCalledTimes(1);
  });

  it('is not found in snapshots, as it lives for one call', async () => {
    await withRetry(
      async () => {
        expect(snapshot().filter(({ name }) => name === 'of one call')).toEqual([]);
      },
      { name: 'of one call' },
    );
  });

  it('bad options are a rejection, never a throw', async () => {
    await expect(withRetry(async () => 'value', { maxAttempts: 0 })).rejects.toThrow(RangeError);
    await expect(withRetry(async () => 'value', null as never)).rejects.toThrow(TypeError);
  });

  it('no function is a rejection that says so', async () => {
    await expect(withRetry('fetch' as never)).rejects.toThrow('retry: the operation must be a function, got "fetch"');
  });
});

describe('withRetry under a signal', () => {
  it('ends the back-off when the caller aborts', async () => {
    const controller = new AbortController();
    let runs = 0;
    const call = withRetry(
      () => {
        runs++;
        throw new Error('down');
      },
      { baseDelay: 60_000 },
      { signal: controller.signal },
    );
    controller.abort('gone');
    await expect(call).rejects.toBe('gone');
    expect(runs).toBe(1);
  });
});
