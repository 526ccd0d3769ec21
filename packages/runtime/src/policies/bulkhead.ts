import { systemClock, type Clock } from '../clock.js';
import { BULKHEAD } from '../engine/layers.js';
import { channelOf } from '../events.js';
import {
  aClock,
  aDuration,
  aFunction,
  aString,
  aWholeNumber,
  aWholeNumberOrInfinity,
  checkOptions,
  oneOf,
  type OptionChecks,
} from '../options.js';
import { definePolicy, type BuiltInPolicy } from '../policy.js';
import { Permits } from './permits.js';

export interface BulkheadOptions {
  /** How many executions may run at once. */
  maxConcurrent: number;
  /** How many more may wait for a permit; 0 by default, `Infinity` for no limit. */
  maxQueue?: number;
  /** How long one may wait, in ms; for as long as its caller does by default. */
  queueTimeout?: number;
  /** Who is next among equals: `fifo` by default; `lifo` serves the freshest under overload, whose callers are still there. */
  order?: 'fifo' | 'lifo';
  /** From the arguments of the call; higher ones are let in first. Called only when the call has to wait. */
  priority?: (...args: never[]) => number;
  /** From the arguments of the call: how many permits it takes, 1 by default and at most `maxConcurrent`. */
  weight?: (...args: never[]) => number;
  name?: string;
  clock?: Clock;
}

const checks: OptionChecks<BulkheadOptions> = {
  maxConcurrent: aWholeNumber(1),
  maxQueue: aWholeNumberOrInfinity(0),
  queueTimeout: aDuration,
  order: oneOf('fifo', 'lifo'),
  priority: aFunction,
  weight: aFunction,
  name: aString,
  clock: aClock,
};

export interface BulkheadPolicy extends BuiltInPolicy {
  readonly kind: 'bulkhead';
  /** Permits that are held: as many as there are executions, unless they weigh more. */
  readonly running: number;
  /** Executions that wait for one. */
  readonly waiting: number;
}

/**
 * Lets at most `maxConcurrent` executions run at once; later ones wait in order, up to `maxQueue`.
 *
 * A freed permit is handed to the next waiter, never thrown open to newcomers. A waiter whose signal aborts leaves the queue at
 * once. A permit is held until the call settles for its caller: an operation that ignores its signal goes on without one.
 *
 * @throws {TypeError | RangeError} When created with an unknown option or a limit that is not a whole number of at least 1 (0 for the queue).
 * @throws {BulkheadFullError} `HOLDFAST_BULKHEAD_FULL`, when every permit and every queue place is taken, or the wait took too long.
 * @see Nygard, *Release It!*, 2nd ed., "Bulkheads"
 */
export function bulkhead(options: BulkheadOptions | number): BulkheadPolicy {
  const settings = typeof options === 'number' ? { maxConcurrent: options } : options;
  checkOptions('bulkhead', settings, checks);
  if (settings.maxConcurrent === undefined)
    throw new TypeError('bulkhead: maxConcurrent is missing; it must be a whole number of at least 1');
  const { maxConcurrent, maxQueue = 0, name = 'bulkhead', clock = systemClock } = settings;
  const channel = channelOf('bulkhead');
  let rejected = 0;
  const permits = new Permits({
    name,
    maxConcurrent,
    maxQueue,
    queueTimeout: settings.queueTimeout,
    order: settings.order ?? 'fifo',
    priority: settings.priority,
    weight: settings.weight,
    clock,
    onRejected(reason) {
      rejected++;
      if (channel.hasSubscribers) channel.publish({ type: 'rejected', policy: name, reason });
    },
  });
  return definePolicy(
    {
      kind: 'bulkhead',
      name,
      internals: { layer: { kind: BULKHEAD, permits } },
      snapshot: () => ({ maxConcurrent, maxQueue, running: permits.running, waiting: permits.waiting, rejected }),
    },
    {
      get running() {
        return permits.running;
      },
      get waiting() {
        return permits.waiting;
      },
    },
  ) as BulkheadPolicy;
}
