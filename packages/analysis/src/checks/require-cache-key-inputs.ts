import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { calleeOf } from '../facts/file-facts.js';
import { evidenceOf, shorten } from '../location.js';
import { cachesIn, functionOf, type Cache } from '../summaries/caches.js';
import { policyName, settingOf } from '../summaries/policy-settings.js';
import { isInside } from '../summaries/regions.js';
import type { Check, Judgement } from './check.js';

/** Results that depend on something outside their key are handed to callers for whom they are wrong. */
export const requireCacheKeyInputs: Check = {
  id: 'require-cache-key-inputs',
  code: 770_015,
  harm: 'One caller is answered with the result of another',
  preset: 'recommended',
  messages: {
    parameter:
      '`{{cached}}` gives one answer for every `{{input}}`: its key ignores that parameter of `{{operation}}`.',
    variable:
      '`{{cached}}` gives one answer for every `{{input}}`, which its operation reads: the key does not hold it.',
    field: '`{{cached}}` goes on with the old results when `{{setter}}` changes `{{input}}`: the key does not hold it.',
    identity: '`{{cached}}` gives all objects the same answer, whatever their `{{input}}`: the key does not hold it.',
    ambient:
      '`{{cached}}` answers everybody with what the first one got: `{{input}}` says who asks, and the key does not.',
  },
  *judge(file, analysis) {
    for (const cache of cachesIn(file, analysis)) {
      const code = functionOf(cache.operation, analysis);
      const key = keyOf(cache, analysis);
      if (!code?.body || key === 'unknown') continue;
      const asked: Asked = { cache, code, body: code.body, key, analysis };
      for (const { messageId, use, data = {} } of inputsOutside(asked)) {
        yield {
          at: cache.node,
          messageId,
          data: { cached: policyName(cache.policy), input: shorten(use.getText()), ...data },
          path: [cache.node, use],
        } satisfies Judgement;
      }
    }
  },
};

interface Asked {
  readonly cache: Cache;
  readonly code: ts.FunctionLikeDeclaration;
  readonly body: ts.Node;
  /** Absent: the arguments are the key. */
  readonly key: ts.FunctionLikeDeclaration | undefined;
  readonly analysis: Analysis;
}

interface Input {
  readonly messageId: string;
  /** Where the operation reads it. */
  readonly use: ts.Node;
  readonly data?: Readonly<Record<string, string>>;
}

/** What says whose data a result is. */
const identity =
  /user|tenant|account|customer|organi[sz]ation|\borg|session|locale|language|principal|permission|role|currency|region/i;
/** What changes nothing about the result. */
const besides =
  /signal|log|trace|trac(?:er|ing)|span|metric|request_?id|correlation|callback|abort|\bctx$|context|trx|transaction|^tx$|client|connection/i;
const startsUp =
  /^(?:init|initiali[sz]e|connect|setup|set_?up|configure|start|open|boot|load|on[A-Z]|after[A-Z]|before[A-Z])/;

function keyOf({ policy }: Cache, analysis: Analysis): ts.FunctionLikeDeclaration | 'unknown' | undefined {
  const { state, node } = settingOf(policy, 'key', analysis);
  if (state === 'absent') return undefined;
  return (node && analysis.reachable.functionsOf(node)[0]) ?? 'unknown';
}

function* inputsOutside(asked: Asked): Iterable<Input> {
  yield* ignoredParameters(asked);
  yield* outerVariables(asked);
  yield* changingFields(asked);
  yield* ambientInputs(asked);
}

/** Parameters that the operation uses and a key of its own leaves out. */
function* ignoredParameters({ cache, code, body, key, analysis }: Asked): Iterable<Input> {
  const { ts, scopes } = analysis;
  if (!key || cache.isExecuted || key.parameters.some(({ dotDotDotToken }) => dotDotDotToken)) return;
  if (mentionsIn(key, 'arguments', analysis).length > 0) return;
  for (const [position, parameter] of code.parameters.entries()) {
    const { name } = parameter;
    if (!ts.isIdentifier(name) || besides.test(name.text) || isTool(parameter, analysis)) continue;
    const inKey = key.parameters[position]?.name;
    if (inKey && (!ts.isIdentifier(inKey) || mentionsIn(key, inKey.text, analysis).length > 1)) continue;
    const use = mentionsIn(body, name.text, analysis).find(
      (mention) => scopes.find(name.text, mention) === parameter && !isBesides(mention, body, analysis),
    );
    if (use)
      yield { messageId: 'parameter', use, data: { operation: evidenceOf(ts, nameable(cache.operation, ts)).text } };
  }
}

