import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { argumentsOf, calleeOf, type CallLike } from '../facts/file-facts.js';
import { assignmentTo } from '../resolver/assignments.js';
import { referencesTo } from '../resolver/references.js';
import { unwrap } from '../resolver/unwrap.js';
import type { Attempt } from './key-origins.js';
import { isInside } from './regions.js';

type Tools = Pick<Analysis, 'ts' | 'scopes' | 'facts' | 'meanings' | 'reachable'>;

/** Where a value is made that no two attempts share. */
interface Made {
  readonly at: ts.Node;
  /** By chance: what is computed from it is another one each time, too. Of a clock, that may be a day. */
  readonly isRandom: boolean;
}

const maxSteps = 8;

/** Where each attempt surely makes a value of its own; `undefined` when that cannot be proven. */
export function madeAnew(value: ts.Node, attempt: Attempt, tools: Tools): ts.Node | undefined {
  return made(value, attempt, tools, 0)?.at;
}

function made(node: ts.Node, attempt: Attempt, tools: Tools, steps: number): Made | undefined {
  const { ts } = tools;
  const value = unwrap(ts, node);
  if (steps > maxSteps || !isRunAgain(value, attempt)) return undefined;
  const of = (part: ts.Node): Made | undefined => made(part, attempt, tools, steps + 1);
  if (ts.isTemplateExpression(value)) return first(value.templateSpans, ({ expression }) => of(expression));
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return of(value.left) ?? of(value.right);
  }
  if (ts.isConditionalExpression(value)) return of(value.whenTrue) && of(value.whenFalse);
  if (ts.isIdentifier(value)) return ofName(value, attempt, tools, steps);
  if (ts.isPropertyAccessExpression(value)) return ofProperty(value, attempt, tools, steps);
  if (ts.isPrefixUnaryExpression(value) || ts.isPostfixUnaryExpression(value)) {
    return assignmentTo(value.operand, ts) === value ? ofAssignment(value, attempt, tools, steps) : undefined;
  }
  return ts.isCallExpression(value) || ts.isNewExpression(value) ? ofCall(value, attempt, tools, steps) : undefined;
}

function isRunAgain(node: ts.Node, { code }: Attempt): boolean {
  return code.some((part) => isInside(node, part));
}

function ofName(name: ts.Identifier, attempt: Attempt, tools: Tools, steps: number): Made | undefined {
  const { ts, scopes } = tools;
  const declaration = scopes.find(name.text, name);
  if (!declaration) return undefined;
  const assignments = assignmentsTo(referencesTo(name, declaration, tools), attempt, ts);
  if (assignments.length > 0) return ofAssignments(name, assignments, attempt, tools, steps);
  if (isAttemptNumber(declaration, attempt, ts)) return { at: declaration, isRandom: false };
  if (ts.isVariableDeclaration(declaration)) {
    // What a loop begins with is made once.
    return declaration.initializer && !isHeadOfLoop(declaration, attempt.code, ts)
      ? made(declaration.initializer, attempt, tools, steps + 1)
      : undefined;
  }
  if (!ts.isParameter(declaration) || attempt.code.indexOf(declaration.parent) < 1) return undefined;
  const passed = attempt.argumentsFor(declaration);
  const given = passed && (passed[0] ?? declaration.initializer);
  return given && made(given, attempt, tools, steps + 1);
}

/** `pRetry((attemptNumber) => …)`, `execute(({ attempt }) => …)`, and what a function passes on when it calls itself again. */
function isAttemptNumber(declaration: ts.Node, { code, isCallback }: Attempt, ts: Tools['ts']): boolean {
  if (!isCallback || (!ts.isParameter(declaration) && !ts.isBindingElement(declaration))) return false;
  const { name } = declaration;
  const property = ts.isBindingElement(declaration) ? (declaration.propertyName ?? name) : name;
  const owner = ts.isBindingElement(declaration) ? declaration.parent.parent.parent : declaration.parent;
  return owner === code[0] && /^attempt/i.test(property.getText());
}

