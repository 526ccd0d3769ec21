import type { Channel } from 'node:diagnostics_channel';
import { systemClock, type Clock } from '../clock.js';
import type { ParentContext } from '../engine/operation-context.js';
import { channelOf } from '../events.js';
import {
  aClock,
  aDelay,
  aDurationOrNever,
  aFunction,
  aShare,
  aString,
  anObject,
  aWholeNumberOrInfinity,
  checkOptions,
  oneOf,
  type OptionChecks,
} from '../options.js';
import { isPermanent, isProgrammingError } from '../outcome.js';
import { LiveSet } from '../live-set.js';
import { definePolicy, type BuiltInPolicy, type Callable, type Runner } from '../policy.js';
import { keyOfArguments } from './cache-key.js';
import { Flight, type Work } from './flight.js';

/** A result as a store keeps it. Times are wall clock, in ms since 1970: a store outlives the process. */
export interface CacheEntry {
  value: unknown;
  storedAt: number;
  /** Until when it may be answered without asking. */
  freshUntil: number;
}

/** Where results are kept when not in memory. Whatever it throws is a miss. */
export interface CacheStore {
  get(key: string): Promise<CacheEntry | undefined> | CacheEntry | undefined;
  /** @param timeToLive How long the entry is of any use, in ms. */
  set(key: string, entry: CacheEntry, timeToLive: number): Promise<unknown> | unknown;
  delete(key: string): Promise<unknown> | unknown;
}

export interface CachedOptions {
  /** How long a result is fresh, in ms; `Infinity` for ever. */
  ttl: number;
  /**
   * One string per result, from the arguments; undefined for a call that is not to be cached. By default made from their data; arguments that
   * are not plain data are not cached.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the arguments are the method's business
  key?: (...args: any[]) => string | undefined;
  /** How long after `ttl` the stale result is answered while a new one is fetched, in ms. */
  staleWhileRevalidate?: number;
  /** How long after `ttl` the stale result is answered when fetching a new one fails, in ms; not when there is no such thing (a 4xx) or by a bug. */
  staleIfError?: number;
  /** How long "there is none" is remembered, in ms: a result of null or undefined, or a 4xx. By default nulls as any result, 4xx never. */
  negativeTtl?: number;
  /** Results kept in memory per method and object; 1000 by default, least recently used ones go first. */
  maxEntries?: number;
  /** By which share `ttl` is shortened at random, so that what was fetched together does not expire together; 0 by default. */
  jitter?: number;
  /** Keeps results elsewhere than in memory. Needs `key` (and a `name` of its own where the store is shared). */
  store?: CacheStore;
  /** What shares results of a method: the calls on one object (`instance`, the default in memory) or of all objects (`class`). */
  scope?: 'instance' | 'class';
  name?: string;
  clock?: Clock;
  /** From 0 to below 1; `Math.random` by default. */
  random?: () => number;
}

const checks: OptionChecks<CachedOptions> = {
  ttl: aDurationOrNever,
  key: aFunction,
  staleWhileRevalidate: aDelay,
  staleIfError: aDelay,
  negativeTtl: aDelay,
  maxEntries: aWholeNumberOrInfinity(1),
  jitter: aShare,
  store: anObject,
  scope: oneOf('instance', 'class'),
  name: aString,
  clock: aClock,
  random: aFunction,
};

export interface CachedPolicy extends BuiltInPolicy {
  readonly kind: 'cached';
  /** Forgets the results with this key, as `key` (or, without one, the call with exactly these arguments) made it. */
  invalidate(...args: unknown[]): void;
  /** Forgets everything in memory. */
  clear(): void;
}

/**
 * Answers again what was answered before, and lets callers who ask for the same thing at the same time share one call.
 *
 * A caller's abort ends only its own wait; the shared work is aborted when the last one has left. Results are handed out as they are,
 * not copied. Transient failures are never kept. Expiry needs no timers.
 *
 * @throws {TypeError | RangeError} When created with options that cannot work.
 * @see RFC 5861, `stale-while-revalidate` and `stale-if-error`
 */
export function cached(options: CachedOptions | number): CachedPolicy {
  const settings: CachedOptions = typeof options === 'number' ? { ttl: options } : options;
  checkOptions('cached', settings, checks);
  if (settings.ttl === undefined)
    throw new TypeError('cached: ttl is missing; it must be a number of milliseconds above 0, or Infinity');
  if (settings.store && !settings.key)
    throw new TypeError('cached: a store needs a key, so that what is stored can be found again');
  if (settings.store && settings.scope === 'instance')
    throw new RangeError('cached: scope must be "class" with a store, which knows no instances, got "instance"');
  const name = settings.name ?? 'cached';
  const cache = new Cache(name, settings);
  return definePolicy(
    { kind: 'cached', name, internals: { wrap: (inner) => cache.around(inner) }, snapshot: () => cache.facts() },
    { invalidate: (...args: unknown[]) => cache.invalidate(args), clear: () => cache.clear() },
  ) as CachedPolicy;
}

