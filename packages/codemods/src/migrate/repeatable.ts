import { ts } from 'ts-morph';
import { isGlobal } from '../nodes.js';
import { isStable } from '../stable-values.js';

/** Whether an expression makes the same value, as deep as it goes, however often and whenever it is evaluated. */
export function isRepeatable(node: ts.Expression, checker: ts.TypeChecker): boolean {
  const isSame = (inner: ts.Expression): boolean => isRepeatable(inner, checker);
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    return isSame(node.expression);
  }
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.every((property) => {
      if (ts.isShorthandPropertyAssignment(property)) return isSame(property.name);
      if (!ts.isPropertyAssignment(property)) return false;
      return (
        (!ts.isComputedPropertyName(property.name) || isSame(property.name.expression)) && isSame(property.initializer)
      );
    });
  }
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isSame);
  if (ts.isTemplateExpression(node)) return node.templateSpans.every(({ expression }) => isSame(expression));
  if (ts.isConditionalExpression(node)) return [node.condition, node.whenTrue, node.whenFalse].every(isSame);
  if (ts.isPrefixUnaryExpression(node)) {
    const { PlusPlusToken, MinusMinusToken } = ts.SyntaxKind;
    return node.operator !== PlusPlusToken && node.operator !== MinusMinusToken && isSame(node.operand);
  }
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const isAssignment = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
    return !isAssignment && isSame(node.left) && isSame(node.right);
  }
  if (ts.isCallExpression(node)) {
    const isPure = ['encodeURIComponent', 'String', 'Number'].some((name) => isGlobal(node.expression, name, checker));
    return isPure && node.arguments.every(isSame);
  }
  return isPrimitive(checker.getTypeAtLocation(node)) && (isStable(node, checker) || isReadonlyMember(node, checker));
}

/** What an object of another kind holds may change, although its name stands for the same object. */
function isPrimitive(type: ts.Type): boolean {
  const { StringLike, NumberLike, BooleanLike, BigIntLike, Undefined, Null } = ts.TypeFlags;
  const primitive = StringLike | NumberLike | BooleanLike | BigIntLike | Undefined | Null;
  return (type.isUnion() ? type.types : [type]).every(({ flags }) => (flags & primitive) !== 0);
}

/** A member of an enum, or `this.name` that is set when the object is made. */
function isReadonlyMember(node: ts.Expression, checker: ts.TypeChecker): boolean {
  if (!ts.isPropertyAccessExpression(node)) return false;
  const declaration = checker.getSymbolAtLocation(node.name)?.valueDeclaration;
  if (!declaration) return false;
  if (ts.isEnumMember(declaration)) return true;
  const isField = ts.isPropertyDeclaration(declaration) || ts.isParameter(declaration);
  const isReadonly = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly) !== 0;
  return isField && isReadonly && node.expression.kind === ts.SyntaxKind.ThisKeyword;
}
