import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HoldfastEvent } from '../events.js';
import { guard } from '../guard.js';
import type { Operation } from '../policy.js';
import { ManualClock } from '../testing.js';
import { cached, type CachedOptions, type CachedPolicy, type CacheEntry, type CacheStore } from './cached.js';
import { timeout } from './timeout.js';

const http = (status: number): Error => Object.assign(new Error(`HTTP ${status}`), { status });

/** A promise to be settled by hand. */
function promised<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** A cached function that answers `v1`, `v2` and so on, or as it is told. */
function numbered(options: Partial<CachedOptions> = {}) {
  const clock = new ManualClock();
  const policy = cached({ ttl: 100, clock, ...options });
  let calls = 0;
  const next: (() => unknown)[] = [];
  const load = vi.fn(async (..._args: unknown[]): Promise<unknown> => {
    const version = `v${++calls}`;
    return next.length > 0 ? next.shift()!() : version;
  });
  return { clock, policy, load, next, get: guard(load, policy) };
}

/** A cached operation that can be settled by hand, called with or without a signal. */
function manual(options: Partial<CachedOptions> = {}) {
  const clock = new ManualClock();
  const policy = cached({ ttl: 100, key: () => 'k', clock, ...options });
  const runs: { signal: AbortSignal; resolve: (value: unknown) => void; reject: (error: unknown) => void }[] = [];
  const operation: Operation<unknown> = ({ signal }) => {
    const { promise, resolve, reject } = promised<unknown>();
    runs.push({ signal, resolve, reject });
    return promise;
  };
  return {
    clock,
    policy,
    runs,
    call: (signal?: AbortSignal) => policy.execute(operation, { signal }),
  };
}

describe('a cached result', () => {
  it('is answered without a call until its time to live is over', async () => {
    const { clock, get, load } = numbered();
    expect(await get()).toBe('v1');
    await clock.advance(99);
    expect(await get()).toBe('v1');
    expect(load).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect(await get()).toBe('v2');
  });

  it('lives for ever with a time to live of Infinity', async () => {
    const { clock, get } = numbered({ ttl: Infinity });
    await get();
    await clock.advance(1e12);
    expect(await get()).toBe('v1');
  });

  it('belongs to its arguments', async () => {
    const { get } = numbered();
    expect(await get(1)).toBe('v1');
    expect(await get('1')).toBe('v2');
    expect(await get({ a: 1, b: 2 })).toBe('v3');
    expect(await get({ b: 2, a: 1 })).toBe('v3');
    expect(await get(1, new AbortController().signal)).toBe('v1');
  });

  it('is not made for arguments that are no plain data: they are handed through every time', async () => {
    const { get, policy } = numbered();
    expect(await get(new Map())).toBe('v1');
    expect(await get(new Map())).toBe('v2');
    expect(policy.snapshot()).toMatchObject({ entries: 0, hits: 0 });
  });

  it('is found by the key function, which has `this` and the arguments', async () => {
    const key = vi.fn(function (this: unknown, id: { id: number }) {
      return `${(this as { tenant: string }).tenant}:${id.id}`;
    });
    const policy = cached({ ttl: 100, key, scope: 'class', clock: new ManualClock() });
    let calls = 0;
    const find = guard(async function (this: unknown, _id: { id: number }) {
      return ++calls;
    }, policy);
    expect(await find.call({ tenant: 'a' }, { id: 1 })).toBe(1);
    expect(await find.call({ tenant: 'b' }, { id: 1 })).toBe(2);
    expect(await find.call({ tenant: 'a' }, { id: 1 })).toBe(1);
  });

  it('is not made without a key: a missing one must not become one that everybody shares', async () => {
    const { get } = numbered({ key: (user?: { tenant?: string }) => user?.tenant });
    expect(await get({})).toBe('v1');
    expect(await get({})).toBe('v2');
    expect(await get({ tenant: 'a' })).toBe('v3');
    expect(await get({ tenant: 'a' })).toBe('v3');
  });

  it('is not made when the call fails', async () => {
    const { get, next } = numbered();
    next.push(() => Promise.reject(new Error('down')));
    await expect(get()).rejects.toThrow('down');
    expect(await get()).toBe('v2');
  });

  it('rejects when the key function throws', async () => {
    const { get, load } = numbered({
      key() {
        throw new Error('no key');
      },
    });
    await expect(get()).rejects.toThrow('no key');
    expect(load).not.toHaveBeenCalled();
  });

  it('needs a key through execute, which has no arguments', async () => {
    await expect(cached(100).execute(() => 1)).rejects.toThrow(
      'cached: execute has no arguments to make a key from; give the policy a key, or use guard or @Cached',
    );
    const policy = cached({ ttl: 100, key: () => 'k' });
    expect(await policy.execute(() => 1)).toBe(1);
    expect(await policy.execute(() => 2)).toBe(1);
  });

  it('is refused to a caller who has aborted already', async () => {
    const { call, runs } = manual();
    const first = call();
    await Promise.resolve();
    runs[0]!.resolve('x');
    await first;
    await expect(call(AbortSignal.abort('gone'))).rejects.toBe('gone');
  });

  it('lives a random share shorter with jitter, so that what came together does not go together', async () => {
    const { clock, get, policy } = numbered({ jitter: 0.5, random: () => 0.5 });
    await get();
    await clock.advance(74);
    await get();
    expect(policy.snapshot()).toMatchObject({ hits: 1 });
    await clock.advance(1);
    expect(await get()).toBe('v2');
  });

  it('never lives longer than its time to live, nor shorter than jitter allows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 0, max: 120 }),
        async (jitter, random, age) => {
          const { clock, get } = numbered({ jitter, random: () => random });
          await get();
          await clock.advance(age);
          const isFresh = (await get()) === 'v1';
          expect(isFresh).toBe(age < 100 * (1 - jitter * random));
        },
      ),
    );
  });
});