/** What is remembered of one key: a result, or the error that says there is none. */
interface Remembered {
  readonly value: unknown;
  readonly isError: boolean;
  readonly freshUntil: number;
}

/** Results and calls under way that belong together: those of one function and, by scope, one object. */
class Space {
  /** In the order of use. */
  readonly results = new Map<string, Remembered>();
  readonly flights = new Map<string, Flight>();

  /** The call under way whose result will be good. */
  current(key: string): Flight | undefined {
    const flight = this.flights.get(key);
    return flight?.isOutdated ? undefined : flight;
  }

  start(key: string, work: Work): Flight {
    const flight = new Flight();
    this.flights.set(key, flight);
    flight.start(work, () => {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    });
    return flight;
  }
}

class Cache {
  private readonly name: string;
  private readonly settings: CachedOptions;
  private readonly clock: Clock;
  private readonly channel: Channel = channelOf('cached');
  private readonly common = new Space();
  /** Fetches of stale results of a store that go on after their callers have been answered. */
  private readonly renewals = new Space();
  private spaces = new WeakMap<object, WeakMap<object, Space>>();
  private readonly live = new LiveSet<Space>();
  private readonly counters = { hits: 0, misses: 0, stale: 0, joined: 0, evictions: 0, storeFailures: 0 };

  constructor(name: string, settings: CachedOptions) {
    this.name = name;
    this.settings = settings;
    this.clock = settings.clock ?? systemClock;
    this.live.add(this.common);
    this.live.add(this.renewals);
  }

  around(inner: Runner): Runner {
    return (fn, self, args, parent) => {
      let key: string | undefined;
      try {
        key = this.keyFor(self, args);
      } catch (error) {
        return Promise.reject(error);
      }
      if (key === undefined) {
        this.publish('uncacheable', undefined);
        return inner(fn, self, args, parent);
      }
      if (parent?.isAborted) return Promise.reject(parent.reason);
      const space = this.spaceFor(fn, self, args);
      const work = (context: ParentContext): Promise<unknown> => inner(fn, self, args, context);
      return this.settings.store
        ? this.join(space, key, parent, (context, flight) => this.throughStore(key, work, context, flight))
        : this.inMemory(space, key, parent, work);
    };
  }

  private keyFor(self: unknown, args: readonly unknown[] | undefined): string | undefined {
    const { key } = this.settings;
    if (key) {
      const own: unknown = key.apply(self, (args ?? []) as unknown[]);
      // A key that is missing must not become one that all of them share.
      return own === undefined || own === null ? undefined : String(own);
    }
    if (args === undefined) {
      throw new TypeError(
        `${this.name}: execute has no arguments to make a key from; give the policy a key, or use guard or @Cached`,
      );
    }
    return keyOfArguments(args);
  }

  private spaceFor(fn: Callable, self: unknown, args: readonly unknown[] | undefined): Space {
    // Through `execute` every call brings a function of its own: there the key is all there is.
    if (args === undefined || this.settings.store) return this.common;
    const isOwn =
      this.settings.scope !== 'class' && ((typeof self === 'object' && self !== null) || typeof self === 'function');
    let byOwner = this.spaces.get(fn);
    if (!byOwner) this.spaces.set(fn, (byOwner = new WeakMap()));
    const owner = isOwn ? (self as object) : fn;
    let space = byOwner.get(owner);
    if (!space) {
      byOwner.set(owner, (space = new Space()));
      this.live.add(space);
    }
    return space;
  }

  private inMemory(space: Space, key: string, parent: ParentContext | undefined, work: Work): Promise<unknown> {
    const { staleWhileRevalidate = 0, staleIfError = 0 } = this.settings;
    const known = space.results.get(key);
    const now = this.clock.now();
    if (known) {
      space.results.delete(key);
      space.results.set(key, known);
      if (now < known.freshUntil) {
        this.counters.hits++;
        this.publish('hit', key);
        return known.isError ? Promise.reject(known.value) : Promise.resolve(known.value);
      }
    }
    const fetch: Work = (context, flight) => this.fetch(space, key, work, context, flight);
    if (known && !known.isError) {
      if (now < known.freshUntil + staleWhileRevalidate) {
        this.counters.stale++;
        this.publish('stale', key);
        this.renew(space, key, fetch);
        return Promise.resolve(known.value);
      }
      if (now < known.freshUntil + staleIfError) {
        return this.join(space, key, parent, fetch).catch((error: unknown) => {
          if (parent?.isAborted || isProgrammingError(error) || isPermanent(error)) throw error;
          this.counters.stale++;
          this.publish('stale', key, { error });
          return known.value;
        });
      }
    }
    return this.join(space, key, parent, fetch);
  }

