import { systemClock, type Clock } from '../clock.js';
import { Deadlines } from '../engine/deadlines.js';
import { TIMEOUT } from '../engine/layers.js';
import { TimeoutError, withoutStack } from '../errors.js';
import { channelOf } from '../events.js';
import {
  aClock,
  aDuration,
  aFunction,
  aString,
  checkOptions,
  checkValue,
  either,
  oneOf,
  type OptionChecks,
} from '../options.js';
import { definePolicy, type BuiltInPolicy } from '../policy.js';

export interface TimeoutOptions {
  /** The budget in ms, or how to tell it from the arguments of the call. */
  duration: number | ((...args: never[]) => number);
  /**
   * `hard` (the default) settles the call at the deadline, whatever the operation does. `cooperative` aborts the signal and
   * waits for the operation to settle.
   */
  mode?: 'hard' | 'cooperative';
  name?: string;
  clock?: Clock;
}

const checks: OptionChecks<TimeoutOptions> = {
  duration: either(aDuration, aFunction),
  mode: oneOf('hard', 'cooperative'),
  name: aString,
  clock: aClock,
};

export interface TimeoutPolicy extends BuiltInPolicy {
  readonly kind: 'timeout';
}

/** Lists of deadlines kept for durations that are computed per call; those in use are never dropped. */
const KEPT_DURATIONS = 64;

/**
 * Gives an execution `duration` ms, then aborts its signal and rejects.
 *
 * Never early, and never a reason for the process to stay alive. The signal is aborted with the `TimeoutError` itself, only
 * at the deadline and never after success. What the operation still does without listening to its signal goes on unseen.
 *
 * @throws {TypeError | RangeError} When created with a duration that is not above 0 and finite.
 * @throws {TimeoutError} `HOLDFAST_TIMEOUT`, when the time is up.
 */
export function timeout(options: TimeoutOptions | number): TimeoutPolicy {
  if (typeof options === 'number') checkValue('timeout', 'duration', options, aDuration);
  const settings = typeof options === 'number' ? { duration: options } : options;
  checkOptions('timeout', settings, checks);
  if (settings.duration === undefined)
    throw new TypeError('timeout: duration is missing; it must be a number of milliseconds above 0');
  const { duration, name = 'timeout', mode = 'hard', clock = systemClock } = settings;
  const channel = channelOf('timeout');
  const fixed = typeof duration === 'number' ? new Deadlines(duration, clock) : undefined;
  let timeouts = 0;
  let lagged = 0;
  return definePolicy({
    kind: 'timeout',
    name,
    internals: {
      layer: {
        kind: TIMEOUT,
        name,
        isHard: mode === 'hard',
        fixed,
        deadlinesFor: fixed ? () => fixed : perCall(name, duration as (...args: never[]) => number, clock),
        now: () => clock.now(),
        expired(budget, lateness) {
          timeouts++;
          // The time may have gone to our own blocked event loop rather than to the dependency.
          const isLagged = lateness * 2 >= budget;
          if (isLagged) lagged++;
          if (channel.hasSubscribers) channel.publish({ type: 'timeout', policy: name, duration: budget, isLagged });
          return withoutStack(() => new TimeoutError({ policy: name, duration: budget, isLagged }));
        },
      },
    },
    snapshot: () => ({ duration: typeof duration === 'number' ? duration : 'dynamic', mode, timeouts, lagged }),
  }) as TimeoutPolicy;
}

function perCall(name: string, duration: (...args: never[]) => number, clock: Clock) {
  const lists = new Map<number, Deadlines>();
  return (self: unknown, args: readonly unknown[] | undefined): Deadlines => {
    const ms = duration.apply(self, (args ?? []) as never[]);
    checkValue(name, 'the computed duration', ms, aDuration);
    let list = lists.get(ms);
    if (!list) {
      if (lists.size >= KEPT_DURATIONS) for (const [key, { size }] of lists) if (size === 0) lists.delete(key);
      lists.set(ms, (list = new Deadlines(ms, clock)));
    }
    return list;
  };
}
