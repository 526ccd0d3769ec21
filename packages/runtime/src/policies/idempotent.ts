import { randomUUID } from 'node:crypto';
import { ContextWith } from '../engine/operation-context.js';
import { aFunction, aString, checkOptions, show, type OptionChecks } from '../options.js';
import { definePolicy, type BuiltInPolicy, type Runner } from '../policy.js';

export interface IdempotentOptions {
  /** The key of one call, from its arguments; a random one by default. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the arguments are the method's business
  key?: (...args: any[]) => string;
  name?: string;
}

const checks: OptionChecks<IdempotentOptions> = { key: aFunction, name: aString };

/**
 * Gives all attempts of one call the same idempotency key (`context.idempotencyKey`, `currentIdempotencyKey()`), to be sent along so that
 * the other side recognises a repetition.
 */
export function idempotent(options: IdempotentOptions = {}): BuiltInPolicy {
  checkOptions('idempotent', options, checks);
  const { key, name = 'idempotent' } = options;
  const wrap =
    (inner: Runner): Runner =>
    (fn, self, args, parent) => {
      try {
        const own: unknown = key ? key.apply(self, (args ?? []) as unknown[]) : randomUUID();
        // A key that is missing must not become one that different calls share: the other side would drop all but the first.
        if (own === undefined || own === null || own === '')
          throw new TypeError(`${name}: key must return a non-empty string, got ${show(own)}`);
        return inner(fn, self, args, new ContextWith(parent, { idempotencyKey: String(own) }));
      } catch (error) {
        return Promise.reject(error);
      }
    };
  return definePolicy({ kind: 'idempotent', name, internals: { wrap }, snapshot: () => ({}) });
}