describe('the memory of a cache', () => {
  it('forgets the least recently used result beyond maxEntries', async () => {
    const { get, policy } = numbered({ maxEntries: 2 });
    await get('a');
    await get('b');
    await get('a');
    await get('c');
    expect(policy.snapshot()).toMatchObject({ entries: 2, evictions: 1 });
    expect(await get('a')).toBe('v1');
    expect(await get('b')).toBe('v4');
  });

  it('holds what a naive list of the last used would hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 30 }),
        async (maxEntries, keys) => {
          const { get, policy, load } = numbered({ maxEntries });
          let used: number[] = [];
          for (const key of keys) {
            const before = load.mock.calls.length;
            await get(key);
            expect(load.mock.calls.length > before).toBe(!used.includes(key));
            used = [...used.filter((other) => other !== key), key].slice(-maxEntries);
            expect(policy.snapshot()['entries']).toBe(used.length);
          }
        },
      ),
    );
  });

  it('is forgotten by key, and altogether', async () => {
    const { get, policy } = numbered();
    await get('a', 1);
    await get('b', 1);
    policy.invalidate('a', 1);
    expect(await get('b', 1)).toBe('v2');
    expect(await get('a', 1)).toBe('v3');
    policy.clear();
    expect(await get('b', 1)).toBe('v4');
    expect(policy.snapshot()).toMatchObject({ entries: 1 });
  });

  it('does not keep what was under way when it was invalidated: it may be from before the write', async () => {
    const { get, policy, next } = numbered();
    const slow = promised<string>();
    next.push(() => slow.promise);
    const before = get('a');
    await Promise.resolve();
    policy.invalidate('a');
    // Who asks after the write gets what is read after it.
    const after = get('a');
    slow.resolve('old');
    expect(await before).toBe('old');
    expect(await after).toBe('v2');
    expect(await get('a')).toBe('v2');
  });

  it('does not keep an old answer that arrives after the new one', async () => {
    const { get, policy, next } = numbered();
    const slow = promised<string>();
    next.push(() => slow.promise);
    const before = get('a');
    await Promise.resolve();
    policy.clear();
    expect(await get('a')).toBe('v2');
    slow.resolve('old');
    await before;
    expect(await get('a')).toBe('v2');
  });

  it('of one object is not shared with another: two tenants never see each other', async () => {
    const policy = cached({ ttl: 100, clock: new ManualClock() });
    class Repository {
      declare find: (id: number) => Promise<string>;
      constructor(readonly tenant: string) {}
    }
    Repository.prototype.find = guard(async function (this: Repository, id: number) {
      return `${this.tenant}${id}`;
    }, policy);
    const [a, b] = [new Repository('a'), new Repository('b')];
    expect(await Promise.all([a.find(1), b.find(1)])).toEqual(['a1', 'b1']);
    expect(await Promise.all([a.find(1), b.find(1)])).toEqual(['a1', 'b1']);
    expect(policy.snapshot()).toMatchObject({ entries: 2, hits: 2, joined: 0 });
  });

  it('is shared by all objects with scope "class"', async () => {
    const policy = cached({ ttl: 100, scope: 'class', clock: new ManualClock() });
    let calls = 0;
    const count = guard(async function (this: unknown) {
      return ++calls;
    }, policy);
    expect(await count.call({})).toBe(1);
    expect(await count.call({})).toBe(1);
  });

  it('of one function is not shared with another under the same policy', async () => {
    const policy = cached({ ttl: 100, clock: new ManualClock() });
    const one = guard(async (_id: number) => 'one', policy);
    const two = guard(async (_id: number) => 'two', policy);
    expect([await one(1), await two(1)]).toEqual(['one', 'two']);
  });

  it('is invalidated for all objects at once', async () => {
    const policy = cached({ ttl: 100, clock: new ManualClock() });
    let calls = 0;
    const count = guard(async function (this: unknown, _id: number) {
      return ++calls;
    }, policy);
    const [a, b] = [{}, {}];
    await count.call(a, 1);
    await count.call(b, 1);
    policy.invalidate(1);
    expect(await count.call(a, 1)).toBe(3);
    expect(await count.call(b, 1)).toBe(4);
  });
});

