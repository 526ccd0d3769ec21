import type { Channel } from 'node:diagnostics_channel';
import type { Clock } from '../clock.js';
import type { Attempt } from '../engine/attempt.js';
import { pause } from '../engine/pause.js';
import { RetryBudgetExhaustedError, withoutStack } from '../errors.js';
import { callbackFailed } from '../callback-failed.js';
import { isTransient, retryAfterOf } from '../outcome.js';
import { backoffDelay, type BackoffOptions } from './backoff.js';
import type { RetryBudget } from './retry-budget.js';

export interface RetryingOptions extends BackoffOptions {
  name: string;
  maxAttempts: number;
  maxElapsed: number;
  retryIf: ((error: unknown, attempt: number) => boolean) | undefined;
  retryOnResult: ((value: never, attempt: number) => boolean) | undefined;
  delay: ((error: unknown, attempt: number, waited: number) => number | undefined) | undefined;
  budget: RetryBudget | undefined;
  clock: Clock;
  channel: Channel;
}

/** Errors of the attempts of one call that are kept. */
const KEPT_ERRORS = 10;
/** Retries without a delay give the event loop a turn after so many, or nothing could ever end them. */
const ATTEMPTS_PER_TURN = 64;
const errorsOfAttempts = new WeakMap<object, readonly unknown[]>();

/** The errors of all attempts of the call that `error` ended, oldest first, the last ten at most; empty when nothing was retried. */
export function attemptErrors(error: unknown): readonly unknown[] {
  return (typeof error === 'object' && error !== null && errorsOfAttempts.get(error)) || [];
}

/** What one call has gone through. */
interface Course {
  previousDelay: number;
  /** The delays so far, together. */
  waited: number;
  readonly startedAt: number;
  readonly errors: unknown[];
}

/** Decides whether and when a call is tried again, and does it. */
export class Retrying {
  readonly refusesResults: boolean;
  /** Calls have to be counted or timed from their beginning. */
  readonly isMetered: boolean;
  retries = 0;
  exhausted = 0;
  private readonly options: RetryingOptions;

  constructor(options: RetryingOptions) {
    this.options = options;
    this.refusesResults = options.retryOnResult !== undefined;
    this.isMetered = options.budget !== undefined || options.maxElapsed !== Infinity;
  }

  /** A call begins. Returns the time, for `maxElapsed`; asked only when `isMetered`. */
  begin(): number {
    this.options.budget?.deposit();
    return this.options.clock.now();
  }

  /** Whether this is a first attempt after which others may come. Later ones report to the loop that made them. */
  mayGoOn(attempt: Attempt): boolean {
    return attempt.number === 1 && this.options.maxAttempts > 1 && attempt.parent?.isAborted !== true;
  }

  /** The first attempt failed: settles as the last attempt does. */
  afterFailure(attempt: Attempt, error: unknown): Promise<unknown> {
    return this.mayRetry(attempt, false, error) ? this.loop(attempt, false, error) : Promise.reject(error);
  }

  /** The first attempt succeeded, and there is an opinion about results. */
  afterResult(attempt: Attempt, value: unknown): unknown {
    return this.mayRetry(attempt, true, value) ? this.loop(attempt, true, value) : value;
  }

  private async loop(attempt: Attempt, isSuccess: boolean, result: unknown): Promise<unknown> {
    const { baseDelay } = this.options;
    const course: Course = { previousDelay: baseDelay, waited: 0, startedAt: attempt.callStartedAt, errors: [] };
    for (;;) {
      const delay = this.delayFor(attempt, isSuccess, result, course);
      if (delay === undefined) return this.conclude(isSuccess, result, course);
      if (!isSuccess) keep(course.errors, result);
      if (!this.withdraw()) return this.refuse(isSuccess, result, course);
      this.retries++;
      course.waited += delay;
      const { channel, name } = this.options;
      if (channel.hasSubscribers)
        channel.publish({
          type: 'retry',
          policy: name,
          attempt: attempt.number + 1,
          delay,
          ...(isSuccess ? { result } : { error: result }),
        });
      if (delay > 0) await pause(this.options.clock, delay, attempt.parent);
      else if (attempt.number % ATTEMPTS_PER_TURN === 0) await turn(this.options.clock);
      attempt = attempt.next();
      try {
        result = await attempt.run();
        isSuccess = true;
      } catch (error) {
        result = error;
        isSuccess = false;
      }
      if (attempt.parent?.isAborted || !this.mayRetry(attempt, isSuccess, result))
        return this.conclude(isSuccess, result, course);
    }
  }

