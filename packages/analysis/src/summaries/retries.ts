import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { argumentsOf, calleeOf } from '../facts/file-facts.js';
import { unwrap } from '../resolver/unwrap.js';
import { isHandWritten } from './guarded-ways.js';
import { attemptsOf } from './policy-settings.js';
import { isInside, type Policy, type Region } from './regions.js';

/** A place in a file that repeats code when it fails. */
export interface RetrySite {
  readonly region: Region;
  readonly policy: Policy;
  /** What to point at: the callee, or in a loop the first call that is made again. */
  readonly at: ts.Node;
  /** What runs again. */
  readonly operation: ts.Node;
}

type Tools = Pick<
  Analysis,
  'ts' | 'facts' | 'scopes' | 'regions' | 'reachable' | 'meanings' | 'targets' | 'readOption'
>;

/** The retry among the policies of a guard, when it really runs the operation again. */
export function retryOf(region: Region, tools: Tools): Policy | undefined {
  const policy = region.policies.find(({ kind }) => kind === 'retry');
  if (!policy) return undefined;
  const again = isHandWritten(region) ? isRetryLoop(region, tools) : runsAgain(region, tools);
  return again && attemptsOf(policy, tools) !== 1 ? policy : undefined;
}

/** Every retry that is written in a file, in source order; those that helpers make around a callback of the file too. */
export function retrySites(file: ts.SourceFile, tools: Tools): readonly RetrySite[] {
  const { calls, decorators } = tools.facts(file);
  const sites: RetrySite[] = [];
  const add = (region: Region, place: ts.Node): void => {
    const policy = retryOf(region, tools);
    const at = policy && (isHandWritten(region) ? firstCall(region, tools) : siteOf(region, place, tools));
    if (!at || at.getSourceFile() !== file) return;
    if (sites.some((known) => known.at === at && known.region.node === region.node)) return;
    sites.push({ region, policy, at, operation: repeatedCode(region, place, tools) });
  };
  for (const place of [...decorators, ...calls]) {
    const region = tools.regions.at(place);
    if (region) add(region, place);
  }
  for (const call of calls) {
    for (const region of tools.regions.around(call).regions) add(region, call);
  }
  return sites.sort((a, b) => a.at.pos - b.at.pos);
}

/** What to point at where a place gets under a retry: the callee of what makes it or of the helper that has it; in a loop the place. */
export function siteOf(region: Region, place: ts.Node, tools: Tools): ts.Node {
  const { ts } = tools;
  const { node } = region;
  if (isHandWritten(region) && isInside(place, region.operation)) return calleeOfNode(place, tools);
  if (ts.isDecorator(node)) return ts.isCallExpression(node.expression) ? node.expression.expression : node.expression;
  if (region.operation === node || isInside(place, region.operation) || isInside(place, node)) {
    return calleeOfNode(node, tools);
  }
  return helperCall(place, tools) ?? place;
}

function calleeOfNode(node: ts.Node, { ts }: Tools): ts.Node {
  return ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression : node;
}

/** A reader changes what is called again, not the word `while`. */
function firstCall({ node, operation }: Region, { ts, facts }: Tools): ts.Node {
  const calls = facts(node.getSourceFile()).calls.filter((call) => isInside(call, operation));
  const call = calls.find((call) => isWaitedFor(call, ts)) ?? calls[0];
  return call ? calleeOf(call) : node;
}

function isWaitedFor(call: ts.Node, ts: Tools['ts']): boolean {
  return ts.isAwaitExpression(call.parent) || ts.isReturnStatement(call.parent);
}

/** The call of the project that the function around a place is handed to. */
function helperCall(place: ts.Node, { ts, reachable }: Tools): ts.Node | undefined {
  for (let node: ts.Node = place; node.parent; node = node.parent) {
    const { parent } = node;
    if (!ts.isCallExpression(parent) || parent.expression === node) continue;
    if (reachable.functionsOf(parent.expression).some((helper) => !isInside(place, helper))) return parent.expression;
  }
  return undefined;
}

/** What runs again: the operation, or the function that a helper is handed. */
export function repeatedCode(region: Region, place: ts.Node, tools: Tools): ts.Node {
  const { ts } = tools;
  if (ts.isDecorator(region.node) || isInside(place, region.operation) || isInside(place, region.node)) {
    return region.operation;
  }
  const helper = helperCall(place, tools)?.parent;
  const given =
    helper && ts.isCallExpression(helper) ? helper.arguments.find((argument) => isInside(place, argument)) : undefined;
  return given ?? place;
}

/** How often the operation runs at most, where that is written. */
export function mostAttempts(
  { region, policy }: Pick<RetrySite, 'region' | 'policy'>,
  tools: Tools,
): number | undefined {
  return isHandWritten(region) ? attemptsOfLoop(region.node, tools.ts) : attemptsOf(policy, tools);
}

/** `for (let attempt = 0; attempt < 3; …)`, `while (attempt <= 3)` counted from 0 or 1. */
function attemptsOfLoop(loop: ts.Node, ts: Tools['ts']): number | undefined {
  const condition = loopCondition(loop, ts);
  if (!condition || !ts.isBinaryExpression(condition) || !ts.isNumericLiteral(condition.right)) return undefined;
  const limit = Number(condition.right.text);
  const { kind } = condition.operatorToken;
  const counter = condition.left.getText();
  const start = new RegExp(`\\b${counter.replace(/\W/g, '\\$&')}\\s*=\\s*(\\d+)`).exec(loop.parent.getText())?.[1];
  if (start === undefined) return undefined;
  if (kind === ts.SyntaxKind.LessThanToken) return limit - Number(start);
  return kind === ts.SyntaxKind.LessThanEqualsToken ? limit - Number(start) + 1 : undefined;
}

