import { systemClock, type Clock } from '../clock.js';
import { aClock, aNumber, aRatio, checkOptions, type OptionChecks } from '../options.js';

export interface RetryBudgetOptions {
  /** Retries per call: 0.1 (the default) lets retries add at most a tenth to the load, in the long run. */
  ratio?: number;
  /** Retries per second that are always allowed, so that a quiet service can retry too; 10 by default. */
  minPerSecond?: number;
  clock?: Clock;
}

const checks: OptionChecks<RetryBudgetOptions> = { ratio: aRatio, minPerSecond: aNumber(0), clock: aClock };

/** Seconds of allowance that can be saved up. */
const SAVED_SECONDS = 10;

/** Keeps retries a bounded share of the load. Make one per dependency and give it to all retries that call it. */
export interface RetryBudget {
  /** A call began: it earns a share of a retry. */
  deposit(): void;
  /** Takes one retry out; false when none is left. */
  withdraw(): boolean;
}

/**
 * A budget of retries that can be shared between policies.
 *
 * @see Finagle's RetryBudget; Google, *Site Reliability Engineering*, "Handling Overload"
 */
export function retryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  checkOptions('retryBudget', options, checks);
  const { ratio = 0.1, minPerSecond = 10, clock = systemClock } = options;
  // Deposits can save up as much as the fixed allowance of ten seconds, and at least ten retries.
  const most = Math.max(10, minPerSecond * SAVED_SECONDS);
  let earned = 0;
  let allowance = minPerSecond * 1;
  let filledAt = clock.now();
  return {
    deposit() {
      earned = Math.min(most, earned + ratio);
    },
    withdraw() {
      const now = clock.now();
      allowance = Math.min(Math.max(1, minPerSecond), allowance + ((now - filledAt) / 1000) * minPerSecond);
      filledAt = now;
      if (earned >= 1 - 1e-9) earned -= 1;
      else if (minPerSecond > 0 && allowance >= 1 - 1e-9) allowance -= 1;
      else return false;
      return true;
    },
  };
}
