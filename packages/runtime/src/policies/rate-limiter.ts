import type { Clock, Timer } from '../clock.js';
import { RateLimitedError, withoutStack } from '../errors.js';
import { show } from '../options.js';
import type { Waiter } from './permits.js';

/** Decides when the next call may go, without touching time or promises. All times in ms on one clock. */
export interface Limiter {
  /** Takes one place, now or up to `maxWait` ms later; returns the wait, or how long to stay away as a negative number. */
  take(now: number, maxWait: number): number;
  /** Nothing is remembered that a fresh limiter would not know. */
  isIdle(now: number): boolean;
}

/**
 * Token bucket as one number (generic cell rate algorithm): the time at which the bucket will be full again.
 *
 * @see ITU-T I.371, generic cell rate algorithm
 */
export class TokenBucket implements Limiter {
  private fullAt = -Infinity;
  private readonly spacing: number;
  private readonly tolerance: number;

  constructor(limit: number, interval: number, burst: number) {
    this.spacing = interval / limit;
    this.tolerance = this.spacing * (burst - 1);
  }

  take(now: number, maxWait: number): number {
    const start = Math.max(this.fullAt, now);
    const wait = start - this.tolerance - now;
    // Sums of fractions of a ms are not exact: a billionth of one is no wait.
    if (wait > maxWait + 1e-6) return -(wait - maxWait);
    this.fullAt = start + this.spacing;
    return wait > 1e-6 ? wait : 0;
  }

  isIdle(now: number): boolean {
    return this.fullAt <= now;
  }
}

/** At most `limit` in any stretch of `interval`: remembers the time of each of the last `limit` calls. */
export class SlidingWindow implements Limiter {
  private readonly times: Float64Array;
  private readonly interval: number;
  private next = 0;

  constructor(limit: number, interval: number) {
    this.times = new Float64Array(limit).fill(-Infinity);
    this.interval = interval;
  }

  take(now: number, maxWait: number): number {
    const wait = Math.max(0, this.times[this.next]! + this.interval - now);
    if (wait > maxWait) return -(wait - maxWait);
    this.times[this.next] = now + wait;
    this.next = (this.next + 1) % this.times.length;
    return wait;
  }

  isIdle(now: number): boolean {
    const latest = this.times[(this.next + this.times.length - 1) % this.times.length]!;
    return latest + this.interval <= now;
  }
}

/** Limiters kept for keys; idle ones that were not used for long go first. */
const KEPT_KEYS = 10_000;
/** How many are looked at for an idle one. */
const LOOKS = 16;

/** The limiters of one policy, one per key, and the waits for them. */
export class RateLimiter {
  private readonly single: Limiter | undefined;
  private readonly limiters = new Map<string, Limiter>();
  private readonly name: string;
  private readonly make: () => Limiter;
  private readonly key: ((...args: never[]) => string) | undefined;
  private readonly maxWait: number;
  private readonly clock: Clock;
  private readonly onRejected: (retryAfter: number) => void;

  constructor(options: {
    name: string;
    make: () => Limiter;
    key: ((...args: never[]) => string) | undefined;
    maxWait: number;
    clock: Clock;
    onRejected: (retryAfter: number) => void;
  }) {
    this.name = options.name;
    this.make = options.make;
    this.key = options.key;
    this.maxWait = options.maxWait;
    this.clock = options.clock;
    this.onRejected = options.onRejected;
    this.single = this.key ? undefined : this.make();
  }

  get keys(): number {
    return this.limiters.size;
  }

  /**
   * Takes one place and returns how long to wait for it, in ms.
   *
   * @throws {RateLimitedError} When the wait would be longer than allowed.
   */
  take(self: unknown, args: readonly unknown[] | undefined): number {
    const now = this.clock.now();
    const limiter = this.single ?? this.limiterFor(this.keyOf(self, args), now);
    const wait = limiter.take(now, this.maxWait);
    if (wait >= 0) return wait;
    this.onRejected(-wait);
    throw withoutStack(() => new RateLimitedError({ policy: this.name, retryAfter: -wait }));
  }

  /** Waits for a place that was taken. Who leaves does not give it back: others have already been told when to come. */
  wait(ms: number): Waiter {
    let timer: Timer | undefined;
    const granted = new Promise<void>((resolve) => {
      // Work is still owed, so the process waits for it.
      timer = this.clock.setTimer(resolve, ms, { keepAlive: true });
    });
    return { granted, leave: () => timer!.cancel(), giveBack() {} };
  }

  /** @throws {TypeError} For a key that is missing: different callers would silently share one limit. */
  private keyOf(self: unknown, args: readonly unknown[] | undefined): string {
    const key: unknown = this.key!.apply(self, (args ?? []) as never[]);
    if (key !== undefined && key !== null) return String(key);
    throw new TypeError(`${this.name}: key must return a string, got ${show(key)}`);
  }

  private limiterFor(key: string, now: number): Limiter {
    const { limiters } = this;
    let limiter = limiters.get(key);
    // A map keeps the order of insertion: inserted again at each use, it keeps the order of use.
    if (limiter) limiters.delete(key);
    else {
      if (limiters.size >= KEPT_KEYS) this.forgetOne(now);
      limiter = this.make();
    }
    limiters.set(key, limiter);
    return limiter;
  }

  /** Forgets an idle one among those longest unused, or the one that is; so a flood of keys costs each of them the same. */
  private forgetOne(now: number): void {
    let looks = LOOKS;
    for (const [key, limiter] of this.limiters) {
      if (limiter.isIdle(now)) return void this.limiters.delete(key);
      if (--looks === 0) break;
    }
    this.limiters.delete(this.limiters.keys().next().value!);
  }
}