export function loopCondition(loop: ts.Node, ts: Tools['ts']): ts.Expression | undefined {
  if (ts.isWhileStatement(loop) || ts.isDoStatement(loop)) return loop.expression;
  return ts.isForStatement(loop) ? loop.condition : undefined;
}

/** A promise that was made already, or what another expression came to, is not made again. */
function runsAgain(region: Region, tools: Tools): boolean {
  const { ts, targets } = tools;
  const operation = unwrap(ts, region.operation);
  if (region.form === 'operator') {
    // `from(promise)` only tells the same failure again.
    const source = ts.isCallExpression(operation) ? operation : undefined;
    return !(source && ts.isIdentifier(source.expression) && source.expression.text === 'from');
  }
  if (region.form !== 'wrapper' || !ts.isCallExpression(operation)) return true;
  const guard = targets.guard(operation);
  if (guard?.row.form === 'wraps') return true;
  const callee = unwrap(ts, operation.expression);
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 'bind';
}

/** Whether a loop tries one thing until it succeeds: not one that takes the next item, page or message each time. */
function isRetryLoop({ form, node, operation }: Region, tools: Tools): boolean {
  const { ts } = tools;
  if (form === 'recursion') return true;
  if (form !== 'loop' || !ts.isIterationStatement(node, false) || !ts.isBlock(operation)) return false;
  if (ts.isForOfStatement(node) && declaresUsed(node.initializer, operation, tools)) return false;
  if (ts.isForStatement(node) && node.initializer && indexes(node.initializer, operation, tools)) return false;
  return !takesNext(operation, ts) && endsLoop(operation, node, tools);
}

function namesOf(initializer: ts.ForInitializer, ts: Tools['ts']): readonly string[] {
  if (!ts.isVariableDeclarationList(initializer)) return [];
  return initializer.declarations.flatMap(({ name }) =>
    ts.isIdentifier(name) ? [name.text] : (name.getText().match(/\w+/g) ?? []),
  );
}

function mentionsIn(name: string, code: ts.Node, { facts }: Tools): readonly ts.Node[] {
  return (facts(code.getSourceFile()).mentions.get(name) ?? []).filter((mention) => isInside(mention, code));
}

/** `for (const host of hosts) { try { return await ask(host); } … }` asks another one each time. */
function declaresUsed(initializer: ts.ForInitializer, operation: ts.Node, tools: Tools): boolean {
  return namesOf(initializer, tools.ts).some((name) => mentionsIn(name, operation, tools).length > 0);
}

/** `items[index]` */
function indexes(initializer: ts.ForInitializer, operation: ts.Node, tools: Tools): boolean {
  const { ts } = tools;
  return namesOf(initializer, ts).some((name) =>
    mentionsIn(name, operation, tools).some(({ parent }) => ts.isElementAccessExpression(parent)),
  );
}

/** `queue.shift()`, `iterator.next()` */
function takesNext(operation: ts.Node, ts: Tools['ts']): boolean {
  return some(operation, ts, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
    const { name } = node.expression;
    return /^(?:shift|pop|splice|next|dequeue|receive\w*)$/.test(name.text);
  });
}

/** Success surely ends the loop: the `try` comes to its end only by leaving, or by setting what the loop looks at. */
function endsLoop(operation: ts.Block, loop: ts.IterationStatement, { ts }: Tools): boolean {
  const attempt = operation.parent;
  const last = operation.statements.at(-1);
  if (last && endsWith(last, ts)) return true;
  for (let node: ts.Node = attempt; node !== loop; node = node.parent) {
    const { parent } = node;
    if (!ts.isBlock(parent)) continue;
    const next = parent.statements[parent.statements.indexOf(node as ts.Statement) + 1];
    if (next && endsWith(next, ts)) return true;
  }
  const condition = loopCondition(loop, ts);
  return (
    condition !== undefined &&
    operation.statements.some(
      (statement) =>
        ts.isExpressionStatement(statement) &&
        ts.isBinaryExpression(statement.expression) &&
        statement.expression.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
        some(condition, ts, (part) => part.getText() === (statement.expression as ts.BinaryExpression).left.getText()),
    )
  );
}

/** It leaves; or it leaves when all is well (`if (response.ok) return response;`). */
function endsWith(statement: ts.Statement, ts: Tools['ts']): boolean {
  if (ts.isReturnStatement(statement) || ts.isBreakStatement(statement)) return true;
  if (ts.isBlock(statement)) {
    const last = statement.statements.at(-1);
    return last !== undefined && endsWith(last, ts);
  }
  if (ts.isIfStatement(statement)) return endsWith(statement.thenStatement, ts);
  // The last word of a `try` may be what happens when an answer was no good.
  const { parent } = statement;
  if (!ts.isThrowStatement(statement) || !ts.isBlock(parent)) return false;
  const before = parent.statements[parent.statements.indexOf(statement) - 1];
  return before !== undefined && ts.isIfStatement(before) && endsWith(before.thenStatement, ts);
}

/** Whether a node inside passes the test, nested functions left out. */
export function some(code: ts.Node, ts: Tools['ts'], test: (node: ts.Node) => boolean): boolean {
  const look = (node: ts.Node): boolean =>
    test(node) ||
    (!(ts.isFunctionLike(node) && node !== code) &&
      (ts.forEachChild(node, (child) => look(child) || undefined) ?? false));
  return look(code);
}

/** Arguments of a guard that say when to try again. */
export function optionsOfRetry({ node }: Region, { ts }: Pick<Tools, 'ts'>): readonly ts.Expression[] {
  const call = ts.isDecorator(node) ? node.expression : node;
  return ts.isCallExpression(call) || ts.isNewExpression(call) ? argumentsOf(call) : [];
}
