import { ts } from 'ts-morph';

/** Whether something in a piece of code passes the test. */
export function contains(root: ts.Node, test: (node: ts.Node) => boolean): boolean {
  const open: ts.Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (test(node)) return true;
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return false;
}

/** The same, what is in functions of its own left out. */
export function within(node: ts.Node, test: (node: ts.Node) => boolean): boolean {
  if (test(node)) return true;
  return (
    ts.forEachChild(node, (child) => (!ts.isFunctionLike(child) && within(child, test) ? true : undefined)) === true
  );
}

/** The innermost node that fills a range and passes the test. */
export function nodeAt<T extends ts.Node>(
  file: ts.SourceFile,
  { start, end }: { readonly start: number; readonly end: number },
  test: (node: ts.Node) => node is T,
): T | undefined {
  let found: T | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos > start || node.end < end) return;
    if (test(node) && node.getStart(file) === start && node.end === end) found = node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** What a name stands for: in `{ name }` and `export { name }` the variable, not the property or the export. */
export function symbolOf(checker: ts.TypeChecker, name: ts.Node): ts.Symbol | undefined {
  if (ts.isShorthandPropertyAssignment(name.parent)) return checker.getShorthandAssignmentValueSymbol(name.parent);
  return ts.isExportSpecifier(name.parent)
    ? checker.getExportSpecifierLocalTargetSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
}

/** Whether a name is the one that every program has, not one of this program. */
export function isGlobal(node: ts.Expression, name: string, checker: ts.TypeChecker): boolean {
  if (!ts.isIdentifier(node) || node.text !== name) return false;
  const declarations = checker.getSymbolAtLocation(node)?.declarations ?? [];
  return declarations.length > 0 && declarations.every((declaration) => declaration.getSourceFile().isDeclarationFile);
}

export function isBoolean(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.every(({ flags }) => (flags & ts.TypeFlags.BooleanLike) !== 0);
}
