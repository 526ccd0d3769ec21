const kinds: unique symbol = Symbol.for('@holdfast/runtime.error-kinds') as never;

/** What an error of ours is told when it is made. */
export interface HoldfastErrorFacts {
  /** Name of the policy that gave the error. */
  policy: string;
  cause?: unknown;
}

/**
 * The root of all errors that Holdfast itself raises; the operation's own errors pass through untouched.
 *
 * `instanceof` holds across two loaded copies of the package (ESM beside CommonJS, a test runner's sandbox).
 */
export class HoldfastError extends Error {
  /** Stable identifier; part of the API. */
  readonly code: string;
  /** Name of the policy that gave the error. */
  readonly policy: string;

  constructor(code: string, message: string, { policy, cause }: HoldfastErrorFacts) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.policy = policy;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    const theirs = (value as { [kinds]?: readonly string[] } | null | undefined)?.[kinds];
    const ours = Object.hasOwn(this.prototype, kinds)
      ? (this.prototype as unknown as { [kinds]: string[] })[kinds]
      : [];
    return theirs !== undefined && ours.length > 0 && theirs.includes(ours[0]!);
  }
}

/** A policy refused to run the operation: nothing was started, nothing has to be undone. */
export class RejectionError extends HoldfastError {
  /** How long to stay away, in ms, where the policy knows. */
  readonly retryAfter: number | undefined;

  constructor(code: string, message: string, facts: HoldfastErrorFacts & { retryAfter?: number | undefined }) {
    super(code, message, facts);
    this.retryAfter = facts.retryAfter;
  }
}

/** `HOLDFAST_TIMEOUT`: the operation took longer than its budget. Also the `reason` of the signal it was given. */
export class TimeoutError extends HoldfastError {
  /** The budget that was exceeded, in ms. */
  readonly duration: number;
  /**
   * The event loop itself was blocked for half the budget or more when the time ran out, so the dependency may
   * be healthy. Circuit breakers do not count such a timeout.
   */
  readonly isLagged: boolean;

  constructor({ policy, duration, isLagged = false }: { policy: string; duration: number; isLagged?: boolean }) {
    super('HOLDFAST_TIMEOUT', `${policy}: timed out after ${duration} ms`, { policy });
    this.duration = duration;
    this.isLagged = isLagged;
  }
}

/** `HOLDFAST_CIRCUIT_OPEN`: the circuit is open, isolated, or half-open with all its probes under way. */
export class CircuitOpenError extends RejectionError {
  readonly state: 'open' | 'half-open' | 'closed';

  constructor(facts: {
    policy: string;
    state: 'open' | 'half-open' | 'closed';
    retryAfter?: number | undefined;
    cause?: unknown;
  }) {
    super(
      'HOLDFAST_CIRCUIT_OPEN',
      `${facts.policy}: the circuit is ${facts.state === 'closed' ? 'ramping up' : facts.state}`,
      facts,
    );
    this.state = facts.state;
  }
}

/** `HOLDFAST_BULKHEAD_FULL`: every permit and every queue place was taken, or the queue wait took too long. */
export class BulkheadFullError extends RejectionError {
  constructor(facts: { policy: string; reason: string }) {
    super('HOLDFAST_BULKHEAD_FULL', `${facts.policy}: ${facts.reason}`, facts);
  }
}

/** `HOLDFAST_RATE_LIMITED`: the limit is used up for now; `retryAfter` says when a call would be let through. */
export class RateLimitedError extends RejectionError {
  constructor(facts: { policy: string; retryAfter: number }) {
    super(
      'HOLDFAST_RATE_LIMITED',
      `${facts.policy}: the rate limit is used up for ${Math.ceil(facts.retryAfter)} ms`,
      facts,
    );
  }
}

/** `HOLDFAST_RETRY_BUDGET`: a retry was due, but the shared budget has none left; `cause` is the last failure. */
export class RetryBudgetExhaustedError extends RejectionError {
  constructor(facts: { policy: string; cause: unknown }) {
    super('HOLDFAST_RETRY_BUDGET', `${facts.policy}: the retry budget is used up`, facts);
  }
}

/** `HOLDFAST_CHAOS`: the fault that a chaos policy injects when it is told no other. */
export class ChaosError extends HoldfastError {
  constructor(facts: { policy: string }) {
    super('HOLDFAST_CHAOS', `${facts.policy}: injected fault`, facts);
  }
}

// Names are written out, because a bundler may shorten those of the classes.
const lineage: [{ prototype: object }, string, ...string[]][] = [
  [HoldfastError, 'HoldfastError'],
  [RejectionError, 'RejectionError', 'HoldfastError'],
  [TimeoutError, 'TimeoutError', 'HoldfastError'],
  [CircuitOpenError, 'CircuitOpenError', 'RejectionError', 'HoldfastError'],
  [BulkheadFullError, 'BulkheadFullError', 'RejectionError', 'HoldfastError'],
  [RateLimitedError, 'RateLimitedError', 'RejectionError', 'HoldfastError'],
  [RetryBudgetExhaustedError, 'RetryBudgetExhaustedError', 'RejectionError', 'HoldfastError'],
  [ChaosError, 'ChaosError', 'HoldfastError'],
];
for (const [type, ...names] of lineage) {
  Object.defineProperty(type.prototype, kinds, { value: names });
  Object.defineProperty(type.prototype, 'name', { value: names[0], configurable: true, writable: true });
}

// Frozen intrinsics (SES) make the limit read-only: then errors keep their stacks.
const limitIsWritable = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')?.writable === true;
let stacksAreWanted = false;

/**
 * Refusals and timeouts carry no stack by default: it would name the policy's internals, and in an outage, when they are
 * the hot path, it would be most of their cost. Turn stacks on while debugging.
 */
export function captureStacks(wanted: boolean): void {
  stacksAreWanted = wanted;
}

/** Makes an error without the cost of a stack, unless stacks are wanted. */
export function withoutStack<E>(make: () => E): E {
  if (stacksAreWanted || !limitIsWritable) return make();
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