function ofProperty(
  access: ts.PropertyAccessExpression,
  attempt: Attempt,
  tools: Tools,
  steps: number,
): Made | undefined {
  const { ts, facts, meanings } = tools;
  const owner = access.expression.getText();
  const references = (facts(access.getSourceFile()).mentions.get(access.name.text) ?? []).filter(
    ({ parent }) => ts.isPropertyAccessExpression(parent) && parent.expression.getText() === owner,
  );
  const assignments = assignmentsTo(references, attempt, ts);
  if (assignments.length > 0) return ofAssignments(access, assignments, attempt, tools, steps);
  const object = meanings.of(access.expression);
  const member = object?.kind === 'object' ? meanings.memberNode(object.node, access.name.text) : undefined;
  if (member && ts.isGetAccessorDeclaration(member)) return ofResult(member, [], attempt, tools, steps);
  if (member && ts.isShorthandPropertyAssignment(member)) return made(member.name, attempt, tools, steps + 1);
  return member && ts.isPropertyAssignment(member) ? made(member.initializer, attempt, tools, steps + 1) : undefined;
}

function assignmentsTo(references: readonly ts.Node[], attempt: Attempt, ts: Tools['ts']): readonly ts.Node[] {
  return references.flatMap((reference) => {
    const assignment = isRunAgain(reference, attempt) ? assignmentTo(reference, ts) : undefined;
    return assignment ? [assignment] : [];
  });
}

/** All that assign make a new value, and one of them surely runs between the uses of two attempts. */
function ofAssignments(
  use: ts.Node,
  assignments: readonly ts.Node[],
  attempt: Attempt,
  tools: Tools,
  steps: number,
): Made | undefined {
  let sure: Made | undefined;
  for (const assignment of assignments) {
    const found = ofAssignment(assignment, attempt, tools, steps);
    if (!found) return undefined;
    if (isBetween(assignment, use, attempt, tools.ts)) sure = found;
  }
  return sure;
}

/** `key = randomUUID()`, `count += 1`, `count++`; but `key ??= randomUUID()` keeps what is there. */
function ofAssignment(assignment: ts.Node, attempt: Attempt, tools: Tools, steps: number): Made | undefined {
  const { ts } = tools;
  const counted = (target: ts.Node): Made | undefined =>
    outlivesAttempt(target, attempt, tools) ? { at: assignment, isRandom: false } : undefined;
  if (ts.isPrefixUnaryExpression(assignment) || ts.isPostfixUnaryExpression(assignment)) {
    return counted(assignment.operand);
  }
  if (!ts.isBinaryExpression(assignment)) return undefined;
  const { EqualsToken, PlusEqualsToken, MinusEqualsToken } = ts.SyntaxKind;
  const { kind } = assignment.operatorToken;
  if (kind === EqualsToken) return made(assignment.right, attempt, tools, steps + 1);
  return kind === PlusEqualsToken || kind === MinusEqualsToken ? counted(assignment.left) : undefined;
}

/** What the last attempt counted, the next one finds: a field, or a variable from outside. */
function outlivesAttempt(target: ts.Node, attempt: Attempt, { ts, scopes }: Tools): boolean {
  const { code, isCallback } = attempt;
  let root = unwrap(ts, target);
  while (ts.isPropertyAccessExpression(root)) root = unwrap(ts, root.expression);
  if (root.kind === ts.SyntaxKind.ThisKeyword) return true;
  const declaration = ts.isIdentifier(root) ? scopes.find(root.text, root) : undefined;
  if (!declaration) return false;
  if (!isRunAgain(declaration, attempt) || isHeadOfLoop(declaration, code, ts)) return true;
  return root !== unwrap(ts, target) && !isCallback && declaration.parent === code[0];
}

function isHeadOfLoop(declaration: ts.Node, code: Attempt['code'], ts: Tools['ts']): boolean {
  const loop = declaration.parent.parent;
  return ts.isForStatement(loop) && code.includes(loop);
}

/** In a block that leads to the use, in the `catch` after it, or in the head of the loop: no condition leaves it out. */
function isBetween(assignment: ts.Node, use: ts.Node, { code }: Attempt, ts: Tools['ts']): boolean {
  const { parent } = assignment;
  if (ts.isForStatement(parent)) return parent.incrementor === assignment && code.includes(parent);
  const block = ts.isExpressionStatement(parent) ? parent.parent : undefined;
  if (!block || !ts.isBlock(block)) return false;
  if (isInside(use, block)) return assignment.end <= use.pos;
  return ts.isCatchClause(block.parent) && isInside(use, block.parent.parent.tryBlock);
}

