import { ts } from 'ts-morph';
import { within } from '../nodes.js';
import { defaultCalls } from './default-calls.js';
import { Obstacle, type Migration, type Rewrite, type Surroundings } from './migration.js';
import { Options } from './options.js';
import { inAnyOwnFile } from './own-files.js';
import { importsName, usesOf } from './package-uses.js';
import { longestTimer } from './sleep.js';
import { neverThrows, throwsLikeItRejects } from './sync-throws.js';

const name = 'p-timeout';
const runtime = '@holdfast/runtime';

/** `pTimeout(load(id), { milliseconds: 500 })` becomes `withTimeout(() => load(id), 500)`: the call starts at the same moment. */
export const pTimeout: Migration = {
  packages: [name],
  sites(around) {
    const uses = usesOf(around.file, around.program, name);
    const whole = uses.uses.length > 0 && usesTimeoutError(around.program) ? 'timeout-error' : undefined;
    const version = /^[67]\./.test(uses.version ?? '') ? undefined : 'version';
    return defaultCalls(uses, around, whole ?? version, rewrite, whole);
  },
};

/** The error may be caught far from the call. */
const usesTimeoutError = inAnyOwnFile((file) => importsName(file, name, 'TimeoutError') || handsOn(file));

/** Hands its exports on, or loads all of them. */
function handsOn(file: ts.SourceFile): boolean {
  if (/\b(?:import|require)\(\s*['"`]p-timeout['"`]/.test(file.text)) return true;
  return file.statements.some(
    (statement) =>
      ts.isExportDeclaration(statement) &&
      statement.moduleSpecifier !== undefined &&
      ts.isStringLiteral(statement.moduleSpecifier) &&
      statement.moduleSpecifier.text === name,
  );
}

function rewrite(call: ts.CallExpression, { file, program, imports }: Surroundings): Rewrite {
  const checker = program.getTypeChecker();
  const [promise, given, ...rest] = call.arguments;
  if (!promise || !given || rest.length > 0) throw new Obstacle('version');
  const options = new Options(given, checker);
  options.allowOnly(['milliseconds']);
  if (!options.get('milliseconds')) throw new Obstacle('invalid-option');
  const milliseconds = options.number('milliseconds', 0);
  if (milliseconds.value > longestTimer) throw new Obstacle('unbounded');
  // A timer counts whole milliseconds.
  if (!Number.isInteger(milliseconds.value) || milliseconds.value < 1) throw new Obstacle('invalid-option');
  if (!isPromiseMadeHere(promise, checker)) throw new Obstacle('promise');
  if (!throwsLikeItRejects(call) && !neverThrows(promise, checker)) throw new Obstacle('promise');
  if (isCleared(call, checker)) throw new Obstacle('other-use');

  const start = promise.getStart(file);
  const [value, last] = [call.typeArguments?.[0], call.typeArguments?.at(-1)];
  return {
    edits: [
      { start: call.expression.getStart(file), end: call.expression.end, text: imports.use(runtime, 'withTimeout') },
      ...(value && last && value !== last ? [{ start: value.end, end: last.end, text: '' }] : []),
      { start, end: start, text: '() => ' },
      { start: given.getStart(file), end: given.end, text: milliseconds.text },
    ],
    policies: ['timeout'],
    notes: [
      {
        code: 'error-type',
        message:
          'When the time is up it rejects with the TimeoutError of @holdfast/runtime: name and moment are those of p-timeout, class and message are not. Waiting for it does not keep the process alive.',
      },
    ],
  };
}

/**
 * A call in place that gives a plain promise. p-timeout calls `cancel()` of a promise that has one, and starts others that are
 * lazy by asking for their result: such types are left alone.
 */
function isPromiseMadeHere(node: ts.Expression, checker: ts.TypeChecker): node is ts.CallExpression | ts.NewExpression {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  if (waits(node)) return false;
  const type = checker.getTypeAtLocation(node);
  return type.getSymbol()?.name === 'Promise' && !type.getProperty('cancel');
}

/** `await` and `yield` cannot move into a function. */
function waits(call: ts.Expression): boolean {
  return within(call, (node) => ts.isAwaitExpression(node) || ts.isYieldExpression(node));
}

/** Whether the timeout is called off: only p-timeout's promises have a `clear()`. */
function isCleared(call: ts.CallExpression, checker: ts.TypeChecker): boolean {
  let node: ts.Node = call;
  while (ts.isParenthesizedExpression(node.parent)) node = node.parent;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return !['then', 'catch', 'finally'].includes(parent.name.text);
  if (ts.isElementAccessExpression(parent)) return true;
  if (!ts.isVariableDeclaration(parent)) return false;
  if (!ts.isIdentifier(parent.name)) return true;
  const symbol = checker.getSymbolAtLocation(parent.name);
  const visit = (inner: ts.Node): boolean =>
    (ts.isIdentifier(inner) &&
      inner !== parent.name &&
      ts.isPropertyAccessExpression(inner.parent) &&
      inner.parent.expression === inner &&
      inner.parent.name.text === 'clear' &&
      checker.getSymbolAtLocation(inner) === symbol) ||
    ts.forEachChild(inner, (child) => (visit(child) ? true : undefined)) === true;
  return visit(call.getSourceFile());
}
