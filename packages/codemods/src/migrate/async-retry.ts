import { ts } from 'ts-morph';
import type { Edit } from '../plan.js';
import { backoff } from './backoff.js';
import { defaultCalls } from './default-calls.js';
import { isErrorRead } from './error-read.js';
import { Obstacle, type Migration, type Rewrite, type Surroundings } from './migration.js';
import { mentions, migrateOperation, returnsPromise, throwsNoError } from './operation.js';
import { isAnyUndefined, numberText, Options, type KnownNumber } from './options.js';
import { usesOf } from './package-uses.js';
import { replaceArguments } from './rewrite.js';

const name = 'async-retry';
/** An error can end the retries by a property of its own. */
const repeats = '(error) => !(error as { bail?: unknown }).bail';
const runtime = '@holdfast/runtime';
const known = ['retries', 'factor', 'minTimeout', 'maxTimeout', 'randomize', 'maxRetryTime', 'forever', 'unref'];

/**
 * `retry(operation, options)` becomes `withRetry(operation, options)`.
 *
 * async-retry throws the error whose message came most often, the latest of those, and Holdfast throws the last error. The two
 * are the same after two attempts; after more, only a call whose error nobody reads is changed.
 */
export const asyncRetry: Migration = {
  packages: [name],
  sites(around) {
    const uses = usesOf(around.file, around.program, name);
    return defaultCalls(uses, around, uses.version?.startsWith('1.') ? undefined : 'version', rewrite);
  },
};

function rewrite(call: ts.CallExpression, { file, program, layout, imports }: Surroundings): Rewrite {
  const checker = program.getTypeChecker();
  const [operation, given, ...rest] = call.arguments;
  if (!operation || rest.length > 0 || !returnsPromise(operation, checker)) throw new Obstacle('operation');
  const parameters = migrateParameters(operation, checker);
  const options = new Options(given, checker);
  // It is not the same as leaving the option away: `retries: undefined` never retries.
  if (given && isAnyUndefined(given)) throw new Obstacle('invalid-option');
  options.allowOnly(known);
  if (options.number('maxRetryTime', Infinity).value !== Infinity) throw new Obstacle('option');
  if (options.boolean('unref', false)) throw new Obstacle('option');
  if (options.boolean('forever', false)) throw new Obstacle('unbounded');

  const retries = options.number('retries', 10);
  if (retries.value === Infinity) throw new Obstacle('unbounded');
  if (!Number.isInteger(retries.value) || retries.value < 0) throw new Obstacle('invalid-option');
  if (throwsNoError(operation, checker)) throw new Obstacle('throws-no-error');
  const delay = delayOf(options, retries.value);
  if (retries.value > 1 && isErrorRead(call)) throw new Obstacle('which-error');

  const attempts =
    /^\d+$/.test(retries.text) || !options.get('retries') ? String(retries.value + 1) : `${retries.text} + 1`;
  const text = [`maxAttempts: ${attempts}`, ...(retries.value === 0 ? [] : [`delay: ${delay}`, `retryIf: ${repeats}`])];
  const edits: Edit[] = [
    { start: call.expression.getStart(file), end: call.expression.end, text: imports.use(runtime, 'withRetry') },
    ...withoutErrorType(call),
    ...parameters,
    replaceArguments(file, operation, given, text, layout),
  ];
  return { edits, policies: ['retry'] };
}

/** The delays are made before the first attempt, and sorted: only where they grow anyway is the formula all there is to it. */
function delayOf(options: Options, retries: number): string {
  const factor = options.number('factor', 2);
  const given = options.number('minTimeout', 1000);
  const maxTimeout = options.number('maxTimeout', Infinity);
  const isRandom = options.boolean('randomize', true);
  if (given.value > maxTimeout.value) throw new Obstacle('invalid-option');
  // A delay of 0 takes a turn of the timers here, and none in Holdfast.
  if (maxTimeout.value < 1) throw new Obstacle('option');
  if (retries > 1 && factor.value < (isRandom ? 2 : 1)) throw new Obstacle('option');
  const minTimeout: KnownNumber = given.value < 1 ? { value: 1, text: numberText(1) } : given;
  return backoff({ retries, factor, minTimeout, maxTimeout, isRandom });
}

/** Takes `bail` away where it has no use, and the number of the attempt from the context. */
function migrateParameters(operation: ts.Expression, checker: ts.TypeChecker): Edit[] {
  if (!(ts.isArrowFunction(operation) || ts.isFunctionExpression(operation)) || operation.parameters.length === 0) {
    return migrateOperation(operation, checker);
  }
  const [bail, attempt, ...others] = operation.parameters;
  const isPlain = [bail!, ...(attempt ? [attempt] : [])].every(
    ({ name, initializer, dotDotDotToken }) =>
      !initializer && !dotDotDotToken && ts.isIdentifier(name) && name.text !== 'this',
  );
  if (others.length > 0 || !isPlain || operation.asteriskToken) throw new Obstacle('operation');
  if (mentions(operation.body, bail!.name.getText())) throw new Obstacle('abort-error');
  if (ts.isFunctionExpression(operation) && mentions(operation.body, 'arguments')) throw new Obstacle('operation');

  const file = operation.getSourceFile();
  const start = bail!.getStart(file);
  const end = operation.parameters.hasTrailingComma ? operation.parameters.end : (attempt ?? bail!).end;
  if (attempt && file.text.slice(bail!.end, attempt.getStart(file)).trim() !== ',') throw new Obstacle('comment');
  const own = attempt?.name.getText();
  const pattern =
    own === undefined || !mentions(operation.body, own)
      ? ''
      : own === 'attempt'
        ? '{ attempt }'
        : `{ attempt: ${own} }`;
  const isBare = !operation.getChildren(file).some(({ kind }) => kind === ts.SyntaxKind.OpenParenToken);
  return [{ start, end, text: isBare ? `(${pattern})` : pattern }];
}

/** `retry<Result, Failure>(…)`: the second has no place in `withRetry`. */
function withoutErrorType({ typeArguments }: ts.CallExpression): Edit[] {
  if (!typeArguments || typeArguments.length < 2) return [];
  return [{ start: typeArguments[0]!.end, end: typeArguments.at(-1)!.end, text: '' }];
}
