import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOfArguments } from './cache-key.js';

class Money {
  constructor(readonly amount: number) {}
}

describe('the key of arguments', () => {
  it('is the same for the same data, and only then', () => {
    const plain = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: false, maxDepth: 4 });
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 3 }), fc.array(plain, { maxLength: 3 }), (a, b) => {
        const [keyA, keyB] = [keyOfArguments(a), keyOfArguments(b)];
        expect(keyOfArguments(structuredClone(a))).toBe(keyA);
        if (keyA === undefined || keyB === undefined) return;
        expect(keyA === keyB).toBe(isDeeplyEqual(a, b));
      }),
      { numRuns: 1_000 },
    );
  });

  it('tells values apart that look alike', () => {
    const alike: unknown[][] = [
      [],
      [undefined],
      [null],
      ['null'],
      ['undefined'],
      [1],
      ['1'],
      [1n],
      ['1n'],
      [true],
      ['true'],
      [NaN],
      ['NaN'],
      [Infinity],
      [new Date(1)],
      ['Date(1)'],
      [[]],
      [{}],
      ['[]'],
      [[1, 2]],
      [['1,2']],
      [1, 2],
      ['1,2'],
      ['1', '2'],
      [[[1], 2]],
      [[1, [2]]],
      [{ a: 1 }],
      [{ a: undefined }],
      [{ 'a:1': 1 }],
      [{ a: { b: 1 } }],
      [{ 'a.b': 1 }],
      ['"'],
      ['","'],
      ['', ''],
    ];
    expect(new Set(alike.map(keyOfArguments)).size).toBe(alike.length);
  });

  it('does not mind the order in which an object was built', () => {
    expect(keyOfArguments([{ a: 1, b: { c: 2, d: 3 } }])).toBe(keyOfArguments([{ b: { d: 3, c: 2 }, a: 1 }]));
  });

  it('leaves abort signals out, as an argument and among options', () => {
    const { signal } = new AbortController();
    expect(keyOfArguments(['x', signal])).toBe(keyOfArguments(['x']));
    expect(keyOfArguments(['x', { page: 1, signal }])).toBe(keyOfArguments(['x', { page: 1 }]));
  });

  it('does not exist for what cannot be told apart by its data', () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    const untellable = [
      () => {},
      Symbol('s'),
      new Map(),
      new Set([1]),
      new Money(1),
      /x/,
      new Error('x'),
      Promise.resolve(),
      Buffer.from('x'),
      new Proxy(new Money(1), {}),
      cyclic,
      { [Symbol('hidden')]: 1 },
    ];
    for (const value of untellable) {
      expect(keyOfArguments([value])).toBeUndefined();
      expect(keyOfArguments([{ nested: [value] }])).toBeUndefined();
    }
  });

  it('gives up at once on an array that contains itself twice', () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic, cyclic, cyclic);
    // Once each item was looked at before giving up: 3 to the power of 20 of them.
    expect(keyOfArguments([cyclic])).toBeUndefined();
  });
});

/** As `toEqual` would say, but telling `undefined` properties from missing ones, and -0 from 0. */
function isDeeplyEqual(a: unknown, b: unknown): boolean {
  try {
    expect(a).toStrictEqual(b);
    return true;
  } catch {
    return false;
  }
}
