import type { Callable } from '../policy.js';
import { shared } from './ambient.js';
import type { OperationContext } from './operation-context.js';

/**
 * Starts the work itself: with its own arguments, or with the context when it has none.
 *
 * @param owner Names a decorated method, which must return a promise.
 * @throws Whatever the function throws synchronously; the caller makes it a rejection.
 */
export function startOperation(
  fn: Callable,
  self: unknown,
  args: readonly unknown[] | undefined,
  context: OperationContext,
  owner: string | undefined,
): Promise<unknown> {
  const result: unknown =
    shared.ambient === undefined
      ? call(fn, self, args, context)
      : shared.ambient.run(context, () => call(fn, self, args, context));
  if (result instanceof Promise) return result;
  if (owner !== undefined && typeof (result as PromiseLike<unknown> | null | undefined)?.then !== 'function')
    throw notAPromise(owner, result);
  // A thenable is asked once.
  return Promise.resolve(result);
}

function call(fn: Callable, self: unknown, args: readonly unknown[] | undefined, context: OperationContext): unknown {
  return args === undefined ? fn.call(self, context) : fn.apply(self, args as unknown[]);
}

function notAPromise(owner: string, result: unknown): TypeError {
  if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result) {
    return new TypeError(
      `${owner} returned an async iterator: only async generators are decorated that are left as they are (a target of ES2018 or later)`,
    );
  }
  const got = result === null || result === undefined ? String(result) : `a plain ${typeof result}`;
  return new TypeError(`${owner} returned ${got}: only a method that returns a promise can be decorated`);
}
