import type { OperationContext, ParentContext } from './operation-context.js';

/**
 * What `@holdfast/runtime/context` plugs in when it is imported: it makes the running attempt known to everything
 * that its operation calls. Until then nobody pays for it.
 */
export interface Ambient {
  current(): ParentContext | undefined;
  run<T>(context: OperationContext, operation: () => T): T;
}

// In one place for all loaded copies of the package, so that `./context` of one serves the decorators of another.
const key = Symbol.for('@holdfast/runtime.shared');
const globals = globalThis as unknown as Record<symbol, { ambient: Ambient | undefined } | undefined>;

export const shared: { ambient: Ambient | undefined } = (globals[key] ??= { ambient: undefined });