function ofCall(
  call: ts.CallExpression | ts.NewExpression,
  attempt: Attempt,
  tools: Tools,
  steps: number,
): Made | undefined {
  const { ts, reachable, meanings } = tools;
  const callee = calleeOf(call);
  // What a policy was put around may be answered from a cache.
  const isPlain = ts.isCallExpression(call) && meanings.of(callee)?.kind !== 'instance';
  const functions = isPlain ? reachable.functionsOf(callee) : [];
  if (functions.length > 0) {
    const results = functions.map((callee) => ofResult(callee, argumentsOf(call), attempt, tools, steps));
    return results.every((result) => result !== undefined) ? results[0] : undefined;
  }
  const source = sourceOf(call, tools);
  if (source) return source;
  const receiver = ts.isPropertyAccessExpression(callee) ? callee : undefined;
  return first([...(receiver ? [receiver.expression] : []), ...argumentsOf(call)], (part) => {
    const found = made(part, attempt, tools, steps + 1);
    return found && (found.isRandom || isExact(callee, found, ts)) ? found : undefined;
  });
}

/** `String(Date.now())`, `new Date().toISOString()`: the whole time, and not only its day. */
function isExact(callee: ts.Node, { at }: Made, ts: Tools['ts']): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'String';
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const { text } = callee.name;
  return /^(?:toISOString|toJSON|getTime|valueOf)$/.test(text) || (text === 'toString' && !ts.isNewExpression(at));
}

/** What a function answers, when that is new whichever way it ends. A decorator may keep its answers. */
function ofResult(
  callee: ts.FunctionLikeDeclaration,
  given: readonly ts.Expression[],
  attempt: Attempt,
  tools: Tools,
  steps: number,
): Made | undefined {
  const { ts } = tools;
  if (!callee.body || given.some((argument) => ts.isSpreadElement(argument))) return undefined;
  if (ts.canHaveDecorators(callee) && ts.getDecorators(callee)?.length) return undefined;
  const called: Attempt = {
    ...attempt,
    code: [...attempt.code, callee],
    argumentsFor: (parameter) =>
      parameter.parent === callee ? [given[callee.parameters.indexOf(parameter)]] : attempt.argumentsFor(parameter),
  };
  const results = ts.isBlock(callee.body) ? returnedBy(callee.body, ts) : [callee.body];
  const found = results.map((result) => result && made(result, called, tools, steps + 1));
  return found.every((result) => result !== undefined) ? found[0] : undefined;
}

function returnedBy(body: ts.Block, ts: Tools['ts']): readonly (ts.Expression | undefined)[] {
  const found: (ts.Expression | undefined)[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node)) found.push(node.expression);
    else if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

/** Names of packages and members that make something else each time; `v3` and `v5` of uuid are made from a name. */
const random = /^(?:random\w*|uuid|(?:uuid)?v[1467]|nanoid|ulid|cuid2?|createId|objectid|ksuid)$/i;
const randomOwner = /^(?:crypto|Math|uuid|ulid|nanoid|cuid2?|Types)$/i;

function sourceOf(call: CallLike, { ts, meanings }: Tools): Made | undefined {
  const callee = calleeOf(call);
  const text = callee.getText().replace(/^globalThis\./, '');
  const isNow = ts.isNewExpression(call) ? text === 'Date' && argumentsOf(call).length === 0 : clock.test(text);
  if (isNow) return { at: call, isRandom: false };
  if (ts.isPropertyAccessExpression(callee)) {
    const { name, expression } = callee;
    const isRandom = random.test(name.text) && (/^random/.test(name.text) || randomOwner.test(expression.getText()));
    return isRandom ? { at: call, isRandom } : undefined;
  }
  if (!ts.isIdentifier(callee)) return undefined;
  const meaning = meanings.of(callee);
  const exported = meaning?.kind === 'export' && meaning.module !== 'global' ? meaning : undefined;
  const name = exported?.name === 'default' ? exported.module.split('/').at(-1)! : (exported?.name ?? callee.text);
  return random.test(name) ? { at: call, isRandom: true } : undefined;
}

const clock = /^(?:Date\.now|performance\.now|process\.hrtime(?:\.bigint)?)$/;

function first<From, To>(from: Iterable<From>, find: (one: From) => To | undefined): To | undefined {
  for (const one of from) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}