describe('callers who ask for the same thing at once', () => {
  it('share one call, and its failure', async () => {
    const { get, load, next, policy } = numbered();
    expect(await Promise.all([get(1), get(1), get(1), get(2)])).toEqual(['v1', 'v1', 'v1', 'v2']);
    expect(load).toHaveBeenCalledTimes(2);
    expect(policy.snapshot()).toMatchObject({ misses: 2, joined: 2 });
    next.push(() => Promise.reject(new Error('down')));
    const failures = await Promise.allSettled([get(3), get(3)]);
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(load).toHaveBeenCalledTimes(3);
  });

  it('are not disturbed when one of them aborts, even the one who came first', async () => {
    const { call, runs } = manual();
    const [first, second] = [new AbortController(), new AbortController()];
    const calls = [call(first.signal), call(second.signal)];
    await Promise.resolve();
    first.abort('not I');
    await expect(calls[0]).rejects.toBe('not I');
    expect(runs[0]!.signal.aborted).toBe(false);
    runs[0]!.resolve('shared');
    expect(await calls[1]).toBe('shared');
    second.abort('too late');
    expect(runs[0]!.signal.aborted).toBe(false);
    expect(await call()).toBe('shared');
  });

  it('cancel the work when the last of them has left, and who comes later starts anew', async () => {
    const { call, runs, policy } = manual();
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) => call(signal));
    await Promise.resolve();
    controllers[1]!.abort('b');
    controllers[0]!.abort('a');
    expect(runs[0]!.signal.reason).toBe('a');
    // Even in the same turn: the reason of the others is not this caller's.
    const later = call();
    await expect(calls[0]).rejects.toBe('a');
    await expect(calls[1]).rejects.toBe('b');
    expect(runs).toHaveLength(2);
    // The answer to the cancelled work must not be kept.
    runs[0]!.resolve('abandoned');
    runs[1]!.resolve('new');
    expect(await later).toBe('new');
    expect(await call()).toBe('new');
    expect(policy.snapshot()).toMatchObject({ entries: 1 });
  });

  it('do not start the work when all of them abort in the turn in which they came', async () => {
    const { call, runs } = manual();
    const controller = new AbortController();
    const only = call(controller.signal);
    controller.abort('never mind');
    await expect(only).rejects.toBe('never mind');
    await new ManualClock().advance(0);
    expect(runs).toHaveLength(0);
  });

  it('are all answered by work that a caller without a signal waits for', async () => {
    const { call, runs } = manual();
    const controller = new AbortController();
    const calls = [call(), call(controller.signal)];
    await Promise.resolve();
    controller.abort();
    await expect(calls[1]).rejects.toThrow();
    expect(runs[0]!.signal.aborted).toBe(false);
    runs[0]!.resolve('x');
    expect(await calls[0]).toBe('x');
  });

  it('each keep to their own timeout outside of the cache', async () => {
    const clock = new ManualClock();
    const policy = cached({ ttl: 100, clock });
    const slow = promised<string>();
    const load = vi.fn((_id: number) => slow.promise);
    const hasty = guard(load, timeout({ duration: 10, clock }), policy);
    const patient = guard(load, policy);
    const calls = [hasty(1), patient(1)];
    const refused = expect(calls[0]).rejects.toThrow('timed out after 10 ms');
    await clock.advance(10);
    await refused;
    slow.resolve('late');
    expect(await calls[1]).toBe('late');
    expect(load).toHaveBeenCalledTimes(1);
  });
});

