import { systemClock, type Clock } from '../clock.js';
import { RETRY } from '../engine/layers.js';
import { channelOf } from '../events.js';
import {
  aClock,
  aDelay,
  aDurationOrNever,
  aFunction,
  aNumber,
  anObject,
  aString,
  aWholeNumberOrInfinity,
  checkOptions,
  checkValue,
  oneOf,
  type OptionChecks,
} from '../options.js';
import { definePolicy, type BuiltInPolicy } from '../policy.js';
import type { Growth } from './backoff.js';
import { retryBudget, type RetryBudget, type RetryBudgetOptions } from './retry-budget.js';
import { Retrying } from './retrying.js';

export interface RetryOptions {
  /** How often the operation runs at most, the first try included; 3 by default. */
  maxAttempts?: number;
  /** The delay before the first retry, in ms; 1000 by default. */
  baseDelay?: number;
  /** The longest delay, in ms; 30000 by default. A `Retry-After` beyond it ends the retries. */
  maxDelay?: number;
  /** How the delay grows; `exponential` by default. */
  backoff?: Growth;
  /** The base of exponential growth; 2 by default. */
  backoffMultiplier?: number;
  /** How the delay is spread: `full` (also `true`, the default), `equal`, `decorrelated`, or not at all (`false`). */
  jitter?: boolean | 'full' | 'equal' | 'decorrelated';
  /** No retry begins later than this after the call did, in ms. */
  maxElapsed?: number;
  /** Whether a failure is worth another try. By default: no bug, no refusal of a policy, no 4xx other than 408, 425 and 429. */
  retryIf?: (error: unknown, attempt: number) => boolean;
  /** Whether a result counts as a failure, for instance a response with status 503. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the type of the result is the operation's business
  retryOnResult?: (value: any, attempt: number) => boolean;
  /**
   * The delay before the next attempt in ms, in place of the computed one; undefined for the computed one. `waited` is what the delays
   * before it come to.
   */
  delay?: (error: unknown, attempt: number, waited: number) => number | undefined;
  /** Bounds retries to a share of the calls; one budget can be shared by several policies. */
  budget?: RetryBudget | RetryBudgetOptions;
  name?: string;
  clock?: Clock;
  /** From 0 to below 1; `Math.random` by default. */
  random?: () => number;
}

const checks: OptionChecks<RetryOptions> = {
  maxAttempts: aWholeNumberOrInfinity(1),
  baseDelay: aDelay,
  maxDelay: aDelay,
  backoff: oneOf('exponential', 'linear', 'constant', 'fibonacci'),
  backoffMultiplier: aNumber(1),
  jitter: oneOf(true, false, 'full', 'equal', 'decorrelated'),
  maxElapsed: aDurationOrNever,
  retryIf: aFunction,
  retryOnResult: aFunction,
  delay: aFunction,
  budget: anObject,
  name: aString,
  clock: aClock,
  random: aFunction,
};

export interface RetryPolicy extends BuiltInPolicy {
  readonly kind: 'retry';
}

/**
 * Runs the operation again when it fails, after a delay that grows and is spread.
 *
 * Each attempt has a signal of its own. An abort of the caller ends the back-off at once. The last error passes through untouched
 * (`attemptErrors` has those before it). The operation must be safe to repeat: a retry cannot know.
 *
 * @throws {TypeError | RangeError} When created with options that cannot work.
 * @throws {RetryBudgetExhaustedError} `HOLDFAST_RETRY_BUDGET`, when a retry was due and the budget had none left.
 */
export function retry(options: RetryOptions | number = {}): RetryPolicy {
  if (typeof options === 'number') checkValue('retry', 'maxAttempts', options, checks.maxAttempts);
  const settings: RetryOptions = typeof options === 'number' ? { maxAttempts: options } : options;
  checkOptions('retry', settings, checks);
  const { maxAttempts = 3, baseDelay = 1000, name = 'retry', clock = systemClock, jitter = true, budget } = settings;
  const maxDelay = settings.maxDelay ?? Math.max(30_000, baseDelay);
  if (baseDelay > maxDelay)
    throw new RangeError(`retry: baseDelay must be at most maxDelay (${maxDelay}), got ${baseDelay}`);
  const retrying = new Retrying({
    name,
    maxAttempts,
    maxElapsed: settings.maxElapsed ?? Infinity,
    growth: settings.backoff ?? 'exponential',
    baseDelay,
    maxDelay,
    multiplier: settings.backoffMultiplier ?? 2,
    jitter: jitter === true ? 'full' : jitter === false ? 'none' : jitter,
    random: settings.random ?? Math.random,
    retryIf: settings.retryIf,
    retryOnResult: settings.retryOnResult,
    delay: settings.delay,
    budget: budget && ('withdraw' in budget ? budget : retryBudget({ clock, ...budget })),
    clock,
    channel: channelOf('retry'),
  });
  return definePolicy({
    kind: 'retry',
    name,
    internals: { layer: { kind: RETRY, retrying } },
    snapshot: () => ({ maxAttempts, retries: retrying.retries, exhausted: retrying.exhausted }),
  }) as RetryPolicy;
}
