import { ts } from 'ts-morph';
import { Obstacle, obstructed, type Migration, type Rewrite, type Site, type Surroundings } from './migration.js';
import { Options } from './options.js';
import { callOf, importsName, usesOf } from './package-uses.js';
import { neverThrows, throwsLikeItRejects } from './sync-throws.js';

const name = 'p-timeout';
const runtime = '@holdfast/runtime';
/** What a timer can wait, in ms; longer ones fire at once. */
const LONGEST = 2 ** 31 - 1;

/** `pTimeout(load(id), { milliseconds: 500 })` becomes `withTimeout(() => load(id), 500)`: the call starts at the same moment. */
export const pTimeout: Migration = {
  packages: [name],
  sites(around) {
    const { file, program } = around;
    const { uses, others, version } = usesOf(file, program, name);
    const whole = uses.length > 0 && usesTimeoutError(program) ? 'timeout-error' : undefined;
    const sites = uses.map((use): Site => {
      const call = callOf(use);
      if (use.export !== 'default') return obstructed(call ?? use.node, use.node, whole ?? 'other-import');
      if (!call) return obstructed(use.node, use.node, 'not-a-call');
      const reason = whole ?? (/^[67]\./.test(version ?? '') ? undefined : 'version');
      if (reason) return obstructed(call, use.node, reason);
      return { node: call, shown: use.node, rewrite: () => rewrite(call, around) };
    });
    return [...sites, ...others.map((node) => obstructed(node, node, 'other-import'))];
  },
};

/** The error may be caught far from the call. */
function usesTimeoutError(program: ts.Program): boolean {
  return program
    .getSourceFiles()
    .some(
      (file) =>
        !file.isDeclarationFile &&
        !program.isSourceFileFromExternalLibrary(file) &&
        (importsName(file, name, 'TimeoutError') || handsOn(file)),
    );
}

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
  if (milliseconds.value > LONGEST) throw new Obstacle('unbounded');
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
function waits(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return true;
  return ts.forEachChild(node, waits) === true;
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
