import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { Effect } from '../catalogue/catalogue.js';
import { argumentsOf, calleeOf, type CallLike } from '../facts/file-facts.js';
import { createOperations, type Operation } from '../resolver/operation.js';
import { createReadOption, type ArgumentsFor } from '../resolver/options.js';
import { unwrap } from '../resolver/unwrap.js';
import type { Reached } from './reachable.js';
import { originOfKey, type Attempt } from './key-origins.js';
import { isInside, type Region } from './regions.js';
import { repeatedCode, some } from './retries.js';

/** An outbound call on a way that is repeated, and the code that every repetition runs. */
export interface Repeated {
  readonly outbound: Reached['outbound'];
  readonly path: readonly CallLike[];
  readonly steps: readonly { readonly node: ts.Node; readonly code: ts.Node }[];
  /** The guard that repeats it; absent when a client or a queue does. */
  readonly region?: Region;
  readonly isInHelper?: boolean;
}

type Tools = Pick<
  Analysis,
  | 'ts'
  | 'scopes'
  | 'catalogue'
  | 'facts'
  | 'meanings'
  | 'checker'
  | 'callers'
  | 'reachable'
  | 'targets'
  | 'operations'
  | 'isTyped'
  | 'ownFiles'
  | 'regions'
  | 'readOption'
>;

/** What a repetition does a second time. */
export interface RepeatedWrite {
  readonly isSure: boolean;
  /** Where each attempt makes an idempotency key of its own, which is none. */
  readonly freshKey?: ts.Node;
}

/** What a repetition does a second time; `undefined` when it does nothing, or cannot be seen to. */
export function repeatedWrite(way: Repeated, tools: Tools): RepeatedWrite | undefined {
  const { outbound, path } = way;
  if (outbound.effect === 'read') return undefined;
  const { key, ...operation } = path.length > 0 ? alongPath(way, tools) : outbound.operation;
  const origin = key && originOfKey(key.value, attemptOf(way, tools), tools);
  const freshKey = origin?.kind === 'new' ? origin.at : undefined;
  const effect: Effect = key && freshKey ? key.without : operation.effect;
  const isWrite = effect === 'write' || (effect === 'unknown' && operation.anyOf?.includes('write'));
  if (!isWrite || !failsOut(way.steps, tools) || isUndone(way, tools)) return undefined;
  if (freshKey) return { isSure: !looksRead(way, tools), freshKey };
  return { isSure: !looksRead(way, tools) && !mayHaveKey(way, tools) };
}

/** What every repetition runs: the operation, and the functions that the way leads through. */
function attemptOf(way: Repeated, tools: Tools): Attempt {
  const [first, ...others] = way.steps;
  const repeated = first && repeatedBy(way, first, tools);
  const inner = others.flatMap(({ node, code }) => functionOf(code, node, tools.ts) ?? []);
  const { form } = way.region ?? {};
  return {
    code: repeated ? [repeated, ...inner] : inner,
    isCallback: form !== 'decorator' && form !== 'wraps',
    argumentsFor: argumentsAlong(way, tools),
  };
}

function repeatedBy(
  { region, isInHelper }: Repeated,
  { node, code }: Repeated['steps'][number],
  tools: Tools,
): ts.Node | undefined {
  const { ts } = tools;
  if (region && isInHelper) return unwrap(ts, repeatedCode(region, node, tools));
  if (region?.form === 'loop') return region.node;
  return region?.form === 'recursion' ? functionAround(region.node, ts) : functionOf(code, node, ts);
}

/** The function whose body a piece of code is; in an expression, whose value is handed on once, the one around the place. */
function functionOf(code: ts.Node, place: ts.Node, ts: Tools['ts']): ts.Node | undefined {
  const { parent } = code;
  if (ts.isFunctionLike(parent) && (parent as ts.FunctionLikeDeclaration).body === code) return parent;
  const owner = functionAround(place, ts);
  return owner && isInside(owner, code) ? owner : undefined;
}

function functionAround(place: ts.Node, ts: Tools['ts']): ts.Node | undefined {
  let owner: ts.Node | undefined = place;
  while (owner && !ts.isFunctionLike(owner)) owner = owner.parent;
  return owner;
}

/** What the call does when it is reached by this way. */
function alongPath(way: Repeated, tools: Tools): Operation {
  const { ts, scopes, catalogue, facts, meanings, checker } = tools;
  const argumentsFor = argumentsAlong(way, tools);
  const readOption = createReadOption(ts, scopes, facts, meanings, checker, argumentsFor);
  const operations = createOperations(ts, scopes, catalogue, facts, readOption, checker, argumentsFor);
  return operations.of(way.outbound.node, way.outbound.target);
}

/** A parameter is what the way passes for it. */
function argumentsAlong({ path }: Repeated, { ts, callers, reachable }: Tools): ArgumentsFor {
  return (parameter) => {
    const owner = parameter.parent;
    const call = path.find((step) => reachable.calleesOf(step).some((callee) => callee === owner));
    if (!call) return callers.argumentsFor(parameter);
    const given = argumentsOf(call);
    const position = owner.parameters.indexOf(parameter);
    if (given.slice(0, position + 1).some((argument) => ts.isSpreadElement(argument))) return undefined;
    return reachable.functionsOf(calleeOf(call)).some((callee) => callee === owner) ? [given[position]] : undefined;
  };
}

