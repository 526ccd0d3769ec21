import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing.js';
import { retryBudget, type RetryBudgetOptions } from './retry-budget.js';

const withdrawals = (budget: { withdraw(): boolean }, tries = 1000): number => {
  let count = 0;
  for (let i = 0; i < tries; i++) if (budget.withdraw()) count++;
  return count;
};

describe('a retry budget', () => {
  it('lets retries add a share of the calls, and no more', () => {
    const budget = retryBudget({ ratio: 0.2, minPerSecond: 0, clock: new ManualClock() });
    for (let call = 0; call < 40; call++) budget.deposit();
    expect(withdrawals(budget)).toBe(8);
  });

  it('ten deposits of a tenth are one retry: sums of fractions do not lose it', () => {
    const budget = retryBudget({ minPerSecond: 0, clock: new ManualClock() });
    for (let call = 0; call < 10; call++) budget.deposit();
    expect(budget.withdraw()).toBe(true);
    expect(budget.withdraw()).toBe(false);
  });

  it('a quiet service may retry a few times a second', async () => {
    const clock = new ManualClock();
    const budget = retryBudget({ minPerSecond: 3, clock });
    expect(withdrawals(budget)).toBe(3);
    await clock.advance(500);
    expect(withdrawals(budget)).toBe(1);
    await clock.advance(1000);
    expect(withdrawals(budget)).toBe(3);
  });

  it('less than one retry a second adds up to one', async () => {
    const clock = new ManualClock();
    const budget = retryBudget({ minPerSecond: 0.5, clock });
    expect(withdrawals(budget)).toBe(0);
    await clock.advance(1000);
    expect(withdrawals(budget)).toBe(1);
    await clock.advance(1900);
    expect(withdrawals(budget)).toBe(0);
    await clock.advance(100);
    expect(withdrawals(budget)).toBe(1);
  });

  it('an idle hour does not save up a storm', async () => {
    const clock = new ManualClock();
    const budget = retryBudget({ minPerSecond: 5, clock });
    withdrawals(budget);
    await clock.advance(3_600_000);
    expect(withdrawals(budget)).toBe(5);
  });

  it('a healthy hour does not save up a storm', () => {
    const budget = retryBudget({ ratio: 1, minPerSecond: 0, clock: new ManualClock() });
    for (let call = 0; call < 1_000_000; call++) budget.deposit();
    expect(withdrawals(budget)).toBe(10);
  });

  it('over any time, retries stay within the share of the calls, the allowance, and what was saved up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 20 }),
        fc.array(fc.oneof(fc.constant('call'), fc.constant('retry'), fc.integer({ min: 1, max: 700 })), {
          maxLength: 200,
        }),
        async (ratio, minPerSecond, steps) => {
          const clock = new ManualClock();
          const budget = retryBudget({ ratio, minPerSecond, clock });
          let calls = 0;
          let retries = 0;
          for (const step of steps) {
            if (step === 'call') {
              calls++;
              budget.deposit();
            } else if (step === 'retry') {
              if (budget.withdraw()) retries++;
            } else await clock.advance(step as number);
            const most = calls * ratio + (clock.now() / 1000) * minPerSecond + minPerSecond;
            expect(retries).toBeLessThanOrEqual(most + 1e-6);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('options', () => {
  it.each([
    [{ ratio: 0 }, RangeError, 'retryBudget: ratio must be a number above 0 and at most 1, got 0'],
    [{ ratio: 1.5 }, RangeError, 'retryBudget: ratio must be a number above 0 and at most 1, got 1.5'],
    [{ ratio: NaN }, RangeError, 'retryBudget: ratio must be a number above 0 and at most 1, got NaN'],
    [{ ratio: '10%' }, TypeError, 'retryBudget: ratio must be a number above 0 and at most 1, got "10%"'],
    [{ minPerSecond: -1 }, RangeError, 'retryBudget: minPerSecond must be a finite number of at least 0, got -1'],
    [
      { minPerSecond: Infinity },
      RangeError,
      'retryBudget: minPerSecond must be a finite number of at least 0, got Infinity',
    ],
    [{ ratoi: 0.1 }, TypeError, 'retryBudget: unknown option "ratoi", did you mean "ratio"? Allowed: '],
    [null, TypeError, 'retryBudget: options must be an object, got null'],
  ])('%o cannot work', (options, type, message) => {
    const make = (): unknown => retryBudget(options as RetryBudgetOptions);
    expect(make).toThrow(type);
    expect(make).toThrow(message);
  });
});
