import { ts } from 'ts-morph';
import { symbolOf } from '../nodes.js';

/** A place where a file names an export of a package. */
export interface PackageUse {
  /** `default`, or the name it is exported by, whatever it is called here. */
  readonly export: string;
  /** The name as used: an identifier, or `namespace.name`. */
  readonly node: ts.Identifier | ts.PropertyAccessExpression;
}

/** How a file uses a package. Types are left out: they change nothing when the program runs. */
export interface PackageUses {
  /** In source order. */
  readonly uses: readonly PackageUse[];
  /** Anything else that is done with it: `require`, `import()`, a re-export, a namespace that is passed on. */
  readonly others: readonly ts.Node[];
  /** The installed version; undefined when the package is not there. */
  readonly version: string | undefined;
}

export function usesOf(file: ts.SourceFile, program: ts.Program, name: string): PackageUses {
  const checker = program.getTypeChecker();
  const exportOf = new Map<ts.Symbol, string>();
  const namespaces = new Set<ts.Symbol>();
  const uses: PackageUse[] = [];
  const others: ts.Node[] = [];
  if (!file.text.includes(name)) return { uses, others, version: undefined };

  for (const { binding, exported } of importsOf(file, name).flatMap((statement) => bindingsOf(statement))) {
    const symbol = checker.getSymbolAtLocation(binding);
    if (!symbol) continue;
    if (exported === undefined) namespaces.add(symbol);
    else exportOf.set(symbol, exported);
  }

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isImportEqualsDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isExportDeclaration(node) && isNamed(node.moduleSpecifier, name)) others.push(node);
    if (ts.isCallExpression(node) && isNamed(node.arguments[0], name) && loads(node.expression)) others.push(node);
    const isOtherName =
      node !== file && ts.isExportSpecifier(node.parent) && node.parent.propertyName && node.parent.name === node;
    if (ts.isIdentifier(node) && !isOtherName) {
      const symbol = symbolOf(checker, node);
      const exported = symbol && exportOf.get(symbol);
      if (exported !== undefined) uses.push({ export: exported, node });
      else if (symbol && namespaces.has(symbol)) {
        const { parent } = node;
        if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
          uses.push({ export: parent.name.text, node: parent });
        } else others.push(node);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { uses, others, version: versionOf(file, checker, name) };
}

/** The call of what is used, if it is called. */
export function callOf({ node }: PackageUse): ts.CallExpression | undefined {
  const { parent } = node;
  return ts.isCallExpression(parent) && parent.expression === node && !ts.isOptionalChain(parent) ? parent : undefined;
}

/** Whether a file names an export of the package in an import. */
export function importsName(file: ts.SourceFile, name: string, exported: string): boolean {
  return importsOf(file, name)
    .flatMap((statement) => bindingsOf(statement))
    .some((binding) => binding.exported === undefined || binding.exported === exported);
}

/** The imports of a package at the top of a file; those of types alone only where they are asked for. */
export function importsOf(
  file: ts.SourceFile,
  name: string,
  withTypes = false,
): (ts.ImportDeclaration | ts.ImportEqualsDeclaration)[] {
  return file.statements.filter((statement): statement is ts.ImportDeclaration | ts.ImportEqualsDeclaration => {
    if (ts.isImportEqualsDeclaration(statement)) {
      const { moduleReference } = statement;
      return (
        (withTypes || !statement.isTypeOnly) &&
        ts.isExternalModuleReference(moduleReference) &&
        isNamed(moduleReference.expression, name)
      );
    }
    return (
      ts.isImportDeclaration(statement) &&
      isNamed(statement.moduleSpecifier, name) &&
      (withTypes || statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword)
    );
  });
}

/** The names that an import binds, each with what it stands for; undefined stands for the module as a whole. */
export function bindingsOf(
  statement: ts.ImportDeclaration | ts.ImportEqualsDeclaration,
  withTypes = false,
): {
  binding: ts.Identifier;
  exported: string | undefined;
}[] {
  // `import opossum = require('opossum')` binds what a default import does where the two may be mixed.
  if (ts.isImportEqualsDeclaration(statement)) return [{ binding: statement.name, exported: 'default' }];
  const { name, namedBindings } = statement.importClause ?? {};
  const own = name ? [{ binding: name, exported: 'default' }] : [];
  if (!namedBindings) return own;
  if (ts.isNamespaceImport(namedBindings)) return [...own, { binding: namedBindings.name, exported: undefined }];
  const named = namedBindings.elements
    .filter(({ isTypeOnly }) => withTypes || !isTypeOnly)
    .map((element) => ({ binding: element.name, exported: (element.propertyName ?? element.name).text }));
  return [...own, ...named];
}

function isNamed(node: ts.Node | undefined, name: string): boolean {
  return node !== undefined && ts.isStringLiteral(node) && node.text === name;
}

function loads(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

/** The version of the package itself, where Node finds it; its types may come from another one. */
export function installedVersion({ fileName }: ts.SourceFile, name: string): string | undefined {
  for (let end = fileName.lastIndexOf('/'); end >= 0; end = fileName.lastIndexOf('/', end - 1)) {
    const text = ts.sys.readFile(`${fileName.slice(0, end)}/node_modules/${name}/package.json`);
    if (text !== undefined) return (JSON.parse(text) as { version?: string }).version;
    if (end === 0) break;
  }
  return undefined;
}

/** From the package.json above the file that the import leads to. */
function versionOf(file: ts.SourceFile, checker: ts.TypeChecker, name: string): string | undefined {
  for (const statement of importsOf(file, name)) {
    const specifier = ts.isImportDeclaration(statement)
      ? statement.moduleSpecifier
      : (statement.moduleReference as ts.ExternalModuleReference).expression;
    const path = checker.getSymbolAtLocation(specifier)?.declarations?.[0]?.getSourceFile().fileName;
    // Types may come from a package of their own, whose version follows the one that it describes.
    for (const folder of [`/node_modules/${name}/`, `/node_modules/@types/${name}/`]) {
      const at = path?.lastIndexOf(folder) ?? -1;
      if (path === undefined || at < 0) continue;
      const text = ts.sys.readFile(`${path.slice(0, at)}${folder}package.json`);
      const { version } = (text === undefined ? {} : JSON.parse(text)) as { version?: unknown };
      if (typeof version === 'string') return version;
    }
  }
  return undefined;
}
