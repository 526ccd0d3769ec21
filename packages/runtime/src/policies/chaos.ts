import { systemClock, type Clock } from '../clock.js';
import type { ParentContext } from '../engine/operation-context.js';
import { pause } from '../engine/pause.js';
import { unlessAborted } from '../engine/unless-aborted.js';
import { ChaosError } from '../errors.js';
import { channelOf } from '../events.js';
import {
  aClock,
  aBoolean,
  aDelay,
  aFunction,
  aShare,
  aString,
  checkOptions,
  either,
  type OptionChecks,
} from '../options.js';
import { definePolicy, type BuiltInPolicy, type Runner } from '../policy.js';

export interface ChaosOptions {
  /** Whether it does anything; false by default. A function is asked at each call. */
  enabled?: boolean | (() => boolean);
  /** The share of calls it strikes; 1 by default. */
  rate?: number;
  /** Which calls it may strike, by their arguments. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the arguments are the method's business
  when?: (...args: any[]) => boolean;
  /** Delays the call, in ms. */
  latency?: number | (() => number);
  /** Does something at the time of the call, for instance filling a disk. */
  behavior?: () => unknown;
  /** Answers in place of the operation. */
  result?: () => unknown;
  /** Fails in place of the operation: with a `ChaosError`, or with what the function returns. */
  fault?: boolean | (() => unknown);
  name?: string;
  clock?: Clock;
  /** From 0 to below 1; `Math.random` by default. */
  random?: () => number;
}

const checks: OptionChecks<ChaosOptions> = {
  enabled: either(aBoolean, aFunction),
  rate: aShare,
  when: aFunction,
  latency: either(aDelay, aFunction),
  behavior: aFunction,
  result: aFunction,
  fault: either(aBoolean, aFunction),
  name: aString,
  clock: aClock,
  random: aFunction,
};

export interface ChaosPolicy extends BuiltInPolicy {
  readonly kind: 'chaos';
}

/**
 * Injects latency, behaviour, results or faults into a share of the calls, to see whether what is around them holds. Does nothing
 * until it is enabled. Innermost, in place of the dependency.
 *
 * @throws {TypeError | RangeError} When created with options that cannot work, or with nothing to inject.
 * @throws {ChaosError} `HOLDFAST_CHAOS`, the injected fault when no other is given.
 */
export function chaos(options: ChaosOptions): ChaosPolicy {
  checkOptions('chaos', options, checks);
  const {
    enabled = false,
    rate = 1,
    when,
    latency,
    behavior,
    result,
    fault,
    name = 'chaos',
    clock = systemClock,
    random = Math.random,
  } = options;
  if (latency === undefined && !behavior && !result && !fault) {
    throw new TypeError('chaos: nothing to inject; give at least one of latency, behavior, result, fault');
  }
  if (result && fault) throw new TypeError('chaos: give either result or fault, got both');
  const channel = channelOf('chaos');
  let injected = 0;
  const strikes = (args: readonly unknown[] | undefined): boolean =>
    (typeof enabled === 'function' ? enabled() : enabled) && (when ? when(...(args ?? [])) : true) && random() < rate;

  const inject = async (parent: ParentContext | undefined, proceed: () => Promise<unknown>): Promise<unknown> => {
    const delay = typeof latency === 'function' ? latency() : latency;
    if (delay) await pause(clock, delay, parent);
    if (behavior) await behavior();
    if (result) return result();
    if (fault) throw typeof fault === 'function' ? fault() : new ChaosError({ policy: name });
    return proceed();
  };
  const wrap =
    (inner: Runner): Runner =>
    (fn, self, args, parent) => {
      try {
        if (parent?.isAborted || !strikes(args)) return inner(fn, self, args, parent);
      } catch (error) {
        return Promise.reject(error);
      }
      injected++;
      if (channel.hasSubscribers) channel.publish({ type: 'injected', policy: name });
      return unlessAborted(
        inject(parent, () => inner(fn, self, args, parent)),
        parent,
      );
    };
  return definePolicy({ kind: 'chaos', name, internals: { wrap }, snapshot: () => ({ injected }) }) as ChaosPolicy;
}
