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
  const holder = fieldGiven(parent, checker) ?? parent;
  return isHolder(holder) && (!holder.type || mayBe(holder.type)) ? holder : undefined;
}

export function isHolder(node: ts.Node): node is Holder {
  if (ts.isVariableDeclaration(node)) {
    const isConst = (node.parent.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
    const isExported = ts.isVariableStatement(node.parent.parent) && (node.parent.parent.modifiers?.length ?? 0) > 0;
    return isConst && !isExported && ts.isIdentifier(node.name);
  }
  if (!ts.isPropertyDeclaration(node) || ts.getDecorators(node)) return false;
  const kinds = new Set(node.modifiers?.map(({ kind }) => kind));
  const isHidden = ts.isPrivateIdentifier(node.name) || kinds.has(ts.SyntaxKind.PrivateKeyword);
  return isHidden && !ts.isComputedPropertyName(node.name);
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
  const uses = usesOfHolder(holder, checker);
  if (holder.initializer) return uses;
  // Where it gets its value; another assignment is a use that nobody knows.
  const given = uses.find((use) => isGiven(use.parent) && use.parent.left === use);
  return uses.filter((use) => use !== given);
}

/**
 * The places where its value is read or set: `name`, or `object.name`.
 *
 * @throws {Obstacle} When it is used by other means.
 */
export function usesOfHolder(holder: Holder, checker: ts.TypeChecker): ts.Expression[] {
  const text = holder.name.getText();
  const uses: ts.Expression[] = [];
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
    uses.push(isMember ? (node.parent as ts.PropertyAccessExpression) : (node as ts.Identifier));
  };
  visit(holder.getSourceFile());
  return uses;
}

/** The call of a value, or of a member of it. */
export function callOfUse(callee: ts.Expression): ts.CallExpression | undefined {
  const { parent } = callee;
  return ts.isCallExpression(parent) && parent.expression === callee && !ts.isOptionalChain(parent)
    ? parent
    : undefined;
}

/** Whether a statement comes right after what declares the constant, so that nothing can have used it before. */
export function comesRightAfter(statement: ts.Statement, { parent: list }: ts.VariableDeclaration): boolean {
  const before = statementBefore(statement);
  return (
    before !== undefined &&
    ts.isVariableStatement(before) &&
    before.declarationList === list &&
    before.declarationList.declarations.length === 1
  );
}

export function statementBefore(statement: ts.Statement): ts.Statement | undefined {
  const { parent } = statement;
  const siblings = ts.isBlock(parent) || ts.isSourceFile(parent) ? parent.statements : undefined;
  return siblings?.[siblings.indexOf(statement) - 1];
}
