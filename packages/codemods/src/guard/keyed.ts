import type { OutboundCall } from '@holdfast/analysis';
import { ts } from 'ts-morph';
import { contains, nodeAt, symbolOf } from '../nodes.js';
import { isStable, targetOf } from '../stable-values.js';

/**
 * Whether every attempt sends the same idempotency key, so that the receiver drops what comes twice. `repeated` is what would run
 * again: a key that is made inside is another one each time. What is not understood counts as made anew: a wrong answer pays twice.
 */
export function keepsKey(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  { operation }: OutboundCall,
  repeated: ts.Node,
): boolean {
  const { key } = operation;
  const value = key?.file === file.fileName ? nodeAt(file, key, ts.isExpression) : undefined;
  return value !== undefined && isKept(value, checker, repeated);
}

function isKept(value: ts.Expression, checker: ts.TypeChecker, repeated: ts.Node): boolean {
  if (ts.isIdentifier(value)) return isStable(value, checker) && !isMadeInside(value, checker, repeated);
  if (ts.isPropertyAccessExpression(value)) return isKeptProperty(value, checker, repeated);
  if (ts.isTemplateExpression(value)) {
    return value.templateSpans.every(({ expression }) => isKept(expression, checker, repeated));
  }
  if (ts.isBinaryExpression(value)) {
    const isJoined = value.operatorToken.kind === ts.SyntaxKind.PlusToken;
    return isJoined && isKept(value.left, checker, repeated) && isKept(value.right, checker, repeated);
  }
  if (ts.isParenthesizedExpression(value) || ts.isAsExpression(value) || ts.isNonNullExpression(value)) {
    return isKept(value.expression, checker, repeated);
  }
  return isStable(value, checker);
}

/** `order.id`, `this.key`: a field that nothing writes meanwhile, and no getter, which may make a new one. */
function isKeptProperty(
  { expression, name }: ts.PropertyAccessExpression,
  checker: ts.TypeChecker,
  repeated: ts.Node,
): boolean {
  const declarations = checker.getSymbolAtLocation(name)?.declarations ?? [];
  if (declarations.length === 0 || declarations.some((declaration) => ts.isAccessor(declaration))) return false;
  // Any method may write a field of its own object.
  if (expression.kind === ts.SyntaxKind.ThisKeyword) {
    return declarations.every(
      (declaration) => (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly) !== 0,
    );
  }
  const isWritten = contains(repeated, (node) => {
    const target = targetOf(node);
    return target !== undefined && contains(target, (part) => ts.isIdentifier(part) && part.text === name.text);
  });
  return !isWritten && isKept(expression, checker, repeated);
}

function isMadeInside(name: ts.Identifier, checker: ts.TypeChecker, repeated: ts.Node): boolean {
  const declaration = symbolOf(checker, name)?.valueDeclaration;
  if (!declaration || declaration.getSourceFile() !== repeated.getSourceFile()) return false;
  // The arguments of a function stay the same; a parameter's default does not.
  if (ts.isParameter(declaration) && declaration.parent === repeated) return declaration.initializer !== undefined;
  return declaration.pos >= repeated.pos && declaration.end <= repeated.end;
}
