import type { OperationContext } from './engine/operation-context.js';
import { guardFunction } from './guarded-function.js';
import { aDuration, checkValue, show } from './options.js';
import { assertPolicies, type ExecuteOptions, type Operation, type Policy } from './policy.js';
import { retry, type RetryOptions } from './policies/retry.js';
import { timeout } from './policies/timeout.js';

/**
 * The function under the policies (outermost first), with the same signature. `this` and the arguments are handed through.
 *
 * @throws {TypeError} When `fn` is no function, or without policies.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- admits every function that returns a promise
export function guard<F extends (this: any, ...args: any[]) => Promise<unknown>>(fn: F, ...policies: Policy[]): F {
  if (typeof fn !== 'function') throw new TypeError(`guard: the first argument must be a function, got ${show(fn)}`);
  assertPolicies('guard', policies);
  return guardFunction(fn, policies) as F;
}

/** Timeouts for `withTimeout`, by duration, so that calls of the same duration share a list of deadlines. */
const timeouts = new Map<number, Policy>();
const KEPT_TIMEOUTS = 64;

/**
 * Runs the operation and gives up after `ms` milliseconds. Takes an operation rather than a promise, so that it can be cancelled: forward
 * the signal.
 *
 * @throws {TimeoutError} `HOLDFAST_TIMEOUT`, when the time is up.
 */
export function withTimeout<T>(
  operation: (context: OperationContext) => Promise<T>,
  ms: number,
  options?: ExecuteOptions,
): Promise<T> {
  try {
    let policy = timeouts.get(ms);
    if (!policy) {
      checkValue('withTimeout', 'the duration', ms, aDuration);
      policy = timeout({ duration: ms, name: 'withTimeout' });
      if (timeouts.size >= KEPT_TIMEOUTS) timeouts.delete(timeouts.keys().next().value!);
      timeouts.set(ms, policy);
    }
    return policy.execute(operation, options);
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Runs the operation, again when it fails: see `retry` for the options.
 *
 * @throws The last error of the operation, untouched.
 */
export function withRetry<T>(
  operation: Operation<T>,
  options: RetryOptions | number = {},
  execution?: ExecuteOptions,
): Promise<T> {
  try {
    const policy = retry(options);
    // It lives for one call: nobody would find it in `snapshot()`.
    policy[Symbol.dispose]();
    return policy.execute(operation, execution);
  } catch (error) {
    return Promise.reject(error);
  }
}
