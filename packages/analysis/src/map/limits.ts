import type { PolicyKind } from '../catalogue/catalogue.js';

/** An upper bound: `Infinity` where nothing bounds it, `undefined` where that cannot be told. */
export type Limit = number | undefined;

/** What the settings of one policy say about time and repetition, as far as the code says them. Durations are in ms. */
export interface PolicyLimits {
  readonly kind: PolicyKind;
  /** After how long a timeout ends what it guards, whatever that does: not a cooperative one, which may wait. */
  readonly timeout?: Limit;
  /** How often a retry or a hedge runs the operation at most, the first time included. */
  readonly attempts?: Limit;
  /** The most that a retry waits between its attempts, all delays together. */
  readonly backoff?: Limit;
  /** The same when every failure carries a `Retry-After`, which a retry honours up to its `maxDelay`. */
  readonly backoffAfterAsking?: Limit;
  /** No retry begins later than this after the call did. */
  readonly maxElapsed?: Limit;
  /** How long it may take a bulkhead or a rate limit to let a call in. */
  readonly wait?: Limit;
  /** How long a hedge waits for an answer before it asks again. */
  readonly delay?: Limit;
  /** Something else is run in place of a failed operation. */
  readonly runsMore?: boolean;
}

/** Whether failures ask for a later retry (`Retry-After`). */
export interface Circumstances {
  readonly isAskedToWait: boolean;
}

/** The longest that an operation takes under a policy, given the longest that it takes alone. */
export function timeUnder(policy: PolicyLimits, alone: Limit, circumstances: Circumstances): Limit {
  const { attempts, wait } = policy;
  switch (policy.kind) {
    case 'timeout':
      if (policy.timeout !== undefined) return Math.min(policy.timeout, alone ?? Infinity);
      // It ends some time, and not later than without.
      return alone === Infinity ? undefined : alone;
    case 'retry': {
      const backoff = circumstances.isAskedToWait ? policy.backoffAfterAsking : policy.backoff;
      return least(plus(times(attempts, alone), backoff), plus(policy.maxElapsed ?? Infinity, alone));
    }
    case 'hedge':
      // A copy starts when the one before is late, or has failed.
      return plus(alone, times(attempts && attempts - 1, least(policy.delay, alone)));
    case 'bulkhead':
    case 'rate-limit':
      return plus(wait, alone);
    case 'circuit-breaker':
      return alone;
    case 'cached':
    case 'fallback':
      return policy.runsMore ? plus(alone, undefined) : alone;
    case 'guard':
      return undefined;
  }
}

/** How often an operation runs at most when the policy around it is asked once. */
export function attemptsUnder({ kind, attempts }: PolicyLimits): Limit {
  if (kind === 'guard') return undefined;
  return kind === 'retry' || kind === 'hedge' ? attempts : 1;
}

/** One after the other. What has no end stays so, whatever else is unknown. */
export function plus(a: Limit, b: Limit): Limit {
  if (a === Infinity || b === Infinity) return Infinity;
  return a === undefined || b === undefined ? undefined : a + b;
}

export function times(a: Limit, b: Limit): Limit {
  if (a === 0 || b === 0) return 0;
  if (a === Infinity || b === Infinity) return Infinity;
  return a === undefined || b === undefined ? undefined : a * b;
}

/** One or the other. */
export function most(a: Limit, b: Limit): Limit {
  if (a === Infinity || b === Infinity) return Infinity;
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

/** Two bounds of the same thing: the lower one that is known. */
function least(a: Limit, b: Limit): Limit {
  if (a === undefined || b === undefined) return known(a ?? b);
  return Math.min(a, b);
}

/** Beside a bound that cannot be read, "without end" says nothing. */
function known(limit: Limit): Limit {
  return limit === Infinity ? undefined : limit;
}
