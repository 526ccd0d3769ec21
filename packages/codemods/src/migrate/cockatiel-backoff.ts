import { ts } from 'ts-morph';
import { Obstacle } from './migration.js';
import { baseText, knownNumber, Options, type KnownNumber } from './options.js';
import { longestTimer } from './sleep.js';
import type { ExportOf } from './cockatiel-handled.js';

/**
 * The delays of a back-off of cockatiel as a function of the failed attempt. That way they are cockatiel's own numbers, and
 * `Retry-After` of a response does not change them.
 *
 * A timer of Node waits 1 ms at least, which is what cockatiel does for a delay of 0, and Holdfast does not: so none is shorter.
 */
export function cockatielDelay(
  backoff: ts.Expression | undefined,
  retries: number,
  exportOf: ExportOf,
  checker: ts.TypeChecker,
): string {
  if (!backoff) return '() => 1';
  if (!ts.isNewExpression(backoff)) throw new Obstacle('dynamic-option');
  const [given, ...rest] = backoff.arguments ?? [];
  if (rest.length > 0) throw new Obstacle('option');
  switch (exportOf(backoff.expression)) {
    case 'ConstantBackoff':
      return `() => ${wholeDelay(given, checker)}`;
    case 'IterableBackoff':
      return fromList(given, retries, checker);
    case 'ExponentialBackoff':
      return exponential(new Options(given, checker), retries, exportOf);
    case 'DelegateBackoff':
      throw new Obstacle('option');
    default:
      throw new Obstacle('dynamic-option');
  }
}

function wholeDelay(given: ts.Expression | undefined, checker: ts.TypeChecker): string {
  if (!given) throw new Obstacle('invalid-option');
  const delay = knownNumber(given, checker);
  if (!Number.isInteger(delay.value) || delay.value < 0) throw new Obstacle('invalid-option');
  if (delay.value > longestTimer) throw new Obstacle('unbounded');
  return delay.value === 0 ? '1' : unshadowed(delay);
}

/** One after the other, the last one for ever. */
function fromList(given: ts.Expression | undefined, retries: number, checker: ts.TypeChecker): string {
  if (!given || !ts.isArrayLiteralExpression(given)) throw new Obstacle('dynamic-option');
  const delays = given.elements.map((element) => wholeDelay(element, checker));
  if (delays.length === 0) throw new Obstacle('invalid-option');
  if (delays.length === 1 || retries === 1) return `() => ${delays[0]!}`;
  const index = retries > delays.length ? `Math.min(attempt, ${String(delays.length)}) - 1` : 'attempt - 1';
  return `(_, attempt) => [${delays.join(', ')}][${index}]`;
}

function exponential(options: Options, retries: number, exportOf: ExportOf): string {
  options.allowOnly(['initialDelay', 'maxDelay', 'exponent', 'generator']);
  const initial = options.number('initialDelay', 128);
  const most = options.number('maxDelay', 30_000);
  const exponent = options.number('exponent', 2);
  if (!(initial.value >= 2) || !Number.isInteger(initial.value) || !(exponent.value > 1)) throw new Obstacle('option');
  if (!(most.value >= initial.value) || !Number.isInteger(most.value)) throw new Obstacle('option');
  if (most.value > longestTimer) throw new Obstacle('unbounded');
  const generator = options.get('generator');
  switch (generator ? exportOf(generator) : 'decorrelatedJitterGenerator') {
    case 'decorrelatedJitterGenerator':
      return decorrelated(initial, exponent, most, retries);
    case 'noJitterGenerator':
      return overAttempts(plain(initial, most, retries));
    case 'fullJitterGenerator':
      return overAttempts(`Math.floor(Math.random() * ${plain(initial, most, retries)}) || 1`);
    case 'halfJitterGenerator':
      return overAttempts(`Math.floor(((1 + Math.random()) * ${plain(initial, most, retries)}) / 2)`);
    default:
      throw new Obstacle('option');
  }
}

/** Cockatiel doubles the delay here, whatever the exponent. */
function plain(initial: KnownNumber, most: KnownNumber, retries: number): string {
  if (retries === 1) return unshadowed(initial);
  const grown = `${unshadowed(initial)} * 2 ** (attempt - 1)`;
  return initial.value * 2 ** (retries - 1) > most.value ? `Math.min(${grown}, ${unshadowed(most)})` : grown;
}

function overAttempts(formula: string): string {
  return `${formula.includes('attempt') ? '(_, attempt)' : '()'} => ${formula}`;
}

/**
 * Each delay is the distance between two points of a curve, one drawn at random in each attempt: the sum of all delays up to now is
 * the point before. Where a delay may be cut, the sum is less than that.
 */
function decorrelated(initial: KnownNumber, exponent: KnownNumber, most: KnownNumber, retries: number): string {
  const scale = initial.value / 1.4;
  const curve = (time: number): number => exponent.value ** time * Math.tanh(Math.sqrt(4 * time));
  for (let retry = 1; retry <= retries; retry++) {
    if (scale * (curve(retry) - curve(Math.max(0, retry - 2))) > most.value) throw new Obstacle('option');
  }
  const time = 'attempt - 1 + Math.random()';
  const point = `(${unshadowed(initial)} / 1.4) * ${baseText({ ...exponent, text: unshadowed(exponent) })} ** time * Math.tanh(Math.sqrt(4 * time))`;
  return `(_, attempt, waited) => { const time = ${time}; return Math.max(1, ${point} - waited); }`;
}

/** Inside the function these names mean its own. */
function unshadowed({ text }: KnownNumber): string {
  if (/\b(?:_|attempt|waited|time)\b/.test(text)) throw new Obstacle('dynamic-option');
  return text;
}
