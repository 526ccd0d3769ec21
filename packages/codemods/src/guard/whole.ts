import { ts } from 'ts-morph';
import { readsBody, obstacleToRepeating, usesStream } from './repeatable.js';
import type { CallSurroundings, Owner } from './surroundings.js';
import type { OutboundCall } from '@holdfast/analysis';

/**
 * Whether a guard around the whole function guards the call and nothing else. It does not where the function waits for other work,
 * which a timeout would give up and a retry repeat; where it catches the failure, which no policy would see, and answers
 * something instead, which a timeout would not; where it throws by itself, which a breaker would take for a failure of the other
 * side; or where it takes a stream apart, for as long as that takes.
 */
export function fitsWhole(
  owner: Owner,
  { call, chain }: CallSurroundings,
  outbound: OutboundCall,
  calls: ReadonlySet<number>,
): boolean {
  if (catchAround(call, owner) || handlesFailure(call, chain) || usesStream(owner) || throwsOfItsOwn(owner))
    return false;
  const obstacle = obstacleToRepeating(owner, calls);
  if (!obstacle) return true;
  if (!ts.isExpressionStatement(obstacle)) return false;
  // Without a retry, what else the function does happens once. A read is worth more with one.
  return outbound.operation.effect !== 'read' || readsBody(outbound, owner);
}

/** `throw new NotFoundError()`; but a status that says so is a failure of the other side. */
function throwsOfItsOwn(owner: Owner): boolean {
  const open: ts.Node[] = owner.body ? [owner.body] : [];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isThrowStatement(node) && !dependsOnStatus(node, owner)) return true;
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, (child) => void open.push(child));
  }
  return false;
}

function dependsOnStatus(thrown: ts.Node, owner: Owner): boolean {
  for (let node = thrown; node !== owner && !ts.isSourceFile(node); node = node.parent) {
    if (ts.isIfStatement(node.parent) && node.parent.expression !== node) {
      if (/(?:\.|\b)(?:ok|status|statusCode)\b/.test(node.parent.expression.getText())) return true;
    }
  }
  return false;
}

/** The nearest `catch` that sees the call fail. */
export function catchAround(call: ts.Node, owner: ts.Node | undefined): ts.CatchClause | undefined {
  for (let node = call; node !== owner && !ts.isSourceFile(node); node = node.parent) {
    if (ts.isTryStatement(node.parent) && node.parent.tryBlock === node && node.parent.catchClause) {
      return node.parent.catchClause;
    }
  }
  return undefined;
}

/** `.catch(…)`, or `.then` with a second callback, on the chain that the call is the head of. */
function handlesFailure(call: ts.Expression, chain: ts.Expression): boolean {
  for (let node: ts.Node = call; node !== chain; node = node.parent) {
    const access = node.parent;
    if (!ts.isPropertyAccessExpression(access) || !ts.isCallExpression(access.parent)) continue;
    if (access.name.text === 'catch' || (access.name.text === 'then' && access.parent.arguments.length > 1))
      return true;
  }
  return false;
}

const plainMembers = /^(?:message|stack|name|cause|code|toString)$/;

/** Whether a `catch` looks for more in an error than every error has. */
export function looksIntoError({ variableDeclaration, block }: ts.CatchClause): boolean {
  const name = variableDeclaration?.name;
  if (!name) return false;
  if (!ts.isIdentifier(name)) return true;
  const open: ts.Node[] = [block];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isIdentifier(node) && node.text === name.text) {
      let { parent } = node;
      while (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent)) {
        parent = parent.parent;
      }
      if (ts.isPropertyAccessExpression(parent) && parent.name !== node && !plainMembers.test(parent.name.text))
        return true;
      if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) return true;
      if (ts.isCallExpression(parent) && /(?:^|\.)is\w*Error$/.test(parent.expression.getText())) return true;
    }
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return false;
}
