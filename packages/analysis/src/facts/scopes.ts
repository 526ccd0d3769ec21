import type ts from 'typescript';
import type { TypeScript } from '../typescript.js';

/** Finds what a name means by syntax alone, so that most questions need no type checker and plain JavaScript works too. */
export interface Scopes {
  /** The declaration that `name` refers to when written at `place`; `undefined` when the file declares none. */
  find(name: string, place: ts.Node): ts.Node | undefined;
}

type Names = Map<string, ts.Node>;

export function createScopes(ts: TypeScript): Scopes {
  const known = new WeakMap<ts.Node, Names>();
  const withVar = new WeakMap<ts.SourceFile, boolean>();

  function isScope(node: ts.Node): boolean {
    return (
      ts.isBlock(node) ||
      ts.isFunctionLike(node) ||
      ts.isSourceFile(node) ||
      ts.isModuleBlock(node) ||
      ts.isCaseBlock(node) ||
      ts.isForStatement(node) ||
      ts.isForInStatement(node) ||
      ts.isForOfStatement(node) ||
      ts.isCatchClause(node) ||
      ts.isClassExpression(node)
    );
  }

  function namesOf(scope: ts.Node): Names {
    let names = known.get(scope);
    if (!names) known.set(scope, (names = collect(scope)));
    return names;
  }

  function collect(scope: ts.Node): Names {
    const names: Names = new Map();
    if (ts.isSourceFile(scope) || ts.isBlock(scope) || ts.isModuleBlock(scope)) {
      scope.statements.forEach((statement) => addStatement(names, statement));
      const hoists = ts.isSourceFile(scope) || ts.isModuleBlock(scope) || ts.isFunctionLike(scope.parent);
      if (hoists && saysVar(scope.getSourceFile())) addHoisted(names, scope);
    } else if (ts.isCaseBlock(scope)) {
      scope.clauses.forEach((clause) => clause.statements.forEach((statement) => addStatement(names, statement)));
    } else if (ts.isForStatement(scope) || ts.isForInStatement(scope) || ts.isForOfStatement(scope)) {
      const { initializer } = scope;
      if (initializer && ts.isVariableDeclarationList(initializer)) addList(names, initializer);
    } else if (ts.isCatchClause(scope)) {
      if (scope.variableDeclaration) addBinding(names, scope.variableDeclaration);
    } else if (ts.isFunctionLike(scope)) {
      scope.parameters.forEach((parameter) => addBinding(names, parameter));
      if (ts.isFunctionExpression(scope)) add(names, scope.name, scope);
    } else if (ts.isClassExpression(scope)) {
      add(names, scope.name, scope);
    }
    return names;
  }

  function addStatement(names: Names, statement: ts.Statement): void {
    if (ts.isVariableStatement(statement)) addList(names, statement.declarationList);
    else if (ts.isImportDeclaration(statement)) addImport(names, statement.importClause);
    else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isModuleDeclaration(statement) ||
      ts.isImportEqualsDeclaration(statement)
    ) {
      // `declare global { ... }` names nothing in this file.
      if (statement.name && ts.isIdentifier(statement.name) && statement.name.text !== 'global') {
        add(names, statement.name, statement);
      }
    }
  }

  function addImport(names: Names, clause: ts.ImportClause | undefined): void {
    if (!clause) return;
    add(names, clause.name, clause);
    const bindings = clause.namedBindings;
    if (!bindings) return;
    if (ts.isNamespaceImport(bindings)) add(names, bindings.name, bindings);
    else bindings.elements.forEach((element) => add(names, element.name, element));
  }

  function addList(names: Names, list: ts.VariableDeclarationList): void {
    list.declarations.forEach((declaration) => addBinding(names, declaration));
  }

  function addBinding(
    names: Names,
    declaration: ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement,
  ): void {
    if (ts.isIdentifier(declaration.name)) return add(names, declaration.name, declaration);
    for (const element of declaration.name.elements) {
      if (ts.isBindingElement(element)) addBinding(names, element);
    }
  }

  function saysVar(file: ts.SourceFile): boolean {
    let answer = withVar.get(file);
    if (answer === undefined) withVar.set(file, (answer = /\bvar\b/.test(file.text)));
    return answer;
  }

  /** `var` belongs to the whole function, wherever it is written. */
  function addHoisted(names: Names, node: ts.Node): void {
    const lists: ts.VariableDeclarationList[] = [];
    // A stack instead of recursion: a long chain of operators is nested deep.
    const open: ts.Node[] = [node];
    const push = (child: ts.Node): void => {
      if (!ts.isFunctionLike(child) && !ts.isClassLike(child)) open.push(child);
    };
    for (let next = open.pop(); next; next = open.pop()) {
      if (ts.isVariableDeclarationList(next) && !(next.flags & ts.NodeFlags.BlockScoped)) lists.push(next);
      ts.forEachChild(next, push);
    }
    for (const list of lists.sort((a, b) => a.pos - b.pos)) addList(names, list);
  }

  function add(names: Names, name: ts.Identifier | undefined, declaration: ts.Node): void {
    if (name && !names.has(name.text)) names.set(name.text, declaration);
  }

  return {
    find(name, place) {
      for (let scope: ts.Node | undefined = place; scope; scope = scope.parent) {
        const declaration = isScope(scope) ? namesOf(scope).get(name) : undefined;
        if (declaration) return declaration;
      }
      return undefined;
    },
  };
}