  private mayRetry({ number }: Attempt, isSuccess: boolean, result: unknown): boolean {
    const { maxAttempts, retryIf, retryOnResult, name } = this.options;
    if (number >= maxAttempts) return false;
    try {
      if (isSuccess) return retryOnResult !== undefined && verdict(retryOnResult(result as never, number));
      return retryIf ? verdict(retryIf(result, number)) : isTransient(result);
    } catch (error) {
      callbackFailed(name, isSuccess ? 'retryOnResult' : 'retryIf', error);
      return false;
    }
  }

  /** In ms; undefined when another try cannot be in time or is not wanted that soon. */
  private delayFor(attempt: Attempt, isSuccess: boolean, result: unknown, course: Course): number | undefined {
    const { options } = this;
    let delay = backoffDelay(options, attempt.number, course.previousDelay);
    course.previousDelay = delay;
    const asked = this.ownDelay(attempt, isSuccess, result, course);
    if (asked !== undefined) delay = asked;
    else {
      // The other side knows better than any formula. Coming back before it is ready would only add to its load.
      const wait = retryAfterOf(result);
      if (wait !== undefined && wait > options.maxDelay) return undefined;
      delay = Math.max(delay, wait ?? 0);
    }
    // Never sleep into a certain timeout.
    if (delay >= (attempt.parent?.remainingTime() ?? Infinity)) return undefined;
    if (options.maxElapsed !== Infinity && options.clock.now() - course.startedAt + delay > options.maxElapsed)
      return undefined;
    return delay;
  }

  private ownDelay(attempt: Attempt, isSuccess: boolean, result: unknown, { waited }: Course): number | undefined {
    const { delay, name } = this.options;
    if (!delay) return undefined;
    try {
      const ms = delay(isSuccess ? undefined : result, attempt.number, waited);
      if (ms === undefined || (ms >= 0 && ms < Infinity)) return ms;
      throw new RangeError(`delay must return a number of milliseconds, 0 or more and finite, got ${ms}`);
    } catch (error) {
      callbackFailed(name, 'delay', error);
      return undefined;
    }
  }

  private withdraw(): boolean {
    const { budget, name, channel } = this.options;
    if (!budget || budget.withdraw()) return true;
    if (channel.hasSubscribers) channel.publish({ type: 'budget-exhausted', policy: name });
    return false;
  }

  /** A retry was due and the budget had none left. A result, however unwelcome, is still better than none. */
  private refuse(isSuccess: boolean, result: unknown, { errors }: Course): unknown {
    this.exhausted++;
    if (isSuccess) return result;
    const error = withoutStack(() => new RetryBudgetExhaustedError({ policy: this.options.name, cause: result }));
    if (errors.length > 1) errorsOfAttempts.set(error, errors);
    throw error;
  }

  private conclude(isSuccess: boolean, result: unknown, { errors }: Course): unknown {
    if (isSuccess) return result;
    this.exhausted++;
    if (typeof result === 'object' && result !== null && errors.length > 0) {
      keep(errors, result);
      errorsOfAttempts.set(result, errors);
    }
    throw result;
  }
}

/** @throws {TypeError} For an answer that comes later: it would always count as yes. */
function verdict(answer: unknown): boolean {
  if (typeof (answer as PromiseLike<unknown> | null | undefined)?.then === 'function') {
    throw new TypeError('it must answer at once, and returned a promise');
  }
  return Boolean(answer);
}

function turn(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    if (!clock.afterPoll?.(resolve)) resolve();
  });
}

function keep(errors: unknown[], error: unknown): void {
  errors.push(error);
  if (errors.length > KEPT_ERRORS) errors.shift();
}
