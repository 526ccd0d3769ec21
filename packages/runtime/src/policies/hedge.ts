import { systemClock, type Clock, type Timer } from '../clock.js';
import { DerivedContext, type Abortable } from '../engine/operation-context.js';
import { RejectionError } from '../errors.js';
import { channelOf } from '../events.js';
import {
  aClock,
  aDelay,
  aRatio,
  aString,
  anObject,
  aWholeNumber,
  checkOptions,
  type OptionChecks,
} from '../options.js';
import { isTransient } from '../outcome.js';
import { definePolicy, type BuiltInPolicy, type Runner } from '../policy.js';
import { Latencies } from './latencies.js';
import { retryBudget, type RetryBudget, type RetryBudgetOptions } from './retry-budget.js';

export interface HedgeOptions {
  /** How long to wait for an answer before asking again, in ms. With `quantile`, until enough is known. */
  delay: number;
  /** Waits for this quantile of the latencies of late instead, for instance 0.95. */
  quantile?: number;
  /** Copies at most, the first included; 2 by default. */
  maxAttempts?: number;
  /** Bounds copies to a share of the calls. */
  budget?: RetryBudget | RetryBudgetOptions;
  name?: string;
  clock?: Clock;
}

const checks: OptionChecks<HedgeOptions> = {
  delay: aDelay,
  quantile: aRatio,
  maxAttempts: aWholeNumber(2),
  budget: anObject,
  name: aString,
  clock: aClock,
};

export interface HedgePolicy extends BuiltInPolicy {
  readonly kind: 'hedge';
}

/**
 * Asks a second time when the answer is late, takes the first answer that comes and aborts the others. Only for operations that may
 * run twice: the copies really do.
 *
 * A copy that fails makes way for the next at once; the call fails when all of them have, or one in a way that no other would change.
 *
 * @throws {TypeError | RangeError} When created with options that cannot work.
 * @see Dean and Barroso, "The Tail at Scale"
 */
export function hedge(options: HedgeOptions | number): HedgePolicy {
  const settings = typeof options === 'number' ? { delay: options } : options;
  checkOptions('hedge', settings, checks);
  if (settings.delay === undefined)
    throw new TypeError('hedge: delay is missing; it must be a number of milliseconds, 0 or more');
  const { delay, quantile, maxAttempts = 2, name = 'hedge', clock = systemClock } = settings;
  const budget =
    settings.budget && ('withdraw' in settings.budget ? settings.budget : retryBudget({ clock, ...settings.budget }));
  const channel = channelOf('hedge');
  const latencies = quantile === undefined ? undefined : new Latencies();
  const counters = { hedges: 0, wins: 0 };

  const wrap =
    (inner: Runner): Runner =>
    (fn, self, args, parent) => {
      budget?.deposit();
      const wait = (quantile !== undefined ? latencies!.quantile(quantile) : undefined) ?? delay;
      const copies: DerivedContext[] = [];
      let pending = 0;
      let timer: Timer | undefined;
      let isOver = false;

      return new Promise((resolve, reject) => {
        const fromParent: Abortable = { interrupt: (reason) => finish(() => reject(reason), undefined, reason) };
        const finish = (settle: () => void, winner: DerivedContext | undefined, reason?: unknown): void => {
          if (isOver) return;
          isOver = true;
          timer?.cancel();
          parent?.unsubscribe(fromParent);
          settle();
          for (const copy of copies)
            if (copy !== winner)
              copy.interrupt(reason ?? new DOMException(`${name}: another copy was faster`, 'AbortError'));
        };
        const start = (): void => {
          const context = new DerivedContext(parent);
          const isFirst = copies.push(context) === 1;
          pending++;
          if (!isFirst) {
            counters.hedges++;
            if (channel.hasSubscribers) channel.publish({ type: 'hedge', policy: name, copy: copies.length });
          }
          const startedAt = latencies ? clock.now() : 0;
          inner(fn, self, args, context).then(
            (value) => {
              latencies?.add(clock.now() - startedAt);
              if (!isFirst && !isOver) counters.wins++;
              finish(() => resolve(value), context);
            },
            (error: unknown) => {
              pending--;
              if (isOver) return;
              const isWorthAnother = isTransient(error) && mayStart();
              if (isWorthAnother) startNext();
              else if (pending === 0 || !mayPass(error)) finish(() => reject(error), context);
            },
          );
          if (!isOver && copies.length < maxAttempts) timer = clock.setTimer(onLate, wait, { keepAlive: true });
        };
        const mayStart = (): boolean => copies.length < maxAttempts && (budget?.withdraw() ?? true);
        const startNext = (): void => {
          timer?.cancel();
          start();
        };
        const onLate = (): void => {
          if (!isOver && mayStart()) start();
        };
        if (parent?.isAborted) return reject(parent.reason);
        parent?.subscribe(fromParent);
        start();
      });
    };
  return definePolicy({ kind: 'hedge', name, internals: { wrap }, snapshot: () => ({ ...counters }) }) as HedgePolicy;
}

/** Another copy may still succeed: the failure is transient, or a policy refused to run this copy only. */
const mayPass = (error: unknown): boolean => isTransient(error) || error instanceof RejectionError;
