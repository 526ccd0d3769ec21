import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { calleeOf, type CallLike } from '../facts/file-facts.js';
import { evidenceOf, shorten } from '../location.js';
import type { Outbound } from '../outbound.js';
import { unwrap } from '../resolver/unwrap.js';
import { sizeOf } from '../summaries/list-size.js';
import type { Reached } from '../summaries/reachable.js';
import { isInside, type Policy } from '../summaries/regions.js';
import type { Check, Judgement } from './check.js';

/** What is started for every item of a list is started at once, however long the list is. */
export const noUnboundedFanOut: Check = {
  id: 'no-unbounded-fan-out',
  code: 770_009,
  harm: 'A long list takes down the other side, or us',
  preset: 'recommended',
  messages: {
    unbounded: '`{{call}}` is sent for every item of `{{source}}` at once, and nothing says how many that are.',
    unboundedPath:
      '`{{call}}` is sent for every item of `{{source}}` at once on the way `{{way}}`, and nothing says how many that are.',
  },
  *judge(file, analysis) {
    for (const fanOut of fanOutsIn(file, analysis)) {
      const size = sizeOf(fanOut.source, analysis);
      if (size === 'bounded') continue;
      const sent = analysis.reachable.from(fanOut.each).filter((reached) => !isLimited(reached, fanOut, analysis));
      const certain = sent.find(({ outbound }) => !queuesItself(outbound, analysis));
      const reached = certain ?? sent[0];
      if (reached) yield judgementOf(fanOut, reached, certain !== undefined && size === 'unbounded', analysis);
    }
  },
};

/** A place that starts something for each item of a list and waits for all of it. */
interface FanOut {
  /** `Promise.all`, as written. */
  readonly at: ts.Node;
  readonly source: ts.Expression;
  /** What runs for each item: a function, or what a loop pushes. */
  readonly each: ts.Node;
}

function* fanOutsIn(file: ts.SourceFile, analysis: Analysis): Iterable<FanOut> {
  const { ts, facts, meanings } = analysis;
  const { calls, mentions } = facts(file);
  if (!mentions.has('Promise') && !mentions.has('pMap')) return;
  for (const call of calls) {
    if (!ts.isCallExpression(call)) continue;
    const [list, each] = call.arguments;
    if (!list) continue;
    if (isCombinator(call, analysis)) {
      for (const { source, each } of startsOf(list, analysis)) yield { at: call.expression, source, each };
    } else if (each && call.arguments.length === 2 && ts.isIdentifier(call.expression)) {
      // `pMap(items, load)` has no limit of its own.
      const meaning = meanings.of(call.expression);
      if (meaning && 'module' in meaning && meaning.module === 'p-map')
        yield { at: call.expression, source: list, each };
    }
  }
}

function isCombinator({ expression }: ts.CallExpression, { ts, scopes }: Analysis): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    /^(?:all|allSettled|any)$/.test(expression.name.text) &&
    ts.isIdentifier(expression.expression) &&
    expression.expression.text === 'Promise' &&
    scopes.find('Promise', expression) === undefined
  );
}

/** The lists that the promises of an expression are made of. */
function* startsOf(list: ts.Expression, analysis: Analysis, steps = 0): Iterable<Omit<FanOut, 'at'>> {
  const { ts, scopes } = analysis;
  const expression = unwrap(ts, list) as ts.Expression;
  if (steps > 4) return;
  if (ts.isArrayLiteralExpression(expression)) {
    for (const element of expression.elements) {
      if (ts.isSpreadElement(element)) yield* startsOf(element.expression, analysis, steps + 1);
    }
  } else if (ts.isCallExpression(expression)) {
    const callee = unwrap(ts, expression.expression);
    const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
    const [first, second] = expression.arguments;
    if ((name === 'map' || name === 'flatMap') && ts.isPropertyAccessExpression(callee)) {
      if (first && second && !ts.isFunctionLike(first) && ts.isFunctionLike(second))
        yield { source: first, each: second };
      else if (first) yield { source: callee.expression, each: first };
    } else if (name === 'from' && first && second) yield { source: first, each: second };
    else if (/^(?:filter|concat|flat)$/.test(name) && ts.isPropertyAccessExpression(callee)) {
      yield* startsOf(callee.expression, analysis, steps + 1);
    }
  } else if (ts.isIdentifier(expression)) {
    const declaration = scopes.find(expression.text, expression);
    if (!declaration || !ts.isVariableDeclaration(declaration)) return;
    if (declaration.initializer) yield* startsOf(declaration.initializer, analysis, steps + 1);
    yield* pushedInLoops(expression, declaration, analysis);
  }
}

