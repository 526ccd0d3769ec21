import { ts } from 'ts-morph';
import { contains, usesIn } from '../nodes.js';
import type { Edit } from '../plan.js';
import { targetOf } from '../stable-values.js';
import { Obstacle } from './migration.js';
import { readsArguments } from './operation.js';

/** What an operation takes from its context. */
export interface ContextUses {
  readonly signals: readonly ts.Expression[];
  readonly attempts: readonly ts.Expression[];
}

/** @throws {Obstacle} When it cannot be seen what the operation does with its context. */
export function contextUses(operation: ts.Expression, checker: ts.TypeChecker): ContextUses {
  const none = { signals: [], attempts: [] };
  if (!ts.isArrowFunction(operation) && !ts.isFunctionExpression(operation)) {
    if (!takesNothing(operation, checker)) throw new Obstacle('operation');
    return none;
  }
  if (operation.asteriskToken || (ts.isFunctionExpression(operation) && readsArguments(operation.body))) {
    throw new Obstacle('operation');
  }
  const [parameter, ...others] = operation.parameters;
  if (!parameter) return none;
  const { name, initializer, dotDotDotToken, type } = parameter;
  // The types of the library are not those of Holdfast.
  if (type && !ts.isTypeLiteralNode(type)) throw new Obstacle('operation');
  if (others.length > 0 || initializer || dotDotDotToken) throw new Obstacle('operation');
  if (ts.isIdentifier(name)) return usesOfMembers(operation.body, name, checker);
  if (!ts.isObjectBindingPattern(name)) throw new Obstacle('operation');
  const uses: { signals: ts.Expression[]; attempts: ts.Expression[] } = { signals: [], attempts: [] };
  for (const element of name.elements) {
    if (element.dotDotDotToken || element.initializer || !ts.isIdentifier(element.name))
      throw new Obstacle('operation');
    listOf(uses, (element.propertyName ?? element.name).getText()).push(
      ...usesOf(operation.body, element.name, checker),
    );
  }
  return uses;
}

/** Cockatiel counts attempts from 0 on, Holdfast from 1 on. */
export function countFromZero(attempts: readonly ts.Expression[]): Edit[] {
  return attempts.map((attempt) => {
    const { parent, end } = attempt;
    if (ts.isShorthandPropertyAssignment(parent)) return { start: end, end, text: `: ${attempt.getText()} - 1` };
    const stands =
      ts.isTemplateSpan(parent) ||
      ts.isReturnStatement(parent) ||
      ts.isIfStatement(parent) ||
      ts.isParenthesizedExpression(parent) ||
      ts.isArrayLiteralExpression(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isVariableDeclaration(parent) ||
      ts.isArrowFunction(parent) ||
      ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== attempt);
    const text = `${attempt.getText()} - 1`;
    return { start: attempt.getStart(), end, text: stands ? text : `(${text})` };
  });
}

/** Whether a signal is only handed to calls of other packages: those are done with it when they return. */
export function isHandedOver(signal: ts.Expression, checker: ts.TypeChecker): boolean {
  const { parent } = signal;
  const isOption =
    (ts.isShorthandPropertyAssignment(parent) && parent.name === signal) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === signal && parent.name.getText() === 'signal');
  const call = parent.parent.parent;
  if (!isOption || !ts.isCallExpression(call) || !call.arguments.includes(parent.parent as ts.Expression)) return false;
  return checker.getResolvedSignature(call)?.getDeclaration()?.getSourceFile().isDeclarationFile === true;
}

/** A name for a function without parameters. */
function takesNothing(operation: ts.Expression, checker: ts.TypeChecker): boolean {
  if (!ts.isIdentifier(operation)) return false;
  const [signature, ...overloads] = checker.getTypeAtLocation(operation).getCallSignatures();
  if (!signature || overloads.length > 0 || signature.parameters.length > 0) return false;
  const declaration = signature.getDeclaration() as ts.SignatureDeclaration | undefined;
  const body = declaration && 'body' in declaration ? declaration.body : undefined;
  return !body || !readsArguments(body);
}

function usesOfMembers(body: ts.Node, context: ts.Identifier, checker: ts.TypeChecker): ContextUses {
  const uses: { signals: ts.Expression[]; attempts: ts.Expression[] } = { signals: [], attempts: [] };
  for (const { parent } of usesOf(body, context, checker)) {
    if (!ts.isPropertyAccessExpression(parent)) throw new Obstacle('operation');
    listOf(uses, parent.name.text).push(parent);
  }
  return uses;
}

function listOf(uses: { signals: ts.Expression[]; attempts: ts.Expression[] }, name: string): ts.Expression[] {
  if (name !== 'signal' && name !== 'attempt') throw new Obstacle('operation');
  return name === 'signal' ? uses.signals : uses.attempts;
}

/** @throws {Obstacle} When it is assigned to. */
function usesOf(body: ts.Node, name: ts.Identifier, checker: ts.TypeChecker): ts.Identifier[] {
  const uses = usesIn(body, name, checker);
  const isAssigned = contains(body, (node) => {
    const target = targetOf(node);
    return target !== undefined && uses.some((use) => target.pos <= use.pos && use.end <= target.end);
  });
  if (isAssigned) throw new Obstacle('operation');
  return uses;
}
