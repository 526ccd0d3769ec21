import type ts from 'typescript';
import type { TypeScript } from '../typescript.js';
import type { Scopes } from './scopes.js';

/** What a file says it exports, by syntax alone. */
export interface Exports {
  /** Declarations and export specifiers, by the name others import. */
  readonly named: ReadonlyMap<string, ts.Node>;
  /** `export = value` */
  readonly assigned?: ts.ExportAssignment | undefined;
  /** `export * from './other'` */
  readonly stars: readonly ts.ExportDeclaration[];
}

export function createExports(ts: TypeScript, scopes: Scopes): (file: ts.SourceFile) => Exports {
  const known = new WeakMap<ts.SourceFile, Exports>();

  function collect(file: ts.SourceFile): Exports {
    const named = new Map<string, ts.Node>();
    const stars: ts.ExportDeclaration[] = [];
    let assigned: ts.ExportAssignment | undefined;
    const add = (name: string, node: ts.Node): void => {
      if (!named.has(name)) named.set(name, node);
    };
    for (const statement of file.statements) {
      if (ts.isExportAssignment(statement)) {
        if (statement.isExportEquals) assigned ??= statement;
        add('default', statement);
      } else if (ts.isExportDeclaration(statement)) {
        const clause = statement.exportClause;
        if (!clause) stars.push(statement);
        else if (ts.isNamespaceExport(clause)) add(clause.name.text, clause);
        else for (const element of clause.elements) add(element.name.text, element);
      } else if (has(statement, ts.SyntaxKind.ExportKeyword)) {
        if (has(statement, ts.SyntaxKind.DefaultKeyword)) add('default', statement);
        else for (const name of namesOf(statement)) add(name, scopes.find(name, file) ?? statement);
      }
    }
    return { named, assigned, stars };
  }

  function has(statement: ts.Statement, kind: ts.SyntaxKind): boolean {
    return (
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement)?.some((modifier) => modifier.kind === kind) ?? false)
    );
  }

  function namesOf(statement: ts.Statement): readonly string[] {
    if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap(boundNames);
    const { name } = statement as Partial<ts.NamedDeclaration>;
    return name && ts.isIdentifier(name) ? [name.text] : [];
  }

  function boundNames({ name }: ts.VariableDeclaration | ts.BindingElement): readonly string[] {
    if (ts.isIdentifier(name)) return [name.text];
    return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element) : []));
  }

  return (file) => {
    let exports = known.get(file);
    if (!exports) known.set(file, (exports = collect(file)));
    return exports;
  };
}
