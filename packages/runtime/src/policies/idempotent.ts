import { randomUUID } from 'node:crypto';
import type { Abortable, ParentContext } from '../engine/operation-context.js';
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
        return inner(fn, self, args, new KeyedContext(parent, String(own)));
      } catch (error) {
        return Promise.reject(error);
      }
    };
  return definePolicy({ kind: 'idempotent', name, internals: { wrap }, snapshot: () => ({}) });
}

/** The caller's context (or one that never ends), and a key. */
class KeyedContext implements ParentContext {
  readonly idempotencyKey: string;
  private readonly parent: ParentContext | undefined;
  private never: AbortSignal | undefined = undefined;

  constructor(parent: ParentContext | undefined, idempotencyKey: string) {
    this.parent = parent;
    this.idempotencyKey = idempotencyKey;
  }

  get signal(): AbortSignal {
    return this.parent?.signal ?? (this.never ??= new AbortController().signal);
  }
  get attempt(): number {
    return this.parent?.attempt ?? 1;
  }
  remainingTime(): number {
    return this.parent?.remainingTime() ?? Infinity;
  }
  get isAborted(): boolean {
    return this.parent?.isAborted === true;
  }
  get reason(): unknown {
    return this.parent?.reason;
  }
  subscribe(listener: Abortable): void {
    this.parent?.subscribe(listener);
  }
  unsubscribe(listener: Abortable): void {
    this.parent?.unsubscribe(listener);
  }
}
