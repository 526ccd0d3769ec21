import type { Clock } from './clock.js';

/** Says what one option may be. */
export interface OptionCheck {
  /** What is allowed, to end the sentence "must be …". */
  readonly allowed: string;
  accepts(value: unknown): boolean;
  /** A wrong value of the right type is a `RangeError`, one of the wrong type a `TypeError`. */
  readonly type: string;
}

const check = (type: string, allowed: string, accepts: (value: never) => boolean): OptionCheck => ({
  type,
  allowed,
  accepts: (value) => typeof value === type && accepts(value as never),
});

export const aString: OptionCheck = check('string', 'a non-empty string', (value: string) => value.length > 0);
export const aBoolean: OptionCheck = check('boolean', 'true or false', () => true);
export const aFunction: OptionCheck = check('function', 'a function', () => true);
export const anObject: OptionCheck = check('object', 'an object', (value: object | null) => value !== null);
/** Told by its parts; anything else would fail on the first call only. */
export const aClock: OptionCheck = {
  type: 'a clock',
  allowed: 'a clock (an object with now and setTimer)',
  accepts: (value) =>
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Clock).now === 'function' &&
    typeof (value as Clock).setTimer === 'function',
};
/** A ratio from 0 (excluded) to 1. */
export const aRatio: OptionCheck = check(
  'number',
  'a number above 0 and at most 1',
  (value: number) => value > 0 && value <= 1,
);
/** A share from 0 to 1, both included. */
export const aShare: OptionCheck = check('number', 'a number from 0 to 1', (value: number) => value >= 0 && value <= 1);
/** A duration in ms that may be 0. */
export const aDelay: OptionCheck = check(
  'number',
  'a number of milliseconds, 0 or more and finite',
  (value: number) => value >= 0 && value < Infinity,
);
/** A duration in ms above 0. */
export const aDuration: OptionCheck = check(
  'number',
  'a number of milliseconds above 0 and finite',
  (value: number) => value > 0 && value < Infinity,
);
/** A duration in ms above 0; `Infinity` is "never". */
export const aDurationOrNever: OptionCheck = check(
  'number',
  'a number of milliseconds above 0, or Infinity',
  (value: number) => value > 0,
);

export function aWholeNumber(least: number): OptionCheck {
  return check(
    'number',
    `a whole number of at least ${least}`,
    (value: number) => Number.isSafeInteger(value) && value >= least,
  );
}

/** As {@link aWholeNumber}, `Infinity` included. */
export function aWholeNumberOrInfinity(least: number): OptionCheck {
  const whole = aWholeNumber(least);
  return {
    ...whole,
    allowed: `${whole.allowed}, or Infinity`,
    accepts: (value) => value === Infinity || whole.accepts(value),
  };
}

export function aNumber(least: number): OptionCheck {
  return check('number', `a finite number of at least ${least}`, (value: number) => value >= least && value < Infinity);
}

export function oneOf(...values: (string | boolean)[]): OptionCheck {
  const allowed = `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`;
  return { type: 'string', allowed, accepts: (value) => values.includes(value as string) };
}

export function either(first: OptionCheck, second: OptionCheck): OptionCheck {
  return {
    type: first.type,
    allowed: `${first.allowed} or ${second.allowed}`,
    accepts: (value) => first.accepts(value) || second.accepts(value),
  };
}

/** The checks for every key of an options type. */
export type OptionChecks<Options> = { readonly [Key in keyof Required<Options>]: OptionCheck };

/**
 * Refuses options that cannot work, before the first call. An option given as `undefined` counts as absent.
 *
 * @throws {TypeError} For an unknown option, or a value of the wrong type.
 * @throws {RangeError} For a value of the right type that is out of range.
 */
export function checkOptions<Options extends object>(
  owner: string,
  options: Options,
  checks: OptionChecks<Options>,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${owner}: options must be an object, got ${show(options)}`);
  }
  for (const [key, value] of Object.entries(options)) {
    const rule: OptionCheck | undefined = Object.hasOwn(checks, key) ? checks[key as keyof Options] : undefined;
    if (!rule) throw new TypeError(unknownOption(owner, key, Object.keys(checks)));
    if (value !== undefined) checkValue(owner, key, value, rule);
  }
}

/** Checks one value, as {@link checkOptions} does. */
export function checkValue(owner: string, key: string, value: unknown, rule: OptionCheck): void {
  if (rule.accepts(value)) return;
  const ErrorType = typeof value === rule.type && value !== null ? RangeError : TypeError;
  throw new ErrorType(`${owner}: ${key} must be ${rule.allowed}, got ${show(value)}`);
}

/** A value as a message shows it: short, and without reading through it. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

function unknownOption(owner: string, key: string, known: string[]): string {
  const far = (name: string): number => distance(name.toLowerCase(), key.toLowerCase());
  const near = known.filter((name) => far(name) <= 2).sort((a, b) => far(a) - far(b))[0];
  return `${owner}: unknown option ${JSON.stringify(key)}${near ? `, did you mean "${near}"?` : ''} Allowed: ${known.join(', ')}`.replace(
    '" Allowed',
    '". Allowed',
  );
}

/** Levenshtein distance: how many letters to change, add or drop. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
