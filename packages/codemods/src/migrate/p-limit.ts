import { ts } from 'ts-morph';
import type { Edit } from '../plan.js';
import { isStable } from '../stable-values.js';
import { defaultCalls } from './default-calls.js';
import { callOfUse, holderOf, usesOfHeld } from './held-values.js';
import { Obstacle, type Migration, type Rewrite, type Surroundings } from './migration.js';
import { readsArguments } from './operation.js';
import { knownNumber, Options, type KnownNumber } from './options.js';
import { usesOf } from './package-uses.js';

const name = 'p-limit';
const runtime = '@holdfast/runtime';

/**
 * `const limit = pLimit(5)` becomes a bulkhead, and `limit(task)` runs the task under it. A limiter is changed with all its uses
 * or not at all.
 *
 * A task of p-limit never starts before the code that hands it over goes on: hence the `Promise.resolve().then`. What it throws at once
 * is a rejection before the next one starts: hence the `async`.
 */
export const pLimit: Migration = {
  packages: [name],
  sites(around) {
    const uses = usesOf(around.file, around.program, name);
    // Version 6 starts its tasks a little later.
    return defaultCalls(uses, around, uses.version?.startsWith('7.') ? undefined : 'version', rewrite);
  },
};

function rewrite(call: ts.CallExpression, { file, program, imports }: Surroundings): Rewrite {
  const checker = program.getTypeChecker();
  const [given, ...rest] = call.arguments;
  if (!given || rest.length > 0 || call.typeArguments) throw new Obstacle('invalid-option');
  const concurrency = concurrencyOf(given, checker);
  if (concurrency.value === Infinity) throw new Obstacle('unbounded');
  if (!Number.isInteger(concurrency.value) || concurrency.value < 1) throw new Obstacle('invalid-option');
  const limiter = holderOf(call, checker);
  if (!limiter || declaresPromise(file)) throw new Obstacle('other-use');
  const edits = usesOfHeld(limiter, checker).flatMap((use) => {
    const task = callOfUse(use);
    if (!task) throw new Obstacle('other-use');
    return taskEdits(task, checker);
  });
  return {
    edits: [
      { start: call.expression.getStart(file), end: call.expression.end, text: imports.use(runtime, 'bulkhead') },
      {
        start: given.getStart(file),
        end: given.end,
        text: `{ maxConcurrent: ${concurrency.text}, maxQueue: Infinity }`,
      },
      ...edits,
    ],
    policies: ['bulkhead'],
  };
}

/** Bluebird and the like. */
function declaresPromise(file: ts.SourceFile): boolean {
  const visit = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) &&
      node.text === 'Promise' &&
      !ts.isPropertyAccessExpression(node.parent) &&
      (node.parent as ts.NamedDeclaration).name === node) ||
    ts.forEachChild(node, (child) => visit(child) || undefined) === true;
  return visit(file);
}

function concurrencyOf(given: ts.Expression, checker: ts.TypeChecker): KnownNumber {
  if (!ts.isObjectLiteralExpression(given)) return knownNumber(given, checker);
  const options = new Options(given, checker);
  options.allowOnly(['concurrency']);
  const node = options.get('concurrency');
  if (!node) throw new Obstacle('invalid-option');
  return knownNumber(node, checker);
}

/** @throws {Obstacle} When the task, or what it is given, may be another one by the time that it runs. */
function taskEdits(call: ts.CallExpression, checker: ts.TypeChecker): Edit[] {
  const file = call.getSourceFile();
  const [task, ...given] = call.arguments;
  if (!task || call.typeArguments) throw new Obstacle('operation');
  const { expression: callee } = call;
  if (ts.isPropertyAccessExpression(callee) && !isPlain(callee.expression, checker)) throw new Obstacle('other-use');
  const edits: Edit[] = [
    {
      start: callee.getStart(file),
      end: callee.end,
      text: `Promise.resolve().then(() => ${callee.getText(file)}.execute`,
    },
    { start: call.end, end: call.end, text: ')' },
  ];
  if (ts.isArrowFunction(task) || ts.isFunctionExpression(task)) {
    const isBare = task.parameters.length === 0 && given.length === 0;
    if (!isBare || task.asteriskToken || (ts.isFunctionExpression(task) && readsArguments(task.body))) {
      throw new Obstacle('operation');
    }
    if (task.modifiers?.length) return edits;
    // The type that is written there is not that of a promise.
    if (task.type) throw new Obstacle('operation');
    const start = task.getStart(file);
    return [...edits, { start, end: start, text: 'async ' }];
  }
  if (!ts.isIdentifier(task) || ![task, ...given].every((node) => isStable(node, checker))) {
    throw new Obstacle('operation');
  }
  const [first, last] = [task.getStart(file), given.at(-1)?.end ?? task.end];
  const between = given.length === 0 ? '' : file.text.slice(given[0]!.getStart(file), last);
  if (file.text.slice(task.end, given[0]?.getStart(file) ?? task.end).includes('/')) throw new Obstacle('comment');
  return [...edits, { start: first, end: last, text: `async () => ${task.text}(${between})` }];
}

/** `this`, or a name that stands for the same object later. */
function isPlain(node: ts.Expression, checker: ts.TypeChecker): boolean {
  return node.kind === ts.SyntaxKind.ThisKeyword || isStable(node, checker);
}
