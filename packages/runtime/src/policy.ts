import { shared } from './engine/ambient.js';
import { compile } from './engine/compile.js';
import type { Layer } from './engine/layers.js';
import { unlessAborted } from './engine/unless-aborted.js';
import { contextOfCaller, type OperationContext, type ParentContext } from './engine/operation-context.js';
import { show } from './options.js';
import { register } from './registry.js';

/** Work that a policy guards. It gets the context of the attempt it runs in; forwarding `signal` makes it cancellable. */
export type Operation<T> = (context: OperationContext) => PromiseLike<T> | T;

export interface ExecuteOptions {
  /** The caller's own signal: when it aborts, the call rejects with its reason, whatever the operation does. */
  signal?: AbortSignal | undefined;
}

/** Facts about a live policy, as plain data. Counters count since the policy was made. */
export interface PolicySnapshot {
  kind: string;
  name: string;
  [fact: string]: unknown;
}

/** Something that decides whether, when and how often an operation runs. */
export interface Policy {
  readonly kind: string;
  readonly name: string;
  /**
   * Runs the operation under this policy. Never throws synchronously: whatever goes wrong is a rejection.
   */
  execute<T>(operation: Operation<T>, options?: ExecuteOptions): Promise<T>;
}

/** A policy of this package; others need only `Policy`. */
export interface BuiltInPolicy extends Policy {
  snapshot(): PolicySnapshot;
  /** Takes the policy out of `snapshot()`; it keeps working. Policies nobody refers to leave by themselves. */
  [Symbol.dispose](): void;
}

/** Runs one call: the function, its `this` and arguments (or none, when it takes the context), and what encloses it. */
export type Runner = (
  fn: Callable,
  self: unknown,
  args: readonly unknown[] | undefined,
  parent: ParentContext | undefined,
) => Promise<unknown>;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any function at all
export type Callable = (...args: any[]) => any;

/** How the engine takes part in a policy: as a layer of a fused attempt, around a runner, or as the members of a pipeline. */
export type Internals =
  { readonly layer: Layer } | { readonly wrap: (inner: Runner) => Runner } | { readonly members: readonly Policy[] };

export const internals: unique symbol = Symbol.for('@holdfast/runtime.internals/1') as never;

/** How the engine takes part in `policy`; a foreign one is driven through its `execute`. */
export function internalsOf(policy: Policy): Internals {
  return (policy as { [internals]?: Internals })[internals] ?? { wrap: foreign(policy) };
}

export function isPolicy(value: unknown): value is Policy {
  return typeof value === 'object' && value !== null && typeof (value as Policy).execute === 'function';
}

/** @throws {TypeError} For anything that cannot execute an operation. */
export function assertPolicies(owner: string, values: readonly unknown[]): asserts values is readonly Policy[] {
  if (values.length === 0) throw new TypeError(`${owner}: needs at least one policy, got none`);
  values.forEach((value, index) => {
    if (!isPolicy(value)) {
      throw new TypeError(`${owner}: policy ${index + 1} must be an object with an execute method, got ${show(value)}`);
    }
  });
}

export interface PolicyDefinition {
  kind: string;
  name: string;
  internals: Internals;
  /** Facts beside kind and name; also called by metrics, so it must be cheap. */
  snapshot(): Record<string, unknown>;
}

/** Makes a policy out of its parts: `execute` over the engine, its place in `snapshot()`. */
export function definePolicy(definition: PolicyDefinition): BuiltInPolicy;
export function definePolicy<Extra extends object>(definition: PolicyDefinition, extra: Extra): BuiltInPolicy & Extra;
export function definePolicy(definition: PolicyDefinition, extra?: object): BuiltInPolicy {
  const { kind, name } = definition;
  let run: Runner | undefined;
  const policy: BuiltInPolicy & { [internals]: Internals } = {
    kind,
    name,
    [internals]: definition.internals,
    execute<T>(operation: Operation<T>, options?: ExecuteOptions): Promise<T> {
      if (typeof operation !== 'function')
        return Promise.reject(new TypeError(`${name}: the operation must be a function, got ${show(operation)}`));
      run ??= compile([policy]);
      if (options === undefined && shared.ambient === undefined)
        return run(operation, undefined, undefined, undefined) as Promise<T>;
      const signal: unknown = options?.signal;
      if (signal !== undefined && signal !== null && !isSignal(signal))
        return Promise.reject(new TypeError(`${name}: signal must be an AbortSignal, got ${show(signal)}`));
      return run(operation, undefined, undefined, contextOfCaller(signal ?? undefined)) as Promise<T>;
    },
    snapshot: () => ({ kind, name, ...definition.snapshot() }),
    [Symbol.dispose]: () => unregister(),
  };
  // Accessors among the extras stay live.
  if (extra) Object.defineProperties(policy, Object.getOwnPropertyDescriptors(extra));
  const unregister = register(policy);
  return policy;
}

/** Told by its parts, as it may come from another realm (Jest). */
function isSignal(value: unknown): value is AbortSignal {
  const { aborted, addEventListener } = value as Partial<AbortSignal>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function';
}

/** A policy that is not of this package: the engine only hands the call over to it. */
function foreign(policy: Policy): (inner: Runner) => Runner {
  return (inner) => (fn, self, args, parent) => {
    const options = parent ? { signal: parent.signal } : undefined;
    try {
      const call = policy.execute(
        (context) => inner(fn, self, args, contextOfCaller(context?.signal ?? parent?.signal)),
        options,
      );
      // It may not listen to the signal.
      return unlessAborted(Promise.resolve(call), parent);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}