/** `for (const item of items) promises.push(load(item));` */
function* pushedInLoops(
  list: ts.Identifier,
  declaration: ts.VariableDeclaration,
  { ts, facts, scopes }: Analysis,
): Iterable<Omit<FanOut, 'at'>> {
  for (const mention of facts(list.getSourceFile()).mentions.get(list.text) ?? []) {
    const access = mention.parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== mention || access.name.text !== 'push')
      continue;
    const push = access.parent;
    if (!ts.isCallExpression(push) || push.expression !== access || scopes.find(list.text, mention) !== declaration)
      continue;
    const value = push.arguments[0];
    // What was awaited has been waited for.
    if (!value || ts.isAwaitExpression(value) || ts.isFunctionLike(value)) continue;
    const source = loopSource(push, declaration, ts);
    if (source) yield { source, each: value };
  }
}

function loopSource(place: ts.Node, declaration: ts.Node, ts: Analysis['ts']): ts.Expression | undefined {
  for (let node = place.parent; node && !isInside(declaration, node); node = node.parent) {
    if (ts.isForOfStatement(node)) return node.awaitModifier ? undefined : node.expression;
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === 'forEach'
    ) {
      return node.expression.expression;
    }
    if (ts.isIterationStatement(node, false)) return undefined;
  }
  return undefined;
}

const limits: ReadonlySet<Policy['kind']> = new Set(['bulkhead', 'rate-limit']);

/** Something on the way lets only so many through; what stands around all of them together limits none. */
function isLimited({ outbound, path }: Reached, { each }: FanOut, { ts, regions }: Analysis): boolean {
  const isLimit = (policies: readonly Policy[]): boolean => policies.some(({ kind }) => limits.has(kind));
  if (!ts.isFunctionLike(each) && isLimit(regions.policiesOf(each))) return true;
  return [...path, outbound.node].some((place) => {
    if (isGuarded(place)) return true;
    return regions.around(place).regions.some(({ policies, operation, node }) => {
      const isAroundAll = isInside(each, operation) && operation !== each && isInside(each, node);
      return !isAroundAll && isLimit(policies);
    });
  });

  function isGuarded(place: ts.Node): boolean {
    if (!ts.isCallExpression(place) && !ts.isNewExpression(place)) return false;
    return isLimit(regions.policiesOf(calleeOf(place)));
  }
}

/** A pool or a connection lets the rest wait in our own memory. */
function queuesItself({ kind, target }: Outbound, { clients }: Analysis): boolean {
  if (kind === 'db' || kind === 'cache' || kind === 'socket' || target.isInferred) return true;
  const agents = ['httpAgent', 'httpsAgent', 'agent', 'agent.https', 'dispatcher'];
  return kind === 'http' && clients.option(target, agents).state === 'present';
}

function judgementOf(fanOut: FanOut, { outbound, path }: Reached, isCertain: boolean, { ts }: Analysis): Judgement {
  const call = shorten(outbound.callee.getText());
  const steps: readonly CallLike[] = path;
  const way = [...steps.map((step) => evidenceOf(ts, step).text), call].join(' → ');
  return {
    at: fanOut.at,
    messageId: path.length > 0 ? 'unboundedPath' : 'unbounded',
    data: { call, source: shorten(fanOut.source.getText()), way },
    ...(isCertain ? {} : { confidence: 'likely' as const }),
    path: [fanOut.source, ...path, outbound.callee],
  };
}
