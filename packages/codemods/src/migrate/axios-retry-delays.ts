import { ts } from 'ts-morph';
import type { Layout } from '../layout.js';
import { isGlobal } from '../nodes.js';
import { Obstacle } from './migration.js';
import { knownNumber, type KnownNumber } from './options.js';
import { longestTimer, onlyExpression } from './sleep.js';

/** The factor of axios-retry, unless another one is given. */
const hundred: KnownNumber = { value: 100, text: '100' };

/** What the delays of one client depend on. */
export interface DelaySource {
  /** The option of axios-retry. */
  readonly given: ts.Expression | undefined;
  readonly retries: number;
  /** Whether an error with a response may be retried: then its `Retry-After` counts. */
  readonly mayBeAnswered: boolean;
  /** How the code says `axios`. */
  readonly axios: string;
  /** The name of the function of axios-retry that a piece of code stands for. */
  helper(node: ts.Node): string | undefined;
  readonly checker: ts.TypeChecker;
  /** The indentation that its lines have in addition to their own. */
  readonly outer: string;
  readonly layout: Layout;
}

/**
 * The delays of axios-retry as the option `delay`: the same numbers, those of a `Retry-After` included. A timer counts whole milliseconds,
 * 1 at least.
 */
export function delayText(source: DelaySource): string {
  const { given, checker } = source;
  if (!given) return growing(source, undefined);
  if (source.helper(given) === 'exponentialDelay') return growing(source, exponential(source, hundred));
  if (ts.isCallExpression(given)) {
    if (source.helper(given.expression) !== 'linearDelay' || given.arguments.length > 1) throw new Obstacle('option');
    const [factor] = given.arguments;
    return growing(source, linear(source, factor ? knownNumber(factor, checker) : hundred));
  }
  return ownDelay(source);
}

interface Growth {
  readonly text: string;
  readonly isSpread: boolean;
}

function linear({ retries }: DelaySource, factor: KnownNumber): Growth {
  checkDelays([factor.value, factor.value * Math.max(1, retries)]);
  return { text: `attempt * ${nameOf(factor)}`, isSpread: false };
}

function exponential({ retries }: DelaySource, factor: KnownNumber): Growth {
  checkDelays([2 * factor.value, 2 ** retries * factor.value * 1.2]);
  return { text: `2 ** attempt * ${nameOf(factor)}`, isSpread: true };
}

/** @throws {Obstacle} For what a timer takes for 1 ms. */
function checkDelays(delays: readonly number[]): void {
  if (delays.some((delay) => !(delay >= 1))) throw new Obstacle('invalid-option');
  if (delays.some((delay) => delay > longestTimer)) throw new Obstacle('unbounded');
}

/** Inside the function these names mean its own. */
function nameOf({ text }: KnownNumber): string {
  if (['error', 'attempt', 'header', 'asked', 'wait'].includes(text)) throw new Obstacle('dynamic-option');
  return text;
}

function growing({ mayBeAnswered, axios, outer, layout }: DelaySource, growth: Growth | undefined): string {
  const { eol, indent, quote, semicolon } = layout;
  const lines: string[] = [];
  if (mayBeAnswered) {
    lines.push(
      `const header: unknown = ${axios}.isAxiosError(error) ? error.response?.headers[${quote}retry-after${quote}] : undefined`,
      'const asked = (Number(header) || 0) * 1000 || (Date.parse(String(header)) || 0) - Date.now()',
    );
  }
  const wait = !growth ? 'asked' : mayBeAnswered ? `Math.max(${growth.text}, asked)` : growth.text;
  if (!growth) lines.push('return Math.max(1, Math.trunc(asked))');
  else if (growth.isSpread) lines.push(`const wait = ${wait}`, 'return Math.trunc(wait + wait * 0.2 * Math.random())');
  else lines.push(`return Math.trunc(${wait})`);
  if (!mayBeAnswered && !growth) return '() => 1';
  if (!mayBeAnswered && growth?.isSpread === false) return `(_, attempt) => ${growth.text}`;
  const body = lines.map((line) => `${outer}${indent}${line}${semicolon}${eol}`).join('');
  const parameters = !mayBeAnswered ? '_, attempt' : growth ? 'error, attempt' : 'error';
  return `(${parameters}) => {${eol}${body}${outer}}`;
}