describe('stale-while-revalidate', () => {
  it('answers the stale result at once and fetches a new one, once', async () => {
    const { clock, get, load, policy } = numbered({ staleWhileRevalidate: 50 });
    await get();
    await clock.advance(120);
    expect(await Promise.all([get(), get()])).toEqual(['v1', 'v1']);
    await clock.advance(0);
    expect(load).toHaveBeenCalledTimes(2);
    expect(await get()).toBe('v2');
    expect(policy.snapshot()).toMatchObject({ stale: 2, hits: 1 });
  });

  it('ends when its time is over', async () => {
    const { clock, get } = numbered({ staleWhileRevalidate: 50 });
    await get();
    await clock.advance(150);
    expect(await get()).toBe('v2');
  });

  it('keeps the stale result when the new fetch fails, and says so', async () => {
    const { clock, get, next } = numbered({ staleWhileRevalidate: 50, name: 'prices' });
    const events: HoldfastEvent[] = [];
    const listener = (event: unknown): void => void events.push(event as HoldfastEvent);
    subscribe('holdfast:cached', listener);
    await get();
    await clock.advance(110);
    const error = new Error('down');
    next.push(() => Promise.reject(error));
    expect(await get()).toBe('v1');
    await clock.advance(0);
    expect(events.at(-1)).toEqual({ type: 'revalidation-failed', policy: 'prices', key: '', error });
    expect(await get()).toBe('v1');
    unsubscribe('holdfast:cached', listener);
  });

  it('goes on when the caller who set it off aborts', async () => {
    const { call, runs, clock } = manual({ staleWhileRevalidate: 50 });
    const first = call();
    await Promise.resolve();
    runs[0]!.resolve('old');
    await first;
    await clock.advance(110);
    const controller = new AbortController();
    expect(await call(controller.signal)).toBe('old');
    controller.abort();
    expect(runs[1]!.signal.aborted).toBe(false);
    runs[1]!.resolve('new');
    await clock.advance(0);
    expect(await call()).toBe('new');
  });

  it('ends the stale result when the new fetch says that there is none', async () => {
    const { clock, get, next } = numbered({ staleWhileRevalidate: 50 });
    await get();
    await clock.advance(110);
    next.push(() => Promise.reject(http(404)));
    expect(await get()).toBe('v1');
    await clock.advance(0);
    // Once what had been deleted was answered until the whole time was over.
    expect(await get()).toBe('v3');
  });

  it('a fetch in the background that hangs does not block its key for ever', async () => {
    const { call, runs, clock } = manual({ staleWhileRevalidate: 50 });
    const first = call();
    await Promise.resolve();
    runs[0]!.resolve('old');
    await first;
    await clock.advance(110);
    await call();
    await clock.advance(50);
    // Who comes after the time joins it, has a timeout of its own, and is the last to leave.
    const controller = new AbortController();
    const joined = call(controller.signal);
    controller.abort('timed out');
    await expect(joined).rejects.toBe('timed out');
    expect(runs[1]!.signal.aborted).toBe(true);
    const anew = call();
    await Promise.resolve();
    runs[2]!.resolve('new');
    expect(await anew).toBe('new');
  });
});

describe('stale-if-error', () => {
  it('answers the stale result when the fetch fails, until its time is over', async () => {
    const { clock, get, next, policy } = numbered({ staleIfError: 50 });
    await get();
    await clock.advance(149);
    next.push(() => Promise.reject(http(503)));
    expect(await get()).toBe('v1');
    expect(policy.snapshot()).toMatchObject({ stale: 1 });
    await clock.advance(1);
    next.push(() => Promise.reject(http(503)));
    await expect(get()).rejects.toThrow('HTTP 503');
  });

  it('answers the new result when the fetch succeeds', async () => {
    const { clock, get } = numbered({ staleIfError: 50 });
    await get();
    await clock.advance(110);
    expect(await get()).toBe('v2');
  });

  it('does not cover up a wrong request, a bug, or an abort', async () => {
    const { clock, get, next } = numbered({ staleIfError: 500 });
    await get();
    await clock.advance(110);
    next.push(
      () => Promise.reject(new TypeError('x is not a function')),
      () => Promise.reject(http(404)),
    );
    await expect(get()).rejects.toThrow('not a function');
    await expect(get()).rejects.toThrow('HTTP 404');

    const aborting = manual({ staleIfError: 500 });
    const first = aborting.call();
    await Promise.resolve();
    aborting.runs[0]!.resolve('old');
    await first;
    await aborting.clock.advance(110);
    const controller = new AbortController();
    const call = aborting.call(controller.signal);
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
  });
});

