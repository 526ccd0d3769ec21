import { ts } from 'ts-morph';
import { symbolOf } from '../nodes.js';
import { Obstacle } from './migration.js';

/** A number that is known before the program runs, and how the code says it. */
export interface KnownNumber {
  readonly value: number;
  /** May be a product: to be taken for one number by `**`, it needs parentheses. */
  readonly text: string;
}

/** The options of a call, read strictly: whatever is not understood stops the migration of the site. */
export class Options {
  readonly #values = new Map<string, ts.Expression>();
  readonly #checker: ts.TypeChecker;

  /** @throws {Obstacle} When they are no object literal, have a spread or computed key, or hold a comment that would be lost. */
  constructor(node: ts.Expression | undefined, checker: ts.TypeChecker) {
    this.#checker = checker;
    if (!node) return;
    if (!ts.isObjectLiteralExpression(node)) throw new Obstacle('dynamic-option');
    if (holdsComment(node)) throw new Obstacle('comment');
    for (const property of node.properties) {
      const { name } = property;
      if (!name || !(ts.isIdentifier(name) || ts.isStringLiteral(name))) throw new Obstacle('dynamic-option');
      if (this.#values.has(name.text)) throw new Obstacle('invalid-option');
      if (ts.isPropertyAssignment(property)) this.#values.set(name.text, property.initializer);
      else if (ts.isShorthandPropertyAssignment(property)) this.#values.set(name.text, property.name);
      else throw new Obstacle('dynamic-option');
    }
  }

  get(name: string): ts.Expression | undefined {
    const value = this.#values.get(name);
    return value && ts.isIdentifier(value) && value.text === 'undefined' ? undefined : value;
  }

  /** @throws {Obstacle} When an option other than these is given. */
  allowOnly(names: readonly string[]): void {
    for (const name of this.#values.keys()) {
      if (!names.includes(name) && this.get(name)) throw new Obstacle('option');
    }
  }

  /** @throws {Obstacle} When it is not known before the program runs. */
  number(name: string, otherwise: number): KnownNumber {
    const node = this.get(name);
    return node ? knownNumber(node, this.#checker) : { value: otherwise, text: numberText(otherwise) };
  }

  /** @throws {Obstacle} When it is not written out as `true` or `false`. */
  boolean(name: string, otherwise: boolean): boolean {
    const node = this.get(name);
    if (!node) return otherwise;
    if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
    if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
    throw new Obstacle('dynamic-option');
  }
}

/** @throws {Obstacle} When it is not known before the program runs. */
export function knownNumber(node: ts.Expression, checker: ts.TypeChecker): KnownNumber {
  if (isInfinity(node)) return { value: Infinity, text: 'Infinity' };
  // `10 * 1000`
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskToken) {
    const [left, right] = [knownNumber(node.left, checker), knownNumber(node.right, checker)];
    return { value: left.value * right.value, text: node.getText() };
  }
  const type = checker.getTypeAtLocation(node);
  const isKnown = ts.isNumericLiteral(node) || isConstant(node, checker);
  if (!isKnown || !type.isNumberLiteral()) throw new Obstacle('dynamic-option');
  return { value: type.value, text: node.getText() };
}

/** What can stand before `**`. */
export function baseText({ text }: KnownNumber): string {
  return /^[\w.]+$/.test(text) ? text : `(${text})`;
}

/** `1000`, with the separators of large numbers: `60_000`. */
export function numberText(value: number): string {
  return Number.isInteger(value) && value >= 10_000 ? String(value).replace(/\B(?=(\d{3})+$)/g, '_') : String(value);
}

/** Whether an option is given as `undefined`, which libraries may read as something else than no option. */
export function isAnyUndefined(options: ts.Expression): boolean {
  return (
    ts.isObjectLiteralExpression(options) &&
    options.properties.some(
      (property) =>
        ts.isPropertyAssignment(property) &&
        ((ts.isIdentifier(property.initializer) && property.initializer.text === 'undefined') ||
          ts.isVoidExpression(property.initializer)),
    )
  );
}

function isInfinity(node: ts.Expression): boolean {
  return /^(?:Infinity|Number\.POSITIVE_INFINITY)$/.test(node.getText());
}

/** A `const` with a value written beside it, or a member of an enum or of an object `as const`; in this file or an imported one. */
function isConstant(node: ts.Expression, checker: ts.TypeChecker): boolean {
  if (ts.isPropertyAccessExpression(node)) return isFixedMember(checker.getSymbolAtLocation(node.name));
  if (!ts.isIdentifier(node)) return false;
  let symbol = symbolOf(checker, node);
  if (symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0) symbol = checker.getAliasedSymbol(symbol);
  const declaration = symbol?.valueDeclaration;
  return (
    declaration !== undefined &&
    ts.isVariableDeclaration(declaration) &&
    (declaration.parent.flags & ts.NodeFlags.Const) !== 0 &&
    declaration.initializer !== undefined &&
    ts.isNumericLiteral(declaration.initializer)
  );
}

function isFixedMember(symbol: ts.Symbol | undefined): boolean {
  const member = symbol?.valueDeclaration;
  if (!member || !ts.isPropertyAssignment(member)) return member !== undefined && ts.isEnumMember(member);
  const object = member.parent.parent;
  return ts.isNumericLiteral(member.initializer) && ts.isAsExpression(object) && ts.isConstTypeReference(object.type);
}

export function holdsComment(node: ts.Node): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, node.getText());
  // Templates and regular expressions cannot be told apart by a scanner alone: what may be a comment counts as one.
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token === ts.SyntaxKind.SingleLineCommentTrivia || token === ts.SyntaxKind.MultiLineCommentTrivia) return true;
  }
  return false;
}
