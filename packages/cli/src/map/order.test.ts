import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeApart, reduceCrossings } from './order.js';

describe('placeApart', () => {
  it('keeps the order and the gaps, whatever is wished for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 1, max: 60 }))),
        (things) => {
          const gaps = things.map(([, gap]) => gap);
          const wishes = things.map(([wish]) => wish);
          const places = placeApart(wishes, gaps);
          expect(places).toHaveLength(things.length);
          for (let index = 1; index < places.length; index += 1) {
            expect(places[index]! - places[index - 1]!).toBeGreaterThanOrEqual(gaps[index]! - 1e-6);
          }
        },
      ),
    );
  });

  it('gives everyone their wish where there is room', () => {
    expect(placeApart([0, 100, 300], [0, 50, 50])).toEqual([0, 100, 300]);
  });

  it('puts those that want the same place around it', () => {
    expect(placeApart([100, 100, 100], [0, 10, 10])).toEqual([90, 100, 110]);
  });
});

describe('reduceCrossings', () => {
  it('undoes a twist, and keeps everyone in their column', () => {
    const next: Record<string, string[]> = { a: ['z'], b: ['y'], c: ['x'] };
    const before: Record<string, string[]> = { x: ['c'], y: ['b'], z: ['a'] };
    const columns = reduceCrossings(
      [
        ['a', 'b', 'c'],
        ['x', 'y', 'z'],
      ],
      (member) => before[member] ?? [],
      (member) => next[member] ?? [],
    );
    const [from, to] = columns as [string[], string[]];
    expect([...from].sort()).toEqual(['a', 'b', 'c']);
    expect(from.map((member) => next[member]![0])).toEqual(to);
  });
});