/** Variables around an operation that shares its results with what runs under other variables. */
function* outerVariables({ cache, code, body, key, analysis }: Asked): Iterable<Input> {
  const { ts, scopes } = analysis;
  // Each function under `guard` has results of its own, unless they are kept elsewhere.
  const isShared = cache.isExecuted || settingOf(cache.policy, 'store', analysis).state === 'present';
  if (!key || !isShared || hasCalls(key, analysis)) return;
  const seen = new Set<ts.Node>();
  for (const name of identifiersIn(body, ts)) {
    const declaration = scopes.find(name.text, name);
    if (!declaration || seen.has(declaration)) continue;
    seen.add(declaration);
    if (isInside(declaration, code) || !isVariable(declaration, ts) || besides.test(name.text)) continue;
    const owner = enclosingFunction(declaration, ts);
    if (!owner || isTool(declaration, analysis) || isBesides(name, body, analysis)) continue;
    // What the key reads of the same function may stand for it.
    const isRead = identifiersIn(key, ts).some((inKey) => {
      const found = scopes.find(inKey.text, inKey);
      return (
        found !== undefined &&
        isVariable(found, ts) &&
        !isInside(found, key) &&
        enclosingFunction(found, ts) !== undefined
      );
    });
    if (!isRead) yield { messageId: 'variable', use: name };
  }
}

/** Fields that change under a cache of the object, and those that tell objects apart under a cache of the class. */
function* changingFields({ cache, code, body, key, analysis }: Asked): Iterable<Input> {
  const { ts } = analysis;
  const method = ts.isPropertyDeclaration(code.parent) ? code.parent : code;
  const owner = method.parent;
  if (!ts.isClassLike(owner)) return;
  const { scope, store } = {
    scope: settingOf(cache.policy, 'scope', analysis).value,
    store: settingOf(cache.policy, 'store', analysis),
  };
  const isOfClass = scope === 'class' || store.state === 'present';
  const seen = new Set<string>();
  for (const access of fieldReads(body, ts)) {
    const { text } = access.name;
    if (seen.has(text) || besides.test(text) || isBesides(access, body, analysis)) continue;
    seen.add(text);
    if (key && (mentionsIn(key, text, analysis).length > 0 || hasCalls(key, analysis))) continue;
    const writers = writersOf(owner, text, analysis);
    if (writers.length === 0 || writers.includes(method)) continue;
    const setter = writers.find(
      (writer) =>
        ts.isSetAccessorDeclaration(writer) ||
        (ts.isMethodDeclaration(writer) && !startsUp.test(writer.name.getText())),
    );
    if (setter) yield { messageId: 'field', use: access, data: { setter: evidenceOf(ts, setter).text } };
    else if (isOfClass && identity.test(text) && writers.some((writer) => ts.isConstructorDeclaration(writer))) {
      yield { messageId: 'identity', use: access };
    }
  }
}

/** Reads of the ambient context that say who asks, in the operation and in what it calls. */
function* ambientInputs({ cache, key, analysis }: Asked): Iterable<Input> {
  const { reachable } = analysis;
  if (key && hasCalls(key, analysis)) return;
  for (const { call, path } of reachable.callsFrom(cache.operation)) {
    if (analysis.ts.isTaggedTemplateExpression(call) || !isAmbient(calleeOf(call), analysis)) continue;
    const said = whatIsRead(call, analysis);
    if (!identity.test(said) || /trace|span|log|correlation|request_?id/i.test(said)) continue;
    yield { messageId: 'ambient', use: path[0] ?? call };
    return;
  }
}

/** `storage.getStore()`, and what frameworks make of it. */
function isAmbient(callee: ts.Expression, { ts, meanings }: Analysis): boolean {
  const meaning = meanings.of(callee);
  if (meaning?.kind === 'export')
    return meaning.module.startsWith('next') && /^(?:headers|cookies)$/.test(meaning.name);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  if (meaning?.kind !== 'member') return false;
  const { module, name } = meaning;
  return (/^(?:node:)?async_hooks$/.test(module) && name === 'getStore') || (module === 'nestjs-cls' && name === 'get');
}

/** The names around a read: what is taken from it, where it goes, the function that does it. */
function whatIsRead(call: ts.Node, { ts }: Analysis): string {
  const words: string[] = [call.getText()];
  for (let node = call.parent; node && !ts.isSourceFile(node); node = node.parent) {
    if (ts.isPropertyAccessExpression(node)) words.push(node.name.text);
    else if (ts.isVariableDeclaration(node)) words.push(node.name.getText());
    else if (ts.isFunctionLike(node)) {
      words.push(evidenceOf(ts, nameable(node, ts)).text);
      break;
    }
  }
  return words.join(' ');
}

/** The declaration that gives a function its name. */
function nameable(node: ts.Node, ts: Analysis['ts']): ts.Node {
  const isNamed = ts.isVariableDeclaration(node.parent) || ts.isPropertyDeclaration(node.parent);
  return isNamed ? node.parent : node;
}

function mentionsIn(node: ts.Node, name: string, { facts }: Analysis): readonly ts.Node[] {
  return (facts(node.getSourceFile()).mentions.get(name) ?? []).filter((mention) => isInside(mention, node));
}

