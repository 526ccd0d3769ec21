import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { assignmentTo } from '../resolver/assignments.js';
import { referencesTo } from '../resolver/references.js';
import { unwrap } from '../resolver/unwrap.js';
import type { Attempt } from './key-origins.js';
import { isInside } from './regions.js';

type Tools = Pick<Analysis, 'ts' | 'scopes' | 'facts' | 'checker'>;

const maxSteps = 8;

/**
 * Whether a value is surely the same in every attempt: written down, or kept where nothing changes it meanwhile. A wrong answer pays
 * twice, so what is not understood is not.
 */
export function isSame(node: ts.Node, attempt: Attempt, tools: Tools, steps = 0): boolean {
  const { ts } = tools;
  const value = unwrap(ts, node);
  if (steps > maxSteps) return false;
  const of = (part: ts.Node): boolean => isSame(part, attempt, tools, steps + 1);
  if (ts.isStringLiteralLike(value) || ts.isNumericLiteral(value)) return true;
  if (ts.isTemplateExpression(value)) return value.templateSpans.every(({ expression }) => of(expression));
  if (ts.isBinaryExpression(value)) {
    return value.operatorToken.kind === ts.SyntaxKind.PlusToken && of(value.left) && of(value.right);
  }
  if (ts.isIdentifier(value)) return isSameName(value, attempt, tools, steps);
  return ts.isPropertyAccessExpression(value) && isSameProperty(value, attempt, tools, steps);
}

function isSameName(name: ts.Identifier, attempt: Attempt, tools: Tools, steps: number): boolean {
  const { ts, scopes, checker } = tools;
  const found = scopes.find(name.text, name);
  const declaration = found && ts.isImportSpecifier(found) ? checker?.declarationOf(name) : found;
  if (!declaration) return false;
  let root: ts.Node = declaration;
  while (ts.isBindingElement(root) || ts.isObjectBindingPattern(root) || ts.isArrayBindingPattern(root)) {
    root = root.parent;
  }
  const isMadeInside = attempt.code.some((code) => isInside(declaration, code));
  if (ts.isVariableDeclaration(root)) {
    if ((root.parent.flags & ts.NodeFlags.BlockScoped) !== ts.NodeFlags.Const) return false;
    if (!isMadeInside) return true;
    return root === declaration && !!root.initializer && isSame(root.initializer, attempt, tools, steps + 1);
  }
  if (!ts.isParameter(root) || isChanged(name, declaration, root.parent, tools)) return false;
  if (!isMadeInside) return true;
  // The arguments of a function stay the same; a parameter's default does not.
  if (root !== declaration || root.initializer) return false;
  const place = attempt.code.indexOf(root.parent);
  if (place === 0) return !attempt.isCallback;
  const given = place > 0 ? attempt.argumentsFor(root)?.[0] : undefined;
  return given !== undefined && isSame(given, attempt, tools, steps + 1);
}

/** `key = …`, and `arguments[0] = …` in sloppy code. */
function isChanged(name: ts.Identifier, declaration: ts.Node, owner: ts.Node, tools: Tools): boolean {
  return (
    /\barguments\b/.test(owner.getText()) ||
    referencesTo(name, declaration, tools).some((reference) => assignmentTo(reference, tools.ts) !== undefined)
  );
}

/** `order.id`, `this.key`: a field that nothing writes meanwhile, and no getter, which may make a new one. */
function isSameProperty(
  { expression, name }: ts.PropertyAccessExpression,
  attempt: Attempt,
  tools: Tools,
  steps: number,
): boolean {
  const { ts, facts, checker } = tools;
  const declarations = checker?.declarationsOf(name) ?? [];
  if (declarations.length === 0) return false;
  const isAccessor = (node: ts.Node): boolean => ts.isGetAccessorDeclaration(node) || ts.isSetAccessorDeclaration(node);
  if (declarations.some(isAccessor)) return false;
  // Any method may write a field of its own object.
  if (expression.kind === ts.SyntaxKind.ThisKeyword) {
    return declarations.every((declaration) => isReadonly(declaration, ts));
  }
  const isWritten = attempt.code.some((code) =>
    (facts(code.getSourceFile()).mentions.get(name.text) ?? []).some(
      (mention) => isInside(mention, code) && assignmentTo(mention, ts) !== undefined,
    ),
  );
  return !isWritten && isSame(expression, attempt, tools, steps + 1);
}

function isReadonly(declaration: ts.Node, ts: Tools['ts']): boolean {
  const modifiers = ts.canHaveModifiers(declaration) ? ts.getModifiers(declaration) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword) ?? false;
}