/** A function that works the delay out from the number of the retry, and says so in one expression. */
function ownDelay(source: DelaySource): string {
  const { given, retries, checker } = source;
  if (!given || !ts.isArrowFunction(given) || given.modifiers?.length) throw new Obstacle('option');
  const body = onlyExpression(given);
  const names = given.parameters.map(({ name, initializer, dotDotDotToken }) => {
    if (initializer || dotDotDotToken || !ts.isIdentifier(name)) throw new Obstacle('option');
    return name.text;
  });
  const [count, error, ...others] = names;
  if (!body || others.length > 0 || isStatement(given)) throw new Obstacle('option');
  if (ts.isCallExpression(body) && source.helper(body.expression) === 'exponentialDelay') {
    const [first, second, factor, ...rest] = body.arguments;
    const isHanded = first?.getText() === count && second !== undefined && second.getText() === error;
    if (!isHanded || rest.length > 0) throw new Obstacle('option');
    return growing(source, exponential(source, factor ? knownNumber(factor, checker) : hundred));
  }
  if (body.getText().split('random').length > 2 || count === '_') throw new Obstacle('option');
  // Chance at its least and at its most: what comes once, and not in a power or a fraction, lies between.
  const delays = Array.from({ length: retries }, (_, index) => index + 1).flatMap((retry) =>
    [0, 1].map((chance) => numberOf(body, { count, retry, chance, checker })),
  );
  checkDelays(delays);
  const isWhole = delays.every(Number.isInteger) && !/\brandom\b/.test(body.getText());
  const text = isWhole ? body.getText() : `Math.trunc(${body.getText()})`;
  return count === undefined ? `() => ${text}` : `(_, ${count}) => ${text}`;
}

/** `{ delay(); }`, which returns nothing. */
function isStatement({ body }: ts.ArrowFunction): boolean {
  return ts.isBlock(body) && !ts.isReturnStatement(body.statements[0]!);
}

interface Known {
  readonly count: string | undefined;
  readonly retry: number;
  readonly chance: number;
  readonly checker: ts.TypeChecker;
}

/** @throws {Obstacle} When it is more than arithmetic. */
function numberOf(node: ts.Expression, known: Known): number {
  const value = (inner: ts.Expression): number => numberOf(inner, known);
  if (ts.isParenthesizedExpression(node)) return value(node.expression);
  if (ts.isIdentifier(node) && node.text === known.count) return known.retry;
  if (ts.isBinaryExpression(node)) {
    const operate = operators[node.operatorToken.getText()];
    const isCurved = operate === operators['**'] || operate === operators['/'];
    if (!operate || (isCurved && /\brandom\b/.test(node.getText()))) throw new Obstacle('option');
    return operate(value(node.left), value(node.right));
  }
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { expression, name } = node.expression;
    if (!isGlobal(expression, 'Math', known.checker)) throw new Obstacle('option');
    if (name.text === 'random' && node.arguments.length === 0) return known.chance;
    const operate = functions[name.text];
    if (!operate) throw new Obstacle('option');
    return operate(...node.arguments.map(value));
  }
  return knownNumber(node, known.checker).value;
}

const operators: Readonly<Partial<Record<string, (a: number, b: number) => number>>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '**': (a, b) => a ** b,
};

const functions: Readonly<Partial<Record<string, (...values: number[]) => number>>> = {
  ceil: (value = NaN) => Math.ceil(value),
  floor: (value = NaN) => Math.floor(value),
  max: Math.max,
  min: Math.min,
  round: (value = NaN) => Math.round(value),
};
