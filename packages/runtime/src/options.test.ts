import { describe, expect, it } from 'vitest';
import {
  aBoolean,
  aClock,
  aDelay,
  aDuration,
  aDurationOrNever,
  aFunction,
  aNumber,
  anObject,
  aRatio,
  aShare,
  aString,
  aWholeNumber,
  aWholeNumberOrInfinity,
  checkOptions,
  checkValue,
  either,
  oneOf,
  show,
  type OptionCheck,
} from './options.js';
import { ManualClock } from './testing.js';

describe('a check', () => {
  const values: [string, OptionCheck, unknown[], unknown[]][] = [
    ['a string', aString, ['a', ' '], ['', 5, null, [], undefined]],
    ['a boolean', aBoolean, [true, false], [0, 'true', null]],
    ['a function', aFunction, [() => {}, class {}], [{}, 'f', null]],
    ['an object', anObject, [{}, [], new Map()], [null, 'o', 5, () => {}]],
    [
      'a clock',
      aClock,
      [new ManualClock()],
      [{}, { now: () => 0 }, { setTimer() {} }, null, Date, 'now', { now: 1, setTimer: 1 }],
    ],
    ['a ratio', aRatio, [1e-9, 0.5, 1], [0, -0.1, 1.0001, NaN, Infinity, '0.5']],
    ['a share', aShare, [0, 0.5, 1], [-0.1, 1.0001, NaN, '0']],
    ['a delay', aDelay, [0, 0.5, 1e12], [-1, NaN, Infinity, '1s', null]],
    ['a duration', aDuration, [0.5, 1e12], [0, -1, NaN, Infinity, '1s', null]],
    ['a duration or never', aDurationOrNever, [0.5, Infinity], [0, -Infinity, NaN, '1s']],
    ['a whole number', aWholeNumber(1), [1, 2 ** 53 - 1], [0, -1, 1.5, NaN, Infinity, 2 ** 53, '1', 1n]],
    ['a whole number or Infinity', aWholeNumberOrInfinity(0), [0, 7, Infinity], [-1, 0.5, NaN, -Infinity, '7']],
    ['a number', aNumber(1), [1, 1.5], [0.9, NaN, Infinity, '1']],
    ['one of some', oneOf('a', 'b', true), ['a', 'b', true], ['c', '', false, 1, null]],
    ['either', either(aDuration, aFunction), [1, () => 1], [0, '1', null]],
  ];

  it.each(values)('for %s accepts what is allowed and nothing else', (_, rule, good, bad) => {
    expect(good.filter((value) => !rule.accepts(value))).toEqual([]);
    expect(bad.filter((value) => rule.accepts(value))).toEqual([]);
  });
});

describe('a bad option', () => {
  const checks = {
    limit: aWholeNumber(1),
    delay: aDelay,
    maxDelay: aDelay,
    maxDelays: aDelay,
    mode: oneOf('hard', 'soft'),
  };
  const check = (options: unknown) => () => checkOptions('thing', options as never, checks as never);

  it('of the right type is a RangeError, of a wrong type a TypeError; both name option, value and what is allowed', () => {
    expect(check({ limit: 0 })).toThrow(new RangeError('thing: limit must be a whole number of at least 1, got 0'));
    expect(check({ limit: '3' })).toThrow(new TypeError('thing: limit must be a whole number of at least 1, got "3"'));
    expect(check({ limit: null })).toThrow(
      new TypeError('thing: limit must be a whole number of at least 1, got null'),
    );
    expect(check({ limit: '3' })).toThrow(TypeError);
    expect(check({ limit: 0 })).toThrow(RangeError);
  });

  it('that is unknown is a TypeError that lists what is allowed', () => {
    expect(check({ colour: 1 })).toThrow(
      new TypeError('thing: unknown option "colour". Allowed: limit, delay, maxDelay, maxDelays, mode'),
    );
  });

  it('that is misspelt suggests the nearest, not the first that is near', () => {
    const nearest = (key: string): string | undefined => {
      try {
        check({ [key]: 1 })();
        return undefined;
      } catch (error) {
        return /did you mean "(\w+)"/.exec((error as Error).message)?.[1];
      }
    };
    expect(nearest('limt')).toBe('limit');
    expect(nearest('LIMIT')).toBe('limit');
    expect(nearest('maxdelay')).toBe('maxDelay');
    expect(nearest('maxDelayss')).toBe('maxDelays');
    expect(nearest('mod')).toBe('mode');
    expect(nearest('timeoutInMilliseconds')).toBeUndefined();
  });

  it('that a prototype happens to know is unknown all the same', () => {
    expect(check({ toString: 1 })).toThrow('unknown option "toString"');
    expect(check(JSON.parse('{"__proto__": 1}'))).toThrow('unknown option "__proto__"');
  });

  it.each([[null], ['text'], [5], [[]], [undefined], [true]])('%o in place of options is a TypeError', (options) => {
    expect(check(options)).toThrow(TypeError);
    expect(check(options)).toThrow('thing: options must be an object, got ');
  });

  it('given as undefined counts as absent', () => {
    expect(check({ limit: undefined, mode: undefined })).not.toThrow();
  });
});

describe('a value in a message', () => {
  it.each([
    ['text', '"text"'],
    ['x'.repeat(100), `"${'x'.repeat(60)}…"`],
    [() => {}, 'a function'],
    [function named() {}, 'the function named'],
    [{ secret: 'hidden' }, 'an object'],
    [['secret'], 'an array'],
    [null, 'null'],
    [undefined, 'undefined'],
    [12n, '12n'],
    [Symbol('s'), 'Symbol(s)'],
    [-0, '0'],
    [NaN, 'NaN'],
  ])('%o is short, and is not read through', (value, shown) => {
    expect(show(value)).toBe(shown);
  });

  it('names who complains, even for a single value', () => {
    expect(() => checkValue('owner', 'the duration', -1, aDuration)).toThrow(
      'owner: the duration must be a number of milliseconds above 0 and finite, got -1',
    );
  });
});
