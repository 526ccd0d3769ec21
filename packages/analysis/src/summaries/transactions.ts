import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { argumentsOf, calleeOf, type CallLike } from '../facts/file-facts.js';
import { isInside } from './regions.js';

/** A stretch of code during which a database transaction is open. */
export interface Transaction {
  /** What opens it: the call, the decorator. */
  readonly node: ts.Node;
  readonly name: string;
  /** The callback, the method, or the calls between begin and commit. */
  readonly code: readonly ts.Node[];
}

type Tools = Pick<Analysis, 'ts' | 'facts' | 'catalogue' | 'meanings' | 'targets' | 'operations' | 'reachable'>;

type Word = 'begin' | 'commit' | 'rollback';

/** Decorators that run a method in a transaction. */
const decorating: Readonly<Record<string, readonly string[]>> = {
  typeorm: ['Transaction'],
  'typeorm-transactional': ['Transactional'],
  'typeorm-transactional-cls-hooked': ['Transactional'],
  '@nestjs-cls/transactional': ['Transactional'],
  '@mikro-orm/core': ['Transactional'],
  '@mikro-orm/decorators': ['Transactional'],
};

export function transactionsIn(file: ts.SourceFile, tools: Tools): readonly Transaction[] {
  const { calls } = tools.facts(file);
  const words = new Map<CallLike, Word>();
  const found: Transaction[] = [...decorated(file, tools)];
  for (const call of calls) {
    const callback = callbackOf(call, tools);
    if (callback) found.push({ node: calleeOf(call), name: calleeOf(call).getText(), code: [callback] });
    const word = wordOf(call, tools);
    if (word) words.set(call, word);
  }
  return words.size === 0 ? found : [...found, ...written(calls, words, tools)];
}

function* decorated(file: ts.SourceFile, { ts, facts, meanings }: Tools): Iterable<Transaction> {
  for (const decorator of facts(file).decorators) {
    const { expression, parent } = decorator;
    const meaning = meanings.of(ts.isCallExpression(expression) ? expression.expression : expression);
    if (meaning?.kind !== 'export' || !Object.hasOwn(decorating, meaning.module)) continue;
    if (!decorating[meaning.module]!.includes(meaning.name) || !ts.isMethodDeclaration(parent)) continue;
    // A transaction that is not to be joined is none.
    if (/NOT_SUPPORTED|NEVER|SUPPORTS/.test(expression.getText())) continue;
    yield { node: decorator, name: `@${meaning.name}`, code: [parent] };
  }
}

/** `db.transaction(async (tx) => …)` */
function callbackOf(call: CallLike, { ts, targets, catalogue, reachable }: Tools): ts.Node | undefined {
  const row = targets.row(call);
  if (!row?.row.callback?.transaction || catalogue.module(row.module)?.kind !== 'db') return undefined;
  const given = argumentsOf(call);
  const inline = given.find((argument) => ts.isFunctionLike(argument));
  const named = given[row.row.callback.argument];
  return inline ?? (named && reachable.functionsOf(named)[0]);
}

function wordOf(call: CallLike, { targets, catalogue, operations }: Tools): Word | undefined {
  const found = targets.row(call);
  if (!found || catalogue.module(found.module)?.kind !== 'db') return undefined;
  const { row } = found;
  if (row.transaction) return row.transaction;
  if (typeof row.effect !== 'object' || !('sql' in row.effect)) return undefined;
  const text = operations.textOf(argumentsOf(call)[row.effect.sql])?.trim();
  if (text === undefined) return undefined;
  if (/^(?:begin|start\s+transaction)\b/i.test(text)) return 'begin';
  if (/^(?:commit|end)\b/i.test(text)) return 'commit';
  return /^rollback\b(?!\s+to\b)/i.test(text) ? 'rollback' : undefined;
}

/** From `BEGIN` to the `COMMIT` in the same function. */
function* written(calls: readonly CallLike[], words: ReadonlyMap<CallLike, Word>, tools: Tools): Iterable<Transaction> {
  const { ts } = tools;
  const all = [...words].sort(([a], [b]) => a.pos - b.pos);
  for (const [begin, word] of all) {
    if (word !== 'begin') continue;
    const owner = functionAround(begin, ts);
    const commit = all.find(
      ([call, kind]) => kind === 'commit' && call.pos > begin.pos && functionAround(call, ts) === owner,
    );
    if (!owner || !commit) continue;
    const rollbacks = all.filter(([, kind]) => kind === 'rollback').map(([call]) => call);
    const code = calls.filter(
      (call) =>
        call.pos >= begin.end &&
        call.end <= commit[0].pos &&
        isInside(call, owner) &&
        !words.has(call) &&
        !isAfterRollback(call, rollbacks, ts),
    );
    if (code.length > 0) yield { node: calleeOf(begin), name: calleeOf(begin).getText(), code };
  }
}

function functionAround(place: ts.Node, ts: Tools['ts']): ts.Node | undefined {
  for (let node = place.parent; node; node = node.parent) if (ts.isFunctionLike(node)) return node;
  return undefined;
}

/** `if (isTaken) { await client.query('ROLLBACK'); await tell(); return; }`, and what a `catch` does. */
function isAfterRollback(call: ts.Node, rollbacks: readonly ts.Node[], ts: Tools['ts']): boolean {
  return rollbacks.some((rollback) => {
    let block: ts.Node = rollback;
    while (block.parent && !ts.isBlock(block)) block = block.parent;
    return isInside(call, block) && call.pos > rollback.pos;
  });
}
