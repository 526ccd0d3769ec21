import { shared } from './engine/ambient.js';
import { compile } from './engine/compile.js';
import type { Callable, Policy } from './policy.js';

/** What each guarded function was made of. */
const origins = new WeakMap<Callable, { fn: Callable; policies: readonly Policy[] }>();

/**
 * The function under the policies (outermost first): the one place where policies meet functions.
 *
 * Over a function that is guarded already, all policies are compiled into one call path. The result looks like the original: `name`, `length`,
 * and whatever other decorators have stored or will store on it (reflect-metadata looks along the prototypes).
 *
 * @param owner Names a decorated method.
 */
export function guardFunction(fn: Callable, policies: readonly Policy[], owner?: string): Callable {
  const origin = origins.get(fn);
  const target = origin?.fn ?? fn;
  const all = origin ? [...policies, ...origin.policies] : policies;
  const run = compile(all, owner);
  const guarded = function (this: unknown, ...args: unknown[]): Promise<unknown> {
    return run(target, this, args, shared.ambient === undefined ? undefined : shared.ambient.current());
  };
  origins.set(guarded, { fn: target, policies: all });
  return disguise(guarded, fn);
}

/** Makes `guarded` pass for `fn`. */
export function disguise(guarded: Callable, fn: Callable): Callable {
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
