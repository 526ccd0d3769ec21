import { ts } from 'ts-morph';

/** How a file uses a package. */
export interface PackageUses {
  /** The imports that bind its default export. */
  readonly imports: readonly ts.ImportDeclaration[];
  /** Calls of the default export. */
  readonly calls: readonly ts.CallExpression[];
  /** Anything else that is done with it: a value passed on, a function it exports by name, `require`, a re-export. */
  readonly others: readonly {
    readonly node: ts.Node;
    readonly reason: 'not-a-call' | 'other-import';
  }[];
  /** The installed version; undefined when the package is not there. */
  readonly version: string | undefined;
}

export function usesOf(file: ts.SourceFile, program: ts.Program, name: string): PackageUses {
  const checker = program.getTypeChecker();
  const imports: ts.ImportDeclaration[] = [];
  const calls: ts.CallExpression[] = [];
  const others: PackageUses['others'][number][] = [];
  const defaults = new Set<ts.Symbol>();
  const named = new Set<ts.Symbol>();
  let version: string | undefined;

  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !isNamed(statement.moduleSpecifier, name)) continue;
    version ??= versionOf(checker, statement.moduleSpecifier, name);
    const { importClause: clause } = statement;
    if (!clause || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) continue;
    const own = clause.name && checker.getSymbolAtLocation(clause.name);
    if (own) {
      defaults.add(own);
      imports.push(statement);
    }
    const { namedBindings } = clause;
    if (!namedBindings) continue;
    const isDefault = (element: ts.ImportSpecifier): boolean => element.propertyName?.text === 'default';
    if (ts.isNamespaceImport(namedBindings) || namedBindings.elements.some(isDefault)) {
      others.push({ node: statement, reason: 'other-import' });
    } else {
      for (const { name } of namedBindings.elements) {
        const symbol = checker.getSymbolAtLocation(name);
        if (symbol) named.add(symbol);
      }
    }
  }

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isExportDeclaration(node) && node.moduleSpecifier && isNamed(node.moduleSpecifier, name)) {
      others.push({ node, reason: 'other-import' });
    }
    if (ts.isCallExpression(node) && isNamed(node.arguments[0], name) && loads(node.expression)) {
      others.push({ node, reason: 'other-import' });
    }
    const isOtherName =
      node !== file && ts.isExportSpecifier(node.parent) && node.parent.propertyName && node.parent.name === node;
    if (ts.isIdentifier(node) && !isOtherName) {
      const symbol = symbolOf(checker, node);
      if (symbol && defaults.has(symbol)) {
        if (ts.isCallExpression(node.parent) && node.parent.expression === node && !ts.isOptionalChain(node.parent)) {
          calls.push(node.parent);
        } else others.push({ node, reason: 'not-a-call' });
      } else if (symbol && named.has(symbol) && ts.isCallExpression(node.parent) && node.parent.expression === node) {
        others.push({ node: node.parent, reason: 'other-import' });
      }
    }
    ts.forEachChild(node, visit);
  };
  if (defaults.size + named.size > 0 || file.text.includes(name)) visit(file);
  return { imports, calls, others, version };
}

/** Whether a file binds a named export of the package. */
export function importsName(file: ts.SourceFile, name: string, exported: string): boolean {
  return file.statements.some((statement) => {
    if (!ts.isImportDeclaration(statement) || !isNamed(statement.moduleSpecifier, name)) return false;
    const bindings = statement.importClause?.namedBindings;
    if (!bindings) return false;
    return (
      ts.isNamespaceImport(bindings) ||
      bindings.elements.some((element) => (element.propertyName ?? element.name).text === exported)
    );
  });
}

function symbolOf(checker: ts.TypeChecker, node: ts.Identifier): ts.Symbol | undefined {
  return ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : ts.isExportSpecifier(node.parent)
      ? checker.getExportSpecifierLocalTargetSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
}

function isNamed(node: ts.Node | undefined, name: string): boolean {
  return node !== undefined && ts.isStringLiteral(node) && node.text === name;
}

function loads(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

/** From the package.json above the file that the import leads to. */
function versionOf(checker: ts.TypeChecker, specifier: ts.Expression, name: string): string | undefined {
  const file = checker.getSymbolAtLocation(specifier)?.declarations?.[0]?.getSourceFile().fileName;
  const folder = `/node_modules/${name}/`;
  const at = file?.lastIndexOf(folder) ?? -1;
  if (file === undefined || at < 0) return undefined;
  const text = ts.sys.readFile(`${file.slice(0, at)}${folder}package.json`);
  if (text === undefined) return undefined;
  const { version } = JSON.parse(text) as { version?: unknown };
  return typeof version === 'string' ? version : undefined;
}
