import { ts } from 'ts-morph';
import { symbolOf } from '../nodes.js';
import { Obstacle } from './migration.js';

/** The constant, or the field that nobody outside of its class can see: all that is done with the value is in this file. */
export type Holder = (ts.VariableDeclaration & { name: ts.Identifier }) | ts.PropertyDeclaration;

/**
 * What holds the value that an expression makes, if it is not exported. A field may get its value later: `this.limit = …`.
 *
 * @param mayBe Whether it may be declared to be of a type.
 */
export function holderOf(
  { parent }: ts.Expression,
  checker: ts.TypeChecker,
  mayBe: (type: ts.TypeNode) => boolean = () => false,
): Holder | undefined {
  if (ts.isVariableDeclaration(parent)) {
    const isConst = (parent.parent.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
    const isExported =
      ts.isVariableStatement(parent.parent.parent) && (parent.parent.parent.modifiers?.length ?? 0) > 0;
    if (!isConst || isExported || !ts.isIdentifier(parent.name)) return undefined;
    return parent.type && !mayBe(parent.type) ? undefined : (parent as Holder);
  }
  const field = ts.isPropertyDeclaration(parent) ? parent : fieldGiven(parent, checker);
  if (!field || ts.getDecorators(field) || (field.type && !mayBe(field.type))) return undefined;
  const kinds = new Set(field.modifiers?.map(({ kind }) => kind));
  const isHidden = ts.isPrivateIdentifier(field.name) || kinds.has(ts.SyntaxKind.PrivateKeyword);
  return isHidden && !ts.isComputedPropertyName(field.name) ? field : undefined;
}

/** The field of `this.limit = …`, unless it has a value already. */
function fieldGiven(node: ts.Node, checker: ts.TypeChecker): ts.PropertyDeclaration | undefined {
  if (!isGiven(node) || !ts.isExpressionStatement(node.parent)) return undefined;
  const field = checker.getSymbolAtLocation(node.left.name)?.valueDeclaration;
  return field && ts.isPropertyDeclaration(field) && !field.initializer ? field : undefined;
}

function isGiven(node: ts.Node): node is ts.BinaryExpression & { left: ts.PropertyAccessExpression } {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isPropertyAccessExpression(node.left) &&
    node.left.expression.kind === ts.SyntaxKind.ThisKeyword
  );
}

/**
 * Every place that takes the value out of its holder: `limit`, `this.limit`.
 *
 * @throws {Obstacle} When it may be taken in a way that is not seen.
 */
export function usesOfHeld(holder: Holder, checker: ts.TypeChecker): ts.Expression[] {
  const text = holder.name.getText();
  const uses: ts.Expression[] = [];
  let isHeld = holder.initializer !== undefined;
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (node === holder.name) return;
    // `object['limit']`, and `const { limit } = object`.
    if (ts.isPropertyDeclaration(holder)) {
      if (ts.isStringLiteralLike(node) && node.text === text) throw new Obstacle('other-use');
      if (ts.isBindingElement(node) && (node.propertyName ?? node.name).getText() === text) {
        throw new Obstacle('other-use');
      }
    }
    if (!ts.isIdentifier(node) && !ts.isPrivateIdentifier(node)) return;
    if (node.text !== text || symbolOf(checker, node)?.valueDeclaration !== holder) return;
    const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    const use = isMember ? node.parent : (node as ts.Identifier);
    // Where it gets its value; another assignment is a use that nobody knows.
    if (!isHeld && isGiven(use.parent) && use.parent.left === use) isHeld = true;
    else uses.push(use);
  };
  visit(holder.getSourceFile());
  return uses;
}