function identifiersIn(node: ts.Node, ts: Analysis['ts']): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isIdentifier(inner)) {
      const isName = ts.isPropertyAccessExpression(inner.parent) && inner.parent.name === inner;
      const isKey = ts.isPropertyAssignment(inner.parent) && inner.parent.name === inner;
      if (!isName && !isKey) found.push(inner);
    } else if (!ts.isTypeNode(inner)) ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

/** `this.name`, read and not called. */
function fieldReads(body: ts.Node, ts: Analysis['ts']): readonly ts.PropertyAccessExpression[] {
  const found: ts.PropertyAccessExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword) {
      const isCalled = ts.isCallExpression(node.parent) && node.parent.expression === node;
      if (!isCalled) found.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

/** Members of a class that set a field to what they are given. */
function writersOf(
  owner: ts.ClassLikeDeclaration,
  field: string,
  { ts, facts, meanings, scopes }: Analysis,
): readonly ts.Node[] {
  const declared = meanings.memberOf({ kind: 'object', node: owner }, field);
  // A client or a class of the project is something that is used, not something that is asked about.
  if (declared && declared.kind !== 'other' && !(declared.kind === 'instance' && declared.module === 'global'))
    return [];
  const writers: ts.Node[] = [];
  for (const member of owner.members) {
    if (!ts.isConstructorDeclaration(member)) continue;
    const isProperty = member.parameters.some(
      ({ modifiers, name }) => modifiers?.length && ts.isIdentifier(name) && name.text === field,
    );
    if (isProperty) writers.push(member);
  }
  for (const mention of facts(owner.getSourceFile()).mentions.get(field) ?? []) {
    const access = mention.parent;
    if (!isInside(mention, owner) || !ts.isPropertyAccessExpression(access) || access.name !== mention) continue;
    const assignment = access.parent;
    if (access.expression.kind !== ts.SyntaxKind.ThisKeyword || !ts.isBinaryExpression(assignment)) continue;
    if (assignment.left !== access || assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken) continue;
    const member = owner.members.find((candidate) => isInside(mention, candidate));
    const isGiven = identifiersIn(assignment.right, ts).some((name) => {
      const declaration = scopes.find(name.text, name);
      return declaration !== undefined && ts.isParameter(declaration);
    });
    if (member && isGiven) writers.push(member);
  }
  return writers;
}

/** Whether a use tells of the work and is no part of it: a line of a log, a span. */
function isBesides(use: ts.Node, body: ts.Node, { ts }: Analysis): boolean {
  for (let node = use; node !== body && node.parent; node = node.parent) {
    const { parent } = node;
    if (!ts.isCallExpression(parent) || parent.expression === node) continue;
    if (/\b(?:log(?:ger)?|console|debug|trace|span|metrics?)\b/i.test(parent.expression.getText())) return true;
  }
  return false;
}

/** A client, a function, an object of the project with code: what the operation works with. */
function isTool(declaration: ts.Node, { ts, meanings }: Analysis): boolean {
  const typed = (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration)) && declaration.type;
  const meaning = typed
    ? meanings.ofType(typed)
    : ts.isVariableDeclaration(declaration) && declaration.initializer
      ? meanings.of(declaration.initializer)
      : undefined;
  switch (meaning?.kind) {
    case 'function':
    case 'class':
    case 'module':
    case 'export':
      return true;
    case 'instance':
      return meaning.module !== 'global' || /Signal|Function|Controller|Logger/.test(meaning.type);
    case 'object':
      return ts.isClassLike(meaning.node);
    default:
      return false;
  }
}

/** A parameter, or a variable that is given something other than a literal. */
function isVariable(declaration: ts.Node, ts: Analysis['ts']): boolean {
  if (ts.isParameter(declaration) || ts.isBindingElement(declaration)) return true;
  if (!ts.isVariableDeclaration(declaration)) return false;
  const { initializer } = declaration;
  return (
    initializer === undefined ||
    !(ts.isNumericLiteral(initializer) || ts.isStringLiteralLike(initializer) || ts.isFunctionLike(initializer))
  );
}

function enclosingFunction(node: ts.Node, ts: Analysis['ts']): ts.Node | undefined {
  for (let up = node.parent; up; up = up.parent) if (ts.isFunctionLike(up)) return up;
  return undefined;
}

/** A key that calls something may read anything. */
function hasCalls(key: ts.Node, { ts, facts, meanings }: Analysis): boolean {
  return facts(key.getSourceFile()).calls.some((call) => {
    if (!isInside(call, key)) return false;
    const callee = calleeOf(call);
    // `JSON.stringify(filter)`, `ids.join()`: built in, and about what they are given.
    if (ts.isPropertyAccessExpression(callee))
      return /^(?:get|current|use)/i.test(callee.name.text) || meanings.of(callee)?.kind === 'function';
    return !(ts.isIdentifier(callee) && /^(?:String|Number|JSON|encodeURIComponent)$/.test(callee.text));
  });
}
