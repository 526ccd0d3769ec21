import { shared } from './engine/ambient.js';
import { compile } from './engine/compile.js';
import type { Callable, Policy } from './policy.js';

/** A function, and the policies around it, outermost first. */
export interface Origin {
  fn: Callable;
  policies: readonly Policy[];
}

/** What each guarded function was made of. */
const origins = new WeakMap<Callable, Origin>();

/** The policies around what `fn` was made of, so that all of them can be compiled together. */
export function stack(fn: Callable, policies: readonly Policy[]): Origin {
  const origin = origins.get(fn);
  return origin ? { fn: origin.fn, policies: [...policies, ...origin.policies] } : { fn, policies };
}

/**
 * The function under the policies (outermost first): the one place where policies meet functions.
 *
 * Over a function that is guarded already, all policies are compiled into one call path. The result looks like the original: `name`, `length`,
 * and whatever other decorators have stored or will store on it (reflect-metadata looks along the prototypes).
 *
 * @param owner Names a decorated method.
 */
export function guardFunction(fn: Callable, policies: readonly Policy[], owner?: string): Callable {
  const origin = stack(fn, policies);
  const target = origin.fn;
  const run = compile(origin.policies, owner);
  const guarded = function (this: unknown, ...args: unknown[]): Promise<unknown> {
    return run(target, this, args, shared.ambient === undefined ? undefined : shared.ambient.current());
  };
  return disguise(guarded, fn, origin);
}

/** Makes `guarded` pass for `fn`, and remembers what it was made of. */
export function disguise(guarded: Callable, fn: Callable, origin: Origin): Callable {
  origins.set(guarded, origin);
  Object.defineProperties(guarded, {
    name: { value: fn.name, configurable: true },
    length: { value: fn.length, configurable: true },
  });
  Object.setPrototypeOf(guarded, fn);
  copyMetadata(fn, guarded);
  return guarded;
}

interface ReflectWithMetadata {
  getOwnMetadataKeys?(target: object): unknown[];
  getOwnMetadata?(key: unknown, target: object): unknown;
  defineMetadata?(key: unknown, value: unknown, target: object): void;
}

/** For code that asks for own metadata only, and so would not look along the prototypes. */
function copyMetadata(from: object, to: object): void {
  const { getOwnMetadataKeys, getOwnMetadata, defineMetadata } = Reflect as ReflectWithMetadata;
  if (!getOwnMetadataKeys || !getOwnMetadata || !defineMetadata) return;
  for (const key of getOwnMetadataKeys(from)) defineMetadata(key, getOwnMetadata(key, from), to);
}
