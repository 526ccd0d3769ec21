import { AsyncLocalStorage } from 'node:async_hooks';
import { shared } from './engine/ambient.js';
import type { OperationContext, ParentContext } from './engine/operation-context.js';

// Importing this module is what turns the ambient context on: every guarded call of the process then costs one
// AsyncLocalStorage run more. Another loaded copy of the package may have done so already.
shared.ambient ??= (() => {
  const storage = new AsyncLocalStorage<ParentContext>();
  return {
    current: () => storage.getStore(),
    run: <T>(context: OperationContext, operation: () => T): T => storage.run(context as ParentContext, operation),
  };
})();

/**
 * The signal of the attempt that is running, also after an `await`: pass it on, and the work really stops when the attempt is given up.
 * Outside a guarded call, a signal that never aborts.
 */
export function currentSignal(): AbortSignal {
  return shared.ambient!.current()?.signal ?? new AbortController().signal;
}

/** The number of the attempt that is running; 1 is the first, also outside a guarded call. */
export function currentAttempt(): number {
  return shared.ambient!.current()?.attempt ?? 1;
}

/** How long until the nearest timeout around this code, in ms; `Infinity` without one. */
export function remainingTime(): number {
  return shared.ambient!.current()?.remainingTime() ?? Infinity;
}

/** The idempotency key of the running call under `@Idempotent`, the same in all its attempts. */
export function currentIdempotencyKey(): string | undefined {
  return shared.ambient!.current()?.idempotencyKey;
}
