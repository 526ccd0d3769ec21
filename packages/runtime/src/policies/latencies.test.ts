import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Latencies } from './latencies.js';

const filled = (values: number[]): Latencies => {
  const latencies = new Latencies();
  for (const value of values) latencies.add(value);
  return latencies;
};

describe('latencies', () => {
  it('say nothing until there are enough of them', () => {
    expect(filled([]).quantile(0.5)).toBeUndefined();
    expect(filled(Array.from({ length: 31 }, () => 1)).quantile(0.5)).toBeUndefined();
    expect(filled(Array.from({ length: 32 }, () => 1)).quantile(0.5)).toBe(1);
  });

  it('are sorted as numbers, in whatever order they came', () => {
    const values = Array.from({ length: 100 }, (_, index) => (index * 37) % 100);
    expect(filled(values).quantile(0.5)).toBe(50);
    expect(filled(values).quantile(0.95)).toBe(95);
    expect(filled(values).quantile(1)).toBe(99);
  });

  it('forget all but the latest', () => {
    const latencies = filled(Array.from({ length: 1_000 }, () => 1));
    expect(latencies.quantile(0.5)).toBe(1);
    for (let i = 0; i < 256; i++) latencies.add(1000);
    expect(latencies.quantile(0.01)).toBe(1000);
  });

  it('give what sorting the latest 256 gives, at most 32 calls old', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 32, maxLength: 700 }),
        fc.double({ min: 0, max: 1, noNaN: true, minExcluded: true }),
        (values, share) => {
          const latencies = new Latencies();
          let expected: number | undefined;
          values.forEach((value, index) => {
            latencies.add(value);
            const count = index + 1;
            if (count % 32 === 0) {
              const sorted = values.slice(Math.max(0, count - 256), count).sort((a, b) => a - b);
              expected = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
            }
            expect(latencies.quantile(share)).toBe(expected);
          });
        },
      ),
      { numRuns: 30 },
    );
  });
});
