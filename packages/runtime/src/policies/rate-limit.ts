import { systemClock, type Clock } from '../clock.js';
import { RATE_LIMIT } from '../engine/layers.js';
import { channelOf } from '../events.js';
import {
  aClock,
  aDelay,
  aDuration,
  aFunction,
  aString,
  aWholeNumber,
  checkOptions,
  oneOf,
  type OptionChecks,
} from '../options.js';
import { definePolicy, type BuiltInPolicy } from '../policy.js';
import { RateLimiter, SlidingWindow, TokenBucket } from './rate-limiter.js';

export interface RateLimitOptions {
  /** How many executions may start per interval. */
  limit: number;
  /** In ms; 1000 by default. */
  interval?: number;
  /**
   * `token-bucket` (the default) spreads them evenly and lets `burst` go at once; `sliding-window` lets `limit` go at any time, but
   * never more in any stretch of one interval.
   */
  algorithm?: 'token-bucket' | 'sliding-window';
  /** How many may start at once after a pause (token bucket only); `limit` by default. */
  burst?: number;
  /** How long an execution may wait for its turn, in ms; 0 by default: refused at once. */
  maxWait?: number;
  /** From the arguments of the call; each key has a limit of its own. */
  key?: (...args: never[]) => string;
  name?: string;
  clock?: Clock;
}

const checks: OptionChecks<RateLimitOptions> = {
  limit: aWholeNumber(1),
  interval: aDuration,
  algorithm: oneOf('token-bucket', 'sliding-window'),
  burst: aWholeNumber(1),
  maxWait: aDelay,
  key: aFunction,
  name: aString,
  clock: aClock,
};

export interface RateLimitPolicy extends BuiltInPolicy {
  readonly kind: 'rate-limit';
  /**
   * Takes a place for work that is done elsewhere (a batch, a worker), for the call with these arguments. Returns how long to wait before
   * using it, in ms.
   *
   * @throws {RateLimitedError} When the wait would be longer than `maxWait`.
   */
  reserve(...args: unknown[]): number;
}

/**
 * Lets `limit` executions start per `interval`; others wait up to `maxWait` in order, or are refused.
 *
 * @throws {TypeError | RangeError} When created with options that cannot work.
 * @throws {RateLimitedError} `HOLDFAST_RATE_LIMITED`, with `retryAfter` in ms.
 */
export function rateLimit(options: RateLimitOptions | number): RateLimitPolicy {
  const settings = typeof options === 'number' ? { limit: options } : options;
  checkOptions('rateLimit', settings, checks);
  const {
    limit,
    interval = 1000,
    algorithm = 'token-bucket',
    burst = limit,
    maxWait = 0,
    key,
    name = 'rate-limit',
    clock = systemClock,
  } = settings;
  if (limit === undefined) throw new TypeError('rateLimit: limit is missing; it must be a whole number of at least 1');
  if (settings.burst !== undefined && algorithm !== 'token-bucket') {
    throw new RangeError(`rateLimit: burst belongs to the token-bucket algorithm, got algorithm "${algorithm}"`);
  }
  const channel = channelOf('rate-limit');
  let rejected = 0;
  const limiter = new RateLimiter({
    name,
    make: () =>
      algorithm === 'token-bucket' ? new TokenBucket(limit, interval, burst) : new SlidingWindow(limit, interval),
    key,
    maxWait,
    clock,
    onRejected(retryAfter) {
      rejected++;
      if (channel.hasSubscribers) channel.publish({ type: 'rejected', policy: name, retryAfter });
    },
  });
  return definePolicy(
    {
      kind: 'rate-limit',
      name,
      internals: { layer: { kind: RATE_LIMIT, limiter } },
      snapshot: () => ({ limit, interval, algorithm, rejected, ...(key ? { keys: limiter.keys } : {}) }),
    },
    { reserve: (...args: unknown[]) => limiter.take(undefined, args) },
  ) as RateLimitPolicy;
}
