import { callbackFailed } from '../callback-failed.js';
import { unlessAborted } from '../engine/unless-aborted.js';
import { channelOf } from '../events.js';
import { aFunction, aString, checkOptions, show, type OptionCheck, type OptionChecks } from '../options.js';
import { isProgrammingError } from '../outcome.js';
import { definePolicy, type BuiltInPolicy, type Runner } from '../policy.js';

/** Gets the failure and the arguments of the call, and `this` as the method had it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- arguments and result are the method's business
export type FallbackHandler = (this: any, error: unknown, ...args: any[]) => unknown;

export interface FallbackOptions {
  /** What to answer instead. */
  value?: unknown;
  /** Works out what to answer instead. */
  handler?: FallbackHandler;
  /** Which failures it stands in for. By default all but bugs (`TypeError` and the like) and the caller's own abort. */
  fallbackIf?: (error: unknown) => boolean;
  name?: string;
}

const anything: OptionCheck = { type: 'undefined', allowed: 'anything', accepts: () => true };
const checks: OptionChecks<FallbackOptions> = {
  value: anything,
  handler: aFunction,
  fallbackIf: aFunction,
  name: aString,
};

export interface FallbackPolicy extends BuiltInPolicy {
  readonly kind: 'fallback';
}

/**
 * Answers in place of an operation that failed. Outermost, so that the policies inside see the failure.
 *
 * When the handler fails too, its error is the call's, with the first failure as `cause`.
 *
 * @throws {TypeError} When created with neither or both of `value` and `handler`.
 */
export function fallback(options: FallbackOptions | FallbackHandler): FallbackPolicy {
  const settings: FallbackOptions = typeof options === 'function' ? { handler: options } : options;
  checkOptions('fallback', settings, checks);
  const { handler, fallbackIf, name = 'fallback' } = settings;
  if (Object.hasOwn(settings, 'value') === (handler !== undefined)) {
    throw new TypeError(`fallback: give either value or handler, got ${handler ? 'both' : show(options)}`);
  }
  const channel = channelOf('fallback');
  let fallbacks = 0;
  const standsIn = (error: unknown): boolean => {
    if (!fallbackIf) return !isProgrammingError(error);
    try {
      return fallbackIf(error) === true;
    } catch (fault) {
      callbackFailed(name, 'fallbackIf', fault);
      return false;
    }
  };
  const wrap =
    (inner: Runner): Runner =>
    (fn, self, args, parent) =>
      inner(fn, self, args, parent).then(undefined, (error: unknown) => {
        if (parent?.isAborted || !standsIn(error)) throw error;
        fallbacks++;
        if (channel.hasSubscribers) channel.publish({ type: 'fallback', policy: name, error });
        if (!handler) return settings.value;
        // Asynchronous, so that a handler that throws is one that rejects.
        const answer = (async () => handler.call(self, error, ...(args ?? [])))();
        return unlessAborted(
          answer.catch((second: unknown) => chain(second, error)),
          parent,
        );
      });
  return definePolicy({
    kind: 'fallback',
    name,
    internals: { wrap },
    snapshot: () => ({ fallbacks }),
  }) as FallbackPolicy;
}

/** @throws The handler's own error, which remembers what it was called for. */
function chain(second: unknown, first: unknown): never {
  if (second instanceof Error && second !== first && second.cause === undefined && Object.isExtensible(second))
    second.cause = first;
  throw second;
}
