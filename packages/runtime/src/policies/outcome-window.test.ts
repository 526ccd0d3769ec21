import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CountWindow, TimeWindow, type OutcomeWindow } from './outcome-window.js';

interface Call {
  at: number;
  isFailure: boolean;
  isSlow: boolean;
}

const sums = ({ calls, failures, slow }: OutcomeWindow): number[] => [calls, failures, slow];
const sumsOf = (calls: Call[]): number[] => [
  calls.length,
  calls.filter(({ isFailure }) => isFailure).length,
  calls.filter(({ isSlow }) => isSlow).length,
];

/** Calls with growing times, some far apart. */
const calls = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 5_000 })),
      isFailure: fc.boolean(),
      isSlow: fc.boolean(),
    }),
    { maxLength: 120 },
  )
  .map((gaps) => {
    let at = 0;
    return gaps.map(({ gap, ...call }): Call => ({ ...call, at: (at += gap) }));
  });

describe('a count window', () => {
  it('holds exactly the last calls, whatever came before', () => {
    fc.assert(
      fc.property(calls, fc.integer({ min: 1, max: 20 }), (all, size) => {
        const window = new CountWindow(size);
        for (const [index, { at, isFailure, isSlow }] of all.entries()) {
          window.add(at, isFailure, isSlow);
          expect(sums(window)).toEqual(sumsOf(all.slice(Math.max(0, index + 1 - size), index + 1)));
        }
      }),
    );
  });

  it('is empty after it is cleared, and counts on', () => {
    const window = new CountWindow(3);
    for (let i = 0; i < 5; i++) window.add(0, true, true);
    window.clear();
    expect(sums(window)).toEqual([0, 0, 0]);
    window.add(0, true, false);
    window.add(0, false, true);
    expect(sums(window)).toEqual([2, 1, 1]);
  });
});

describe('a time window', () => {
  it('holds every call of the last nine tenths of its period, and none that is older than the period', () => {
    fc.assert(
      fc.property(calls, fc.constantFrom(100, 250, 1000, 33), fc.nat({ max: 10_000 }), (all, period, start) => {
        const window = new TimeWindow(period);
        for (const [index, { at, isFailure, isSlow }] of all.entries()) {
          window.add(start + at, isFailure, isSlow);
          const seen = all.slice(0, index + 1);
          const surely = sumsOf(seen.filter((call) => at - call.at <= period * 0.9));
          const perhaps = sumsOf(seen.filter((call) => at - call.at < period));
          for (const [field, sum] of sums(window).entries()) {
            expect(sum).toBeGreaterThanOrEqual(surely[field]!);
            expect(sum).toBeLessThanOrEqual(perhaps[field]!);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('an idle hour empties the window', () => {
    const window = new TimeWindow(10_000);
    for (let i = 0; i < 50; i++) window.add(i * 100, true, true);
    window.add(3_600_000, false, false);
    expect(sums(window)).toEqual([1, 0, 0]);
  });

  it('an idle stretch that is a whole number of rounds empties the window too', () => {
    const window = new TimeWindow(1000);
    window.add(50, true, true);
    window.add(1050, false, false);
    expect(sums(window)).toEqual([1, 0, 0]);
    window.add(11_050, false, false);
    expect(sums(window)).toEqual([1, 0, 0]);
  });

  it('is empty after it is cleared, and what it held does not go out of it again later', () => {
    const window = new TimeWindow(1000);
    for (let at = 0; at < 900; at += 100) window.add(at, true, true);
    window.clear();
    window.add(950, true, false);
    window.add(1500, false, false);
    expect(sums(window)).toEqual([2, 1, 0]);
  });

  it('a clock that begins anew (fake timers going or coming) leaves sums that agree with what is in it', () => {
    const window = new TimeWindow(1000);
    for (let at = 100_000; at < 101_000; at += 100) window.add(at, true, true);
    for (let at = 0; at < 5_000; at += 10) {
      window.add(at, false, false);
      expect(window.failures).toBeGreaterThanOrEqual(0);
    }
    expect(window.failures).toBe(0);
    expect(window.slow).toBe(0);
    expect(window.calls).toBeLessThanOrEqual(100);
  });
});

describe('the cost of a call', () => {
  it('does not grow with the calls in the window: a time window keeps sums, in a fixed number of cells', () => {
    const cells = (window: OutcomeWindow): number =>
      Object.values(window).reduce((count: number, value: unknown) => {
        return count + (ArrayBuffer.isView(value) ? (value as Uint8Array).length : 1);
      }, 0);
    const window = new TimeWindow(10_000);
    const before = cells(window);
    for (let i = 0; i < 100_000; i++) window.add(i / 100, i % 3 === 0, false);
    expect(window.calls).toBe(100_000);
    expect(cells(window)).toBe(before);
    expect(before).toBeLessThan(50);
  });

  it('does not grow with the size of a count window: adding touches one cell', () => {
    const window = new CountWindow(100_000) as unknown as { ring: Uint8Array };
    let touched = 0;
    const count =
      (trap: 'get' | 'set') =>
      (...args: [Uint8Array, string, unknown?]): unknown => {
        if (/^\d+$/.test(String(args[1]))) touched++;
        return trap === 'get' ? args[0][args[1] as never] : Reflect.set(args[0], args[1], args[2]);
      };
    window.ring = new Proxy(window.ring, { get: count('get') as never, set: count('set') as never });
    const full = window as unknown as CountWindow;
    full.add(0, true, false);
    const atFirst = touched;
    full.calls = 100_000;
    touched = 0;
    full.add(0, true, false);
    expect(atFirst).toBe(1);
    expect(touched).toBe(2);
  });
});
