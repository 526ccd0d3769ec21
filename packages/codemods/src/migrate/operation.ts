import { ts } from 'ts-morph';
import { contains } from '../nodes.js';
import type { Edit } from '../plan.js';
import { Obstacle } from './migration.js';

/**
 * An operation that is given the number of the attempt takes it from the context instead.
 *
 * @throws {Obstacle} When it cannot be seen what the operation does with its arguments.
 */
export function migrateOperation(operation: ts.Expression, checker: ts.TypeChecker): Edit[] {
  if (ts.isArrowFunction(operation) || ts.isFunctionExpression(operation)) {
    if (operation.asteriskToken || (ts.isFunctionExpression(operation) && readsArguments(operation.body))) {
      throw new Obstacle('operation');
    }
    return takeAttempt(operation);
  }
  if (!ts.isIdentifier(operation)) throw new Obstacle('operation');
  const [signature, ...overloads] = checker.getSignaturesOfType(
    checker.getTypeAtLocation(operation),
    ts.SignatureKind.Call,
  );
  const declaration = signature?.getDeclaration();
  const body = declaration && 'body' in declaration ? declaration.body : undefined;
  if (!signature || overloads.length > 0 || signature.parameters.length > 0 || !body || readsArguments(body)) {
    throw new Obstacle('operation');
  }
  return [];
}

function takeAttempt(fn: ts.ArrowFunction | ts.FunctionExpression): Edit[] {
  const [parameter, ...others] = fn.parameters;
  if (!parameter) return [];
  const { name, initializer, dotDotDotToken } = parameter;
  if (others.length > 0 || initializer || dotDotDotToken || !ts.isIdentifier(name)) throw new Obstacle('operation');
  if (name.text === 'this') throw new Obstacle('operation');
  const pattern = name.text === 'attempt' ? '{ attempt }' : `{ attempt: ${name.text} }`;
  const file = parameter.getSourceFile();
  const start = parameter.getStart(file);
  const isBare = !fn.getChildren(file).some(({ kind }) => kind === ts.SyntaxKind.OpenParenToken);
  return [{ start, end: parameter.end, text: isBare ? `(${pattern})` : pattern }];
}

export function readsArguments(body: ts.Node): boolean {
  return mentions(body, 'arguments');
}

export function mentions(code: ts.Node, name: string): boolean {
  return contains(code, (node) => ts.isIdentifier(node) && node.text === name);
}

/** Whether the operation throws something that is visibly no error: libraries put an error of their own in its place. */
export function throwsNoError(operation: ts.Expression, checker: ts.TypeChecker): boolean {
  const open: ts.Node[] = [operation];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isThrowStatement(node)) {
      const { flags } = checker.getTypeAtLocation(node.expression);
      const plain =
        ts.TypeFlags.StringLike |
        ts.TypeFlags.NumberLike |
        ts.TypeFlags.BooleanLike |
        ts.TypeFlags.Undefined |
        ts.TypeFlags.Null;
      if ((flags & plain) !== 0 || ts.isObjectLiteralExpression(node.expression)) return true;
    }
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return false;
}

/** Libraries may take operations that are synchronous. */
export function returnsPromise(operation: ts.Expression, checker: ts.TypeChecker): boolean {
  const signatures = checker.getTypeAtLocation(operation).getCallSignatures();
  return (
    signatures.length > 0 &&
    signatures.every((signature) => {
      const type = checker.getReturnTypeOfSignature(signature);
      return (type.isUnion() ? type.types : [type]).every((part) => part.getProperty('then') !== undefined);
    })
  );
}
