import type { OutboundCall } from '@holdfast/analysis';
import { ts } from 'ts-morph';
import type { AnalyzedFile } from '../project.js';
import type { SkipReason } from '../plan.js';
import { sendsStream } from './one-shot-body.js';
import { asksForStream, isBodyRead, readsBody } from './repeatable.js';
import { usesNarrowedType } from './narrowed.js';
import { calleeName, isCallback, type CallSurroundings, type Owner } from './surroundings.js';
import { isInTransaction } from './transaction.js';

/** Where a guard goes. */
export type Place =
  | { readonly kind: 'decorators'; readonly method: ts.MethodDeclaration }
  | { readonly kind: 'wrapped-function'; readonly fn: ts.ArrowFunction | ts.FunctionExpression }
  | { readonly kind: 'wrapped-body'; readonly fn: Owner; readonly body: ts.Block }
  | { readonly kind: 'wrapped-call'; readonly expression: ts.Expression; readonly coversBody: boolean }
  | { readonly kind: 'none'; readonly reason: SkipReason };

/** Decorators of frameworks that call a method from outside: what it answers must not be sent twice. */
const inbound =
  /^(?:Get|Post|Put|Patch|Delete|Head|Options|All|Sse|Query|Mutation|Subscription|ResolveField|MessagePattern|EventPattern|SubscribeMessage|GrpcMethod|GrpcStreamMethod|Cron|Interval|Timeout|OnEvent|OnQueueEvent|OnWorkerEvent|Process|Processor|RabbitSubscribe|RabbitRPC|SqsMessageHandler|Saga|Command|SubCommand|Slash|On|Once)$/;
const inboundClass =
  /^(?:JsonController|RestController|Resolver|WebSocketGateway|Processor|CommandHandler|QueryHandler|EventsHandler|Controller|SubCommand|Command)$/;

/** Chooses the form that guards a call and changes nothing else. */
export function guardPlace(
  file: AnalyzedFile,
  outbound: OutboundCall,
  around: CallSurroundings,
  isWhole: boolean,
): Place {
  const { call, owner } = around;
  const reason = refusal(file, outbound, around);
  if (reason) return { kind: 'none', reason };
  // Asks for types: only where the call alone may be what is guarded.
  const wrappedCall = (): Place => wrapCall(file, outbound, around);
  if (!owner || around.runsApart || !isWhole || isCallback(owner) || isRecursive(owner)) return wrappedCall();
  // In a callback of a function that answers no promise, the callback is the operation.
  if (ts.isConstructorDeclaration(owner) || ts.isAccessor(owner)) return wrappedCall();
  if (!isAsync(owner) && syncRefusal(file, owner)) return wrappedCall();
  if (ts.isMethodDeclaration(owner) && isInboundHandler(owner)) return wrappedCall();
  if (ts.isMethodDeclaration(owner) && isDecoratable(owner, file.program)) return { kind: 'decorators', method: owner };
  if (isWrappableFunction(owner)) return { kind: 'wrapped-function', fn: owner };

  // A response is not there before its body is: where the body is read, the whole function is the operation.
  const { body } = owner as { body?: ts.ConciseBody };
  const alone = wrappedCall();
  const needsBody = readsBody(outbound, owner) && alone.kind === 'wrapped-call' && !alone.coversBody;
  if (needsBody && body && ts.isBlock(body) && isAsync(owner) && call.pos >= body.pos) {
    return { kind: 'wrapped-body', fn: owner, body };
  }
  return alone;
}

function refusal(file: AnalyzedFile, outbound: OutboundCall, around: CallSurroundings): SkipReason | undefined {
  const { call, owner, isInCallback, isGenerator, isFloating } = around;
  if (ts.isOptionalChain(call)) return 'optional-chain';
  if (isGenerator) return 'generator';
  if (isFloating) return 'fire-and-forget';
  if (isInTransaction(call, outbound, owner, file)) return 'inside-transaction';
  if (takesConnection(call, outbound)) return 'connection';
  if (sendsStream(call, file.program.getTypeChecker())) return 'one-shot-body';
  if (!owner || isInCallback || isAsync(owner)) return undefined;
  if (ts.isConstructorDeclaration(owner)) return 'constructor';
  return ts.isAccessor(owner) ? 'sync' : syncRefusal(file, owner);
}

/** A connection that is handed out after the timeout has nobody who gives it back. */
function takesConnection(call: ts.CallExpression, { target }: OutboundCall): boolean {
  return target.kind !== 'http' && /^(?:connect|getConnection|acquire|reserve)$/.test(calleeName(call));
}

/** A function that is not `async` may still return a promise, and nothing else: then it is as good as one. */
function syncRefusal({ program }: AnalyzedFile, owner: Owner): SkipReason | undefined {
  const checker = program.getTypeChecker();
  const signature = checker.getSignatureFromDeclaration(owner);
  const type = signature && checker.getReturnTypeOfSignature(signature);
  if (!type) return 'sync';
  const parts = type.isUnion() ? type.types : [type];
  const promises = parts.filter((part) => part.getSymbol()?.name === 'Promise');
  if (promises.length === parts.length) return undefined;
  return promises.length > 0 ? 'mixed-return' : 'sync';
}

