import type { Circuit } from '../policies/circuit.js';
import type { Permits } from '../policies/permits.js';
import type { RateLimiter } from '../policies/rate-limiter.js';
import type { Retrying } from '../policies/retrying.js';
import type { Deadlines } from './deadlines.js';

export const RETRY = 0;
export const BREAKER = 1;
export const RATE_LIMIT = 2;
export const BULKHEAD = 3;
export const TIMEOUT = 4;

/** What the engine needs of a policy that takes part in a fused attempt. The kind is a small number so that a switch on it is a jump. */
export type Layer = RetryLayer | BreakerLayer | RateLimitLayer | BulkheadLayer | TimeoutLayer;

export interface RetryLayer {
  readonly kind: typeof RETRY;
  readonly retrying: Retrying;
}

export interface BreakerLayer {
  readonly kind: typeof BREAKER;
  /** The circuit when all calls share one. */
  readonly circuit: Circuit | undefined;
  circuitFor(self: unknown, args: readonly unknown[] | undefined): Circuit;
}

export interface RateLimitLayer {
  readonly kind: typeof RATE_LIMIT;
  readonly limiter: RateLimiter;
}

export interface BulkheadLayer {
  readonly kind: typeof BULKHEAD;
  readonly permits: Permits;
}

export interface TimeoutLayer {
  readonly kind: typeof TIMEOUT;
  readonly name: string;
  /** Whether the call settles at the deadline although its operation does not. */
  readonly isHard: boolean;
  /** The deadlines when the duration is the same for every call. */
  readonly fixed: Deadlines | undefined;
  deadlinesFor(self: unknown, args: readonly unknown[] | undefined): Deadlines;
  now(): number;
  /** Counts, publishes and returns the error of one expiry. */
  expired(duration: number, lateness: number): Error;
}
