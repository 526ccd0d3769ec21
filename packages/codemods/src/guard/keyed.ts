import type { OutboundCall } from '@holdfast/analysis';
import { ts } from 'ts-morph';

/**
 * Whether every attempt sends the same idempotency key, so that the receiver drops what comes twice. `repeated` is what would run
 * again: a key that is made inside is another one each time.
 */
export function keepsKey(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  { operation }: OutboundCall,
  repeated: ts.Node,
): boolean {
  const { key } = operation;
  if (key?.file !== file.fileName) return false;
  const value = nodeAt(file, key);
  if (!value) return false;
  const open: ts.Node[] = [value];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isAwaitExpression(node)) return false;
    if (ts.isIdentifier(node) && !isMember(node) && isMadeInside(checker, node, repeated)) return false;
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return true;
}

function isMadeInside(checker: ts.TypeChecker, name: ts.Identifier, repeated: ts.Node): boolean {
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  const declaration = symbol?.valueDeclaration;
  if (!declaration || declaration.getSourceFile() !== repeated.getSourceFile()) return false;
  // The arguments of a function stay the same; a parameter's default does not.
  if (ts.isParameter(declaration) && declaration.parent === repeated) return declaration.initializer !== undefined;
  return declaration.pos >= repeated.pos && declaration.end <= repeated.end;
}

/** `id` in `order.id` */
function isMember(name: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(name.parent) && name.parent.name === name;
}

function nodeAt(
  file: ts.SourceFile,
  { start, end }: { readonly start: number; readonly end: number },
): ts.Node | undefined {
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos > start || node.end < end) return;
    if (node.getStart(file) === start && node.end === end) found = node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