  private async fetch(space: Space, key: string, work: Work, context: ParentContext, flight: Flight): Promise<unknown> {
    this.counters.misses++;
    this.publish('miss', key);
    const { negativeTtl } = this.settings;
    try {
      const value = await work(context, flight);
      if (!flight.isOutdated)
        this.remember(
          space,
          key,
          value,
          false,
          value == null && negativeTtl !== undefined ? negativeTtl : this.timeToLive(),
        );
      return value;
    } catch (error) {
      // "There is none" also puts an end to the stale result.
      if (isPermanent(error) && !flight.isOutdated) this.remember(space, key, error, true, negativeTtl ?? 0);
      throw error;
    }
  }

  private remember(space: Space, key: string, value: unknown, isError: boolean, ttl: number): void {
    space.results.delete(key);
    if (ttl <= 0) return;
    space.results.set(key, { value, isError, freshUntil: this.clock.now() + ttl });
    if (space.results.size > (this.settings.maxEntries ?? 1_000)) {
      space.results.delete(space.results.keys().next().value!);
      this.counters.evictions++;
    }
  }

  private timeToLive(): number {
    const { ttl, jitter = 0, random = Math.random } = this.settings;
    return jitter > 0 && ttl < Infinity ? ttl * (1 - jitter * random()) : ttl;
  }

  private async throughStore(key: string, work: Work, context: ParentContext, flight: Flight): Promise<unknown> {
    const { staleWhileRevalidate = 0, staleIfError = 0 } = this.settings;
    const known = await this.askStore(() => this.settings.store!.get(`${this.name}:${key}`));
    const now = Date.now();
    if (known && now < known.freshUntil) {
      this.counters.hits++;
      this.publish('hit', key);
      return known.value;
    }
    this.counters.misses++;
    this.publish('miss', key);
    if (known && now < known.freshUntil + staleWhileRevalidate) {
      this.counters.stale++;
      this.publish('stale', key);
      this.renew(this.renewals, key, (ownContext, own) => this.fetchToStore(key, work, ownContext, own));
      return known.value;
    }
    try {
      return await this.fetchToStore(key, work, context, flight);
    } catch (error) {
      if (
        !known ||
        now >= known.freshUntil + staleIfError ||
        context.isAborted ||
        isProgrammingError(error) ||
        isPermanent(error)
      )
        throw error;
      this.counters.stale++;
      this.publish('stale', key, { error });
      return known.value;
    }
  }

  private async fetchToStore(key: string, work: Work, context: ParentContext, flight: Flight): Promise<unknown> {
    const { negativeTtl, staleWhileRevalidate = 0, staleIfError = 0 } = this.settings;
    const store = this.settings.store!;
    const storeKey = `${this.name}:${key}`;
    try {
      const value = await work(context, flight);
      const ttl = value == null && negativeTtl !== undefined ? negativeTtl : this.timeToLive();
      if (!flight.isOutdated) {
        const storedAt = Date.now();
        const entry: CacheEntry = { value, storedAt, freshUntil: storedAt + ttl };
        await this.askStore(() =>
          ttl > 0
            ? store.set(storeKey, entry, ttl + Math.max(staleWhileRevalidate, staleIfError))
            : store.delete(storeKey),
        );
      }
      return value;
    } catch (error) {
      if (isPermanent(error) && !flight.isOutdated) await this.askStore(() => store.delete(storeKey));
      throw error;
    }
  }

  /** A store that is down must not take the operation down with it. */
  private async askStore<T>(ask: () => Promise<T> | T): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      this.counters.storeFailures++;
      this.publish('store-failed', undefined, { error });
      return undefined;
    }
  }

  /** Takes part in the call under way for this key, or starts it. */
  private join(space: Space, key: string, parent: ParentContext | undefined, work: Work): Promise<unknown> {
    const current = space.current(key);
    if (current) this.counters.joined++;
    return (current ?? space.start(key, work)).join(parent);
  }

  /** Fetches anew in the background, unless that is under way. */
  private renew(space: Space, key: string, work: Work): void {
    if (space.current(key)) return;
    // Nobody has joined it: if callers do later and all of them leave, it ends, so one that hangs does not block its key for ever.
    space.start(key, work).result.catch((error: unknown) => this.publish('revalidation-failed', key, { error }));
  }

  invalidate(args: readonly unknown[]): void {
    const key = this.keyFor(undefined, args);
    if (key === undefined) return;
    for (const space of this.live) forget(space, key);
    const { store } = this.settings;
    if (store) void this.askStore(() => store.delete(`${this.name}:${key}`));
  }

  clear(): void {
    for (const space of this.live)
      for (const key of [...space.results.keys(), ...space.flights.keys()]) forget(space, key);
  }

  facts(): Record<string, unknown> {
    const entries = [...this.live].reduce((total, { results }) => total + results.size, 0);
    return { entries, ...this.counters };
  }

  private publish(type: string, key: string | undefined, facts?: Record<string, unknown>): void {
    if (this.channel.hasSubscribers) this.channel.publish({ type, policy: this.name, key, ...facts });
  }
}

function forget(space: Space, key: string): void {
  space.results.delete(key);
  // What is being fetched now may have been read before the write that made it stale.
  const flight = space.flights.get(key);
  if (flight) flight.isOutdated = true;
}