/** The call alone, or together with a `.then` that does no more than read the body. */
function wrapCall({ program }: AnalyzedFile, outbound: OutboundCall, { call, owner }: CallSurroundings): Place {
  const checker = program.getTypeChecker();
  const operation = wholeOperation(call, checker);
  if (!operation) return { kind: 'none', reason: 'no-promise' };
  let expression: ts.Expression = operation;
  let coversBody = false;
  const access = operation.parent;
  if (ts.isPropertyAccessExpression(access) && access.name.text === 'then' && ts.isCallExpression(access.parent)) {
    const [callback, ...others] = access.parent.arguments;
    if (callback && others.length === 0 && ts.isArrowFunction(callback) && isBodyRead(callback.body)) {
      expression = access.parent;
      coversBody = true;
    }
  } else if (ts.isAwaitExpression(access) && ts.isParenthesizedExpression(access.parent)) {
    const read = access.parent.parent.parent;
    const isOperation = ts.isCallExpression(read) && isBodyRead(read);
    if (isOperation && (ts.isAwaitExpression(read.parent) || ts.isReturnStatement(read.parent))) {
      expression = read;
      coversBody = true;
    }
  }
  if (isImpure(expression, coversBody ? call : undefined)) return { kind: 'none', reason: 'impure-args' };
  if (usesNarrowedType(expression, owner, checker)) return { kind: 'none', reason: 'narrowed' };
  return {
    kind: 'wrapped-call',
    expression,
    coversBody: coversBody || operation !== call || (outbound.target.module !== 'global' && !asksForStream(call)),
  };
}

const promiseMembers = /^(?:then|catch|finally)$/;

/**
 * The call with what is asked of its answer before it is there: `got(url).json()`. A policy answers a plain promise, which has no such
 * members; nothing when the answer is used in a way that no promise can be.
 */
function wholeOperation(call: ts.CallExpression, checker: ts.TypeChecker): ts.CallExpression | undefined {
  const access = call.parent;
  const isOwnMember =
    ts.isPropertyAccessExpression(access) && access.expression === call && !promiseMembers.test(access.name.text);
  if (isOwnMember) {
    const next = access.parent;
    return ts.isCallExpression(next) && next.expression === access ? wholeOperation(next, checker) : undefined;
  }
  return answersPromise(checker, call) ? call : undefined;
}

/** An emitter or a request object is there at once, and says later how it went: there is nothing to wait for. */
function answersPromise(checker: ts.TypeChecker, call: ts.CallExpression): boolean {
  const type = checker.getTypeAtLocation(call);
  return (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0 || type.getProperty('then') !== undefined;
}

/** An `await` or a change of state among the arguments would move into the operation. */
function isImpure(expression: ts.Expression, head: ts.CallExpression | undefined): boolean {
  const open: ts.Node[] = [expression];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isFunctionLike(node)) continue;
    if (ts.isAwaitExpression(node) ? node.expression !== head : ts.isYieldExpression(node)) return true;
    if (ts.isPostfixUnaryExpression(node)) return true;
    if (ts.isPrefixUnaryExpression(node) && /^(?:\+\+|--)/.test(node.getText())) return true;
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) return true;
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return false;
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isDecoratable(method: ts.MethodDeclaration, program: ts.Program): boolean {
  const isLegacy = program.getCompilerOptions().experimentalDecorators === true;
  const owner = method.parent;
  if (!ts.isClassLike(owner)) return false;
  if (isLegacy) return !ts.isPrivateIdentifier(method.name) && ts.isClassDeclaration(owner);
  // Parameter decorators exist under `experimentalDecorators` only: some other tsconfig compiles this class.
  return !owner.members.some(
    (member) =>
      ts.isFunctionLike(member) &&
      member.parameters.some((parameter) => ts.getDecorators(parameter as ts.HasDecorators)?.length),
  );
}

/** `const f = async () => …` at the top of a module, or a field of a class, with no type to satisfy. */
function isWrappableFunction(owner: Owner): owner is ts.ArrowFunction | ts.FunctionExpression {
  if (!ts.isArrowFunction(owner) && !ts.isFunctionExpression(owner)) return false;
  const holder = owner.parent;
  if (ts.isPropertyDeclaration(holder)) return holder.initializer === owner && !holder.type;
  return (
    ts.isVariableDeclaration(holder) &&
    !holder.type &&
    (holder.parent.flags & ts.NodeFlags.Const) !== 0 &&
    ts.isSourceFile(holder.parent.parent.parent)
  );
}

function isInboundHandler(method: ts.MethodDeclaration): boolean {
  const isListed = (node: ts.HasDecorators, names: RegExp): boolean =>
    ts.getDecorators(node)?.some(({ expression }) => {
      const name = ts.isCallExpression(expression) ? expression.expression : expression;
      return names.test(name.getText().split('.').at(-1) ?? '');
    }) ?? false;
  return isListed(method, inbound) || (ts.isClassDeclaration(method.parent) && isListed(method.parent, inboundClass));
}

/** A guard around a function that calls itself would nest, and time the recursion instead of the call. */
function isRecursive(owner: Owner): boolean {
  const name = ownerName(owner);
  if (name === undefined || !owner.body) return false;
  const open: ts.Node[] = [owner.body];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isCallExpression(node)) {
      const callee = node.expression;
      const isOwnMethod = ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.ThisKeyword;
      if (isOwnMethod ? callee.name.text === name : ts.isIdentifier(callee) && callee.text === name) return true;
    }
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return false;
}

/** The name that people call an owner by. */
export function ownerName(owner: Owner): string | undefined {
  if (ts.isConstructorDeclaration(owner)) return 'constructor';
  const holder = owner.parent;
  const isHeld =
    ts.isVariableDeclaration(holder) || ts.isPropertyDeclaration(holder) || ts.isPropertyAssignment(holder);
  const name = owner.name ?? (isHeld ? holder.name : undefined);
  if (!name) return undefined;
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined;
}

export function isAsync(owner: Owner): boolean {
  return ts.canHaveModifiers(owner)
    ? (ts.getModifiers(owner)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false)
    : false;
}