/** Whether a failure of the last step gets out to what repeats the first. */
export function failsOut(steps: Repeated['steps'], { ts }: Pick<Tools, 'ts'>): boolean {
  return steps.every(({ node, code }) => !isSwallowed(node, code, ts));
}

function isSwallowed(place: ts.Node, code: ts.Node, ts: Tools['ts']): boolean {
  for (let node = place; node !== code && node.parent; node = node.parent) {
    const { parent } = node;
    // What is done about a failure is done once for each.
    if (ts.isCatchClause(parent)) return true;
    if (ts.isTryStatement(parent) && parent.tryBlock === node && parent.catchClause && parent.tryBlock !== code) {
      const { block } = parent.catchClause;
      const isTold = some(
        block,
        ts,
        (inner) =>
          ts.isThrowStatement(inner) ||
          (ts.isCallExpression(inner) && /reject|fail|throw|raise|bail/i.test(inner.expression.getText())),
      );
      if (!isTold && !isInLoop(parent, code, ts) && !answersFailure(block, ts)) return true;
    }
    if (isHandled(node, ts)) return true;
  }
  return false;
}

/** A loop within may throw after its last pass. */
function isInLoop(place: ts.Node, code: ts.Node, ts: Tools['ts']): boolean {
  for (let node = place; node !== code && node.parent; node = node.parent) {
    if (ts.isIterationStatement(node, false) && !ts.isForOfStatement(node)) return true;
  }
  return false;
}

/** `return Promise.reject(error)` and `return this.handle(error)` */
function answersFailure(block: ts.Block, ts: Tools['ts']): boolean {
  return some(
    block,
    ts,
    (inner) =>
      ts.isReturnStatement(inner) &&
      inner.expression !== undefined &&
      ts.isCallExpression(unwrap(ts, inner.expression)),
  );
}

/** `send().catch(() => undefined)` */
function isHandled(node: ts.Node, ts: Tools['ts']): boolean {
  const access = node.parent;
  if (!ts.isPropertyAccessExpression(access) || access.expression !== node || access.name.text !== 'catch')
    return false;
  const handler = ts.isCallExpression(access.parent) ? access.parent.arguments[0] : undefined;
  return (
    handler !== undefined &&
    ts.isArrowFunction(handler) &&
    !/\bthrow\b|reject/.test(handler.getText()) &&
    !/\(/.test(handler.body.getText())
  );
}

/** A transaction that failed left nothing behind, so trying it again as a whole is right. */
function isUndone({ outbound, path, steps }: Repeated, { ts, targets, facts }: Tools): boolean {
  if (outbound.kind !== 'db') return false;
  if (path.some((step) => /transaction/i.test(nameOf(step)))) return true;
  return steps.some(({ node, code }) => {
    for (let inner = node; inner !== code && inner.parent; inner = inner.parent) {
      const call = inner.parent;
      if (!ts.isCallExpression(call) || call.expression === inner) continue;
      if (/transaction/i.test(nameOf(call)) || targets.row(call)?.row.callback?.transaction) return true;
    }
    return facts(code.getSourceFile()).calls.some(
      (call) =>
        isInside(call, code) &&
        (/begin|commit|startTransaction/i.test(nameOf(call)) ||
          /^['"`]\s*(?:begin|start transaction)\b/i.test(call.getText().slice(call.getText().indexOf('(') + 1)) ||
          targets.row(call)?.row.transaction === 'begin'),
    );
  });
}

function nameOf(call: CallLike): string {
  const callee = 'tag' in call ? call.tag : call.expression;
  const text = callee.getText();
  return text.slice(text.lastIndexOf('.') + 1);
}

/** Some POSTs only read, and say so in their address. */
function looksRead({ outbound }: Repeated, { ts, operations }: Tools): boolean {
  if (outbound.kind !== 'http' || !ts.isCallExpression(outbound.node)) return false;
  const text = outbound.node.arguments.map((argument) => operations.textOf(argument) ?? '').join(' ');
  const written = `${text} ${outbound.node.arguments[0]?.getText() ?? ''}`;
  return /(?:[/_:.-]|\b)(?:graphql|search|query|_msearch|token|oauth2?|login|auth(?:enticate)?|verify|validate|introspect|count|lookup|find|preview|render|convert|embeddings)\b/i.test(
    written,
  );
}

/** Headers come from somewhere out of sight, and somebody in the project speaks of such keys. */
function mayHaveKey(way: Repeated, tools: Tools): boolean {
  const { ts, scopes, ownFiles } = tools;
  const { node } = way.outbound;
  if (ts.isAwaitExpression(node)) return false;
  const argumentsFor = argumentsAlong(way, tools);
  const isForeign = (argument: ts.Node, depth: number): boolean =>
    some(argument, ts, (part) => {
      if (!ts.isIdentifier(part) || !/header|option|config|init|request|param/i.test(part.text)) return false;
      const declaration = scopes.find(part.text, part);
      if (!declaration || !(ts.isParameter(declaration) || ts.isBindingElement(declaration))) return false;
      const passed = ts.isParameter(declaration) && depth < 4 ? argumentsFor(declaration) : undefined;
      return passed ? passed.some((given) => given !== undefined && isForeign(given, depth + 1)) : true;
    });
  if (!argumentsOf(node).some((argument) => isForeign(argument, 0))) return false;
  return [...way.steps.map(({ code }) => code.getSourceFile()), ...ownFiles()].some(({ text }) =>
    /idempotency/i.test(text),
  );
}