describe('the negative time to live', () => {
  it('bounds how long null and undefined are remembered', async () => {
    for (const none of [null, undefined]) {
      const { clock, get, next, load } = numbered({ negativeTtl: 10 });
      next.push(() => none);
      expect(await get()).toBe(none);
      await clock.advance(9);
      expect(await get()).toBe(none);
      expect(load).toHaveBeenCalledTimes(1);
      await clock.advance(1);
      expect(await get()).toBe('v2');
    }
  });

  it('makes a 4xx be remembered, as the error that it was', async () => {
    const { clock, get, next, load } = numbered({ negativeTtl: 10 });
    const gone = http(404);
    next.push(() => Promise.reject(gone));
    await expect(get()).rejects.toBe(gone);
    await expect(get()).rejects.toBe(gone);
    expect(load).toHaveBeenCalledTimes(1);
    await clock.advance(10);
    expect(await get()).toBe('v2');
  });

  it('does not make what may pass be remembered: a 429, a 503, a bug', async () => {
    for (const error of [http(429), http(503), new TypeError('bug')]) {
      const { get, next } = numbered({ negativeTtl: 10 });
      next.push(() => Promise.reject(error));
      await expect(get()).rejects.toBe(error);
      expect(await get()).toBe('v2');
    }
  });

  it('of 0 remembers no null; without one a null is a result as any other', async () => {
    const never = numbered({ negativeTtl: 0 });
    never.next.push(() => null);
    expect(await never.get()).toBeNull();
    expect(await never.get()).toBe('v2');
    const usual = numbered();
    usual.next.push(() => null);
    expect(await usual.get()).toBeNull();
    await usual.clock.advance(99);
    expect(await usual.get()).toBeNull();
  });

  it('of 0 also ends a stale result that has become null', async () => {
    const { clock, get, next } = numbered({ negativeTtl: 0, staleWhileRevalidate: 50 });
    await get();
    await clock.advance(110);
    next.push(() => null);
    expect(await get()).toBe('v1');
    await clock.advance(0);
    expect(await get()).toBe('v3');
  });
});

