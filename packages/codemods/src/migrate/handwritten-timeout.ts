import { ts } from 'ts-morph';
import { isGlobal, within } from '../nodes.js';
import { isErrorRead } from './error-read.js';
import { Obstacle, type Rewrite, type Site, type Surroundings } from './migration.js';
import { knownNumber } from './options.js';
import { longestTimer, onlyExpression } from './sleep.js';
import { neverThrows } from './sync-throws.js';

const runtime = '@holdfast/runtime';

/**
 * `Promise.race([work, timer])` becomes `withTimeout(() => work, ms)`.
 *
 * Holdfast throws a `TimeoutError`, and the timer an error of its own: only where nobody reads it are the two the same.
 */
export function handwrittenTimeouts(call: ts.CallExpression, around: Surroundings): Site[] {
  const checker = around.program.getTypeChecker();
  const { expression } = call;
  const isRace =
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === 'race' &&
    ts.isIdentifier(expression.expression) &&
    isGlobal(expression.expression, 'Promise', checker);
  if (!isRace || !call.arguments.some((list) => speaksOfTime(list))) return [];
  return [{ node: call, shown: expression, rewrite: () => rewrite(call, around) }];
}

function speaksOfTime(list: ts.Expression): boolean {
  const elements = ts.isArrayLiteralExpression(list) ? [...list.elements] : [];
  return elements.some((element) => /time|delay|sleep|deadline/i.test(element.getText()));
}

function rewrite(call: ts.CallExpression, { file, program, imports }: Surroundings): Rewrite {
  const checker = program.getTypeChecker();
  const [list, ...others] = call.arguments;
  if (!list || others.length > 0 || !ts.isArrayLiteralExpression(list) || list.elements.length !== 2) {
    throw new Obstacle('race-not-a-timeout');
  }
  const timers = list.elements.map((element) => timerOf(element, checker));
  const at = timers.findIndex((timer) => timer !== undefined);
  const work = list.elements[1 - at];
  const timer = timers[at];
  if (!timer || timers[1 - at] || !work || ts.isSpreadElement(work) || within(work, ts.isAwaitExpression)) {
    throw new Obstacle('race-not-a-timeout');
  }
  const { value, text } = knownNumber(timer, checker);
  if (!(value >= 1 && value <= longestTimer)) throw new Obstacle('unbounded');
  if (isErrorRead(call)) throw new Obstacle('own-error');
  // What throws before there is a promise passes by a `.catch`; an operation of Holdfast rejects.
  if (!ts.isAwaitExpression(call.parent) && !neverThrows(work, checker)) {
    throw new Obstacle('operation');
  }
  const lost = file.text.slice(call.getStart(file), work.getStart(file)) + file.text.slice(work.end, call.end);
  if (/\/[/*]/.test(lost)) throw new Obstacle('comment');
  const given = work.getText(file);
  const body = ts.isObjectLiteralExpression(work) ? `(${given})` : given;
  return {
    edits: [
      {
        start: call.getStart(file),
        end: call.end,
        text: `${imports.use(runtime, 'withTimeout')}(() => ${body}, ${text})`,
      },
    ],
    policies: ['timeout'],
  };
}

/** The ms of `new Promise((_, reject) => setTimeout(() => reject(…), ms))`. */
function timerOf(element: ts.Expression, checker: ts.TypeChecker): ts.Expression | undefined {
  if (!ts.isNewExpression(element) || !ts.isIdentifier(element.expression)) return undefined;
  if (!isGlobal(element.expression, 'Promise', checker)) return undefined;
  const [executor, ...rest] = element.arguments ?? [];
  if (!executor || rest.length > 0 || !ts.isArrowFunction(executor)) return undefined;
  const [resolve, reject, ...parameters] = executor.parameters.map(({ name }) => name);
  if (!resolve || !reject || !ts.isIdentifier(reject) || parameters.length > 0) return undefined;
  const call = onlyExpression(executor);
  if (!call || !ts.isCallExpression(call) || !isGlobal(call.expression, 'setTimeout', checker)) return undefined;
  const [callback, ms, ...others] = call.arguments;
  if (!callback || !ms || others.length > 0 || !ts.isArrowFunction(callback)) return undefined;
  const rejection = callback.parameters.length === 0 ? onlyExpression(callback) : undefined;
  if (!rejection || !ts.isCallExpression(rejection) || rejection.expression.getText() !== reject.text) return undefined;
  const [error, ...more] = rejection.arguments;
  return error && more.length === 0 && isPlainError(error) ? ms : undefined;
}

/** `new Error('…')`, which does nothing but to be made. */
function isPlainError(error: ts.Expression): boolean {
  return (
    ts.isNewExpression(error) &&
    ts.isIdentifier(error.expression) &&
    !within(
      error,
      (node) => (ts.isNewExpression(node) && node !== error) || ts.isCallExpression(node) || ts.isAwaitExpression(node),
    )
  );
}