describe('a store', () => {
  afterEach(() => vi.useRealTimers());

  /** The times in a store are wall time: the system's clock is the one that moves. */
  function stored(options: Partial<CachedOptions> = {}) {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
    const entries = new Map<string, CacheEntry>();
    const store = {
      get: vi.fn(async (key: string) => entries.get(key)),
      set: vi.fn(async (key: string, entry: CacheEntry, _timeToLive: number) => void entries.set(key, entry)),
      delete: vi.fn(async (key: string) => void entries.delete(key)),
    } satisfies CacheStore;
    const rest = numbered({ key: (id: number) => `id-${id}`, name: 'users', store, ...options });
    return {
      ...rest,
      entries,
      store,
      wait: (ms: number) => vi.setSystemTime(Date.now() + ms),
      settle: () => rest.clock.advance(0),
    };
  }

  it('keeps results under the name and the key, with their times', async () => {
    const { get, store, entries, load } = stored({ staleWhileRevalidate: 50, staleIfError: 70 });
    expect(await get(1)).toBe('v1');
    expect(store.set).toHaveBeenCalledWith(
      'users:id-1',
      { value: 'v1', storedAt: 1_000_000, freshUntil: 1_000_100 },
      170,
    );
    expect(await get(1)).toBe('v1');
    expect(load).toHaveBeenCalledTimes(1);
    expect(entries.size).toBe(1);
  });

  it('expires results by wall time', async () => {
    const { get, wait } = stored();
    await get(1);
    wait(99);
    expect(await get(1)).toBe('v1');
    wait(1);
    expect(await get(1)).toBe('v2');
  });

  it('that is down is a miss, never a failure', async () => {
    const { get, store, policy } = stored();
    store.get.mockRejectedValue(new Error('no connection'));
    store.set.mockImplementation(() => {
      throw new Error('no connection');
    });
    expect(await get(1)).toBe('v1');
    expect(await get(1)).toBe('v2');
    expect(policy.snapshot()).toMatchObject({ storeFailures: 4 });
  });

  it('that is down does not let a stampede through', async () => {
    const { get, store, load } = stored();
    store.get.mockRejectedValue(new Error('no connection'));
    expect(await Promise.all([get(1), get(1), get(1)])).toEqual(['v1', 'v1', 'v1']);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('answers the stale result and renews it once, however many ask meanwhile', async () => {
    const { get, wait, load, next, settle } = stored({ staleWhileRevalidate: 50 });
    await get(1);
    wait(110);
    const slow = promised<string>();
    next.push(() => slow.promise);
    // Once each of these started a fetch of its own, as the one before had already been answered.
    expect(await get(1)).toBe('v1');
    expect(await get(1)).toBe('v1');
    expect(await get(1)).toBe('v1');
    expect(load).toHaveBeenCalledTimes(2);
    slow.resolve('new');
    await settle();
    expect(await get(1)).toBe('new');
  });

  it('does not keep a renewal that was under way when its key was invalidated', async () => {
    const { get, wait, next, settle, policy } = stored({ staleWhileRevalidate: 50 });
    await get(1);
    wait(110);
    const slow = promised<string>();
    next.push(() => slow.promise);
    await get(1);
    policy.invalidate(1);
    slow.resolve('from before the write');
    await settle();
    expect(await get(1)).toBe('v3');
  });

  it('forgets an invalidated key, and does not keep what was under way', async () => {
    const { get, policy, store, next, settle } = stored();
    await get(1);
    policy.invalidate(1);
    expect(store.delete).toHaveBeenCalledWith('users:id-1');
    await settle();
    const slow = promised<string>();
    next.push(() => slow.promise);
    const before = get(1);
    await settle();
    policy.invalidate(1);
    slow.resolve('old');
    expect(await before).toBe('old');
    expect(await get(1)).toBe('v3');
  });

  it('helps out when the fetch fails, but not when the request is wrong', async () => {
    const { get, wait, next } = stored({ staleIfError: 50 });
    await get(1);
    wait(110);
    next.push(
      () => Promise.reject(http(503)),
      () => Promise.reject(http(404)),
    );
    expect(await get(1)).toBe('v1');
    await expect(get(1)).rejects.toThrow('HTTP 404');
  });

  it('keeps a null for the negative time to live', async () => {
    const { get, next, store } = stored({ negativeTtl: 10 });
    next.push(() => null);
    expect(await get(1)).toBeNull();
    expect(store.set.mock.lastCall?.[2]).toBe(10);
  });

  it('is shared by all objects', async () => {
    const { get } = stored();
    expect(await get.call({} as never, 1)).toBe('v1');
    expect(await get.call({} as never, 1)).toBe('v1');
  });
});

describe('the options of a cache', () => {
  it('may be the time to live alone', () => {
    expect(cached(100)).toMatchObject({ kind: 'cached', name: 'cached' });
  });

  it.each<[unknown, new () => Error, string]>([
    [{}, TypeError, 'cached: ttl is missing; it must be a number of milliseconds above 0, or Infinity'],
    [0, RangeError, 'cached: ttl must be a number of milliseconds above 0, or Infinity, got 0'],
    [NaN, RangeError, 'cached: ttl must be a number of milliseconds above 0, or Infinity, got NaN'],
    [{ ttl: '1s' }, TypeError, 'cached: ttl must be a number of milliseconds above 0, or Infinity, got "1s"'],
    [null, TypeError, 'cached: options must be an object, got null'],
    [{ ttl: 1, jitter: 2 }, RangeError, 'cached: jitter must be a number from 0 to 1, got 2'],
    [
      { ttl: 1, maxEntries: 0 },
      RangeError,
      'cached: maxEntries must be a whole number of at least 1, or Infinity, got 0',
    ],
    [
      { ttl: 1, staleIfError: -1 },
      RangeError,
      'cached: staleIfError must be a number of milliseconds, 0 or more and finite, got -1',
    ],
    [{ ttl: 1, scope: 'method' }, RangeError, 'cached: scope must be one of "instance", "class", got "method"'],
    [{ ttl: 1, ttI: 1 }, TypeError, 'cached: unknown option "ttI", did you mean "ttl"?'],
    [{ ttl: 1, store: new Map() }, TypeError, 'cached: a store needs a key, so that what is stored can be found again'],
    [
      { ttl: 1, store: new Map(), key: () => '', scope: 'instance' },
      RangeError,
      'cached: scope must be "class" with a store, which knows no instances, got "instance"',
    ],
  ])('%j are refused', (options, type, message) => {
    const make = (): CachedPolicy => cached(options as CachedOptions);
    expect(make).toThrow(type);
    expect(make).toThrow(message);
  });
});
