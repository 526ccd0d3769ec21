import type ts from 'typescript';
import type { CatalogueIndex, Declared } from '../catalogue/catalogue-index.js';
import { requiredModule } from '../facts/file-facts.js';
import type { Scopes } from '../facts/scopes.js';
import type { TypeScript } from '../typescript.js';
import type { TypedResolution } from './typed-resolution.js';
import { unwrap } from './unwrap.js';

/** What an expression stands for, as far as the catalogue cares. */
export type Meaning =
  /** A whole package: `import * as axios`, `require('axios')`. */
  | { readonly kind: 'module'; readonly module: string }
  /** Something a package exports, or a global. */
  | { readonly kind: 'export'; readonly module: string; readonly name: string }
  /** A value of a type that a package declares, with the expression that made it when it is in sight. */
  | {
      readonly kind: 'instance';
      readonly module: string;
      readonly type: string;
      readonly creation?: ts.CallExpression | ts.NewExpression;
    }
  /** A member of an instance. */
  | {
      readonly kind: 'member';
      readonly module: string;
      readonly type: string;
      readonly name: string;
      readonly owner: Meaning;
    }
  /** Surely nothing catalogued, so no type checker needs to be asked. */
  | { readonly kind: 'other' };

/** Reads meanings from declarations as written. The checker only helps to find a declaration in another file. */
export interface Meanings {
  of(expression: ts.Node): Meaning | undefined;
  /** The call target a meaning stands for when it is called. */
  declared(meaning: Meaning | undefined): Declared | undefined;
}

const other: Meaning = { kind: 'other' };
const globalObjects = new Set(['globalThis', 'global', 'window', 'self']);
/** Enough for any real chain of constants, and an end for `const a = b, b = a`. */
const maxSteps = 24;

export function createMeanings(
  ts: TypeScript,
  scopes: Scopes,
  catalogue: CatalogueIndex,
  typed: TypedResolution | undefined,
): Meanings {
  function of(node: ts.Node, steps: number): Meaning | undefined {
    if (steps > maxSteps) return undefined;
    const expression = unwrap(ts, node);
    if (ts.isIdentifier(expression)) return ofName(expression, steps);
    if (ts.isPropertyAccessExpression(expression)) return ofProperty(expression, steps);
    if (ts.isElementAccessExpression(expression)) {
      const key = expression.argumentExpression;
      return ts.isStringLiteralLike(key) ? member(of(expression.expression, steps + 1), key.text) : undefined;
    }
    if (ts.isCallExpression(expression)) return ofCall(expression, steps);
    if (ts.isNewExpression(expression)) return ofNew(expression, steps);
    if (ts.isFunctionLike(expression) || ts.isObjectLiteralExpression(expression) || isLiteral(expression))
      return other;
    return undefined;
  }

  function ofName(name: ts.Identifier, steps: number): Meaning | undefined {
    const declaration = scopes.find(name.text, name);
    if (declaration) return ofDeclaration(declaration, steps + 1);
    return { kind: 'export', module: 'global', name: name.text };
  }

  function ofProperty(access: ts.PropertyAccessExpression, steps: number): Meaning | undefined {
    if (access.expression.kind === ts.SyntaxKind.ThisKeyword) {
      const field = fieldOf(access);
      return field && ofDeclaration(field, steps + 1);
    }
    return member(of(access.expression, steps + 1), access.name.text);
  }

  function ofCall(call: ts.CallExpression, steps: number): Meaning | undefined {
    const required = requiredModule(ts, call);
    if (required) return ofModule(required.text);
    const callee = declared(of(call.expression, steps + 1));
    const row = callee && catalogue.create(callee);
    return row && callee && !row.constructs
      ? { kind: 'instance', module: callee.module, type: row.returns, creation: call }
      : undefined;
  }

  function ofNew(creation: ts.NewExpression, steps: number): Meaning | undefined {
    const created = of(creation.expression, steps + 1);
    if (created?.kind !== 'export') return created?.kind === 'other' ? other : undefined;
    return created.module === 'global'
      ? other
      : { kind: 'instance', module: created.module, type: created.name, creation };
  }

  function ofDeclaration(node: ts.Node, steps: number): Meaning | undefined {
    if (steps > maxSteps) return undefined;
    if (typed && node.getSourceFile().isDeclarationFile) return ofLibrary(node, typed, steps);
    if (ts.isImportClause(node)) return imported(node.parent, 'default', node.name, steps);
    if (ts.isNamespaceImport(node)) return imported(node.parent.parent, undefined, node.name, steps);
    if (ts.isImportSpecifier(node)) {
      return imported(node.parent.parent.parent, (node.propertyName ?? node.name).text, node.name, steps);
    }
    if (ts.isImportEqualsDeclaration(node)) {
      const reference = node.moduleReference;
      const isModule = ts.isExternalModuleReference(reference) && ts.isStringLiteralLike(reference.expression);
      return isModule ? ofModule((reference.expression as ts.StringLiteralLike).text) : undefined;
    }
    if (ts.isBindingElement(node)) {
      const source = node.parent.parent;
      const key = node.propertyName ?? node.name;
      if (node.initializer || !ts.isObjectBindingPattern(node.parent) || !ts.isIdentifier(key)) return undefined;
      if (ts.isBindingElement(source)) return undefined;
      const whole = source.type
        ? ofType(source.type, steps + 1)
        : source.initializer && of(source.initializer, steps + 1);
      return member(whole, key.text);
    }
    // A parameter's default is what callers may replace: only its type counts.
    if (ts.isParameter(node)) return node.type && ofType(node.type, steps + 1);
    if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) {
      const value = node.initializer ?? (ts.isPropertyDeclaration(node) ? assignedInConstructor(node) : undefined);
      const made = value && of(value, steps + 1);
      // How a client was made says more than its type.
      const isMade = made?.kind === 'instance' && made.creation !== undefined;
      return node.type && !isMade ? ofType(node.type, steps + 1) : made;
    }
    if (ts.isPropertySignature(node)) return node.type && ofType(node.type, steps + 1);
    if (ts.isPropertyAssignment(node)) return of(node.initializer, steps + 1);
    if (ts.isExportAssignment(node)) return of(node.expression, steps + 1);
    if (ts.isTypeAliasDeclaration(node)) return ofType(node.type, steps + 1);
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isEnumDeclaration(node)) return other;
    return undefined;
  }

  /** Something that a local file re-exports from a package. */
  function ofLibrary(node: ts.Node, { packageOf }: TypedResolution, steps: number): Meaning | undefined {
    const module = catalogue.packageOf(packageOf(node) ?? '');
    if (module === undefined) return undefined;
    if (ts.isVariableDeclaration(node) && node.type) {
      const instance = ofType(node.type, steps + 1);
      if (instance?.kind === 'instance') return instance;
    }
    const isNamed =
      ts.isVariableDeclaration(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isInterfaceDeclaration(node);
    return isNamed && node.name && ts.isIdentifier(node.name)
      ? { kind: 'export', module, name: node.name.text }
      : undefined;
  }

  function ofType(type: ts.TypeNode, steps: number): Meaning | undefined {
    if (ts.isTypeQueryNode(type)) {
      const value = ts.isIdentifier(type.exprName) ? of(type.exprName, steps) : undefined;
      // An injected `typeof fetch` is whatever the caller makes of it.
      return value?.kind === 'export' && value.module === 'global' ? undefined : value;
    }
    if (!ts.isTypeReferenceNode(type)) return ts.isFunctionTypeNode(type) ? other : undefined;
    const name = ts.isIdentifier(type.typeName) ? of(type.typeName, steps) : ofQualifiedName(type.typeName, steps);
    if (name?.kind !== 'export') return name?.kind === 'instance' ? name : undefined;
    return name.module === 'global' ? other : { kind: 'instance', module: name.module, type: name.name };
  }

  function ofQualifiedName(name: ts.QualifiedName, steps: number): Meaning | undefined {
    if (!ts.isIdentifier(name.left)) return undefined;
    const left = of(name.left, steps);
    return left?.kind === 'module' ? { kind: 'export', module: left.module, name: name.right.text } : undefined;
  }

  function ofModule(specifier: string): Meaning | undefined {
    const module = catalogue.packageOf(specifier);
    return module === undefined ? undefined : { kind: 'module', module };
  }

  function imported(
    statement: ts.Node,
    name: string | undefined,
    local: ts.Identifier | undefined,
    steps: number,
  ): Meaning | undefined {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteralLike(statement.moduleSpecifier)) return undefined;
    const module = ofModule(statement.moduleSpecifier.text);
    if (module) return name === undefined ? module : member(module, name);
    // A client made in another file of the program: its own declaration says what it is.
    const declaration = local && typed?.checker.declarationOf(local);
    return declaration && ofDeclaration(declaration, steps + 1);
  }

  /** The declaration behind `this.name`: a field, or a constructor parameter that makes one. */
  function fieldOf(access: ts.PropertyAccessExpression): ts.Node | undefined {
    const owner = enclosingClass(access);
    for (const element of owner?.members ?? []) {
      if (ts.isConstructorDeclaration(element)) {
        const parameter = element.parameters.find(
          (parameter) => parameter.modifiers?.length && sameName(parameter.name, access.name),
        );
        if (parameter) return parameter;
      } else if (element.name && sameName(element.name, access.name)) {
        return element;
      }
    }
    return undefined;
  }

  function enclosingClass(place: ts.Node): ts.ClassLikeDeclaration | undefined {
    for (let node: ts.Node | undefined = place; node; node = node.parent) {
      if (ts.isClassLike(node)) return node;
      // Anything but an arrow has a `this` of its own, unless it is a member of the class.
      if (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) return undefined;
    }
    return undefined;
  }

  function assignedInConstructor(field: ts.PropertyDeclaration): ts.Expression | undefined {
    const maker = field.parent.members.find((element) => ts.isConstructorDeclaration(element));
    for (const statement of maker?.body?.statements ?? []) {
      if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) continue;
      const { left, operatorToken, right } = statement.expression;
      if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(left)) continue;
      if (left.expression.kind === ts.SyntaxKind.ThisKeyword && sameName(field.name, left.name)) return right;
    }
    return undefined;
  }

  function member(owner: Meaning | undefined, name: string): Meaning | undefined {
    switch (owner?.kind) {
      case undefined:
        return undefined;
      case 'other':
        return other;
      case 'module':
        // `require('axios')` and `import * as axios` are the default export as well, in CommonJS.
        return catalogue.valueType(owner.module, 'default') !== undefined &&
          name !== 'default' &&
          isMemberOfDefault(owner.module, name)
          ? member({ kind: 'export', module: owner.module, name: 'default' }, name)
          : { kind: 'export', module: owner.module, name };
      case 'export': {
        if (owner.module === 'global') {
          return globalObjects.has(owner.name) ? { kind: 'export', module: 'global', name } : undefined;
        }
        if (owner.name === 'default' && name === 'default') return owner;
        const type = catalogue.valueType(owner.module, owner.name);
        return type === undefined ? undefined : { kind: 'member', module: owner.module, type, name, owner };
      }
      case 'instance':
        return { kind: 'member', module: owner.module, type: owner.type, name, owner };
      case 'member':
        return undefined;
    }
  }

  function isMemberOfDefault(module: string, name: string): boolean {
    const type = catalogue.valueType(module, 'default') ?? '';
    const declared = { module, export: type, member: name };
    return catalogue.call(declared) !== undefined || catalogue.create(declared) !== undefined;
  }

  function declared(meaning: Meaning | undefined): Declared | undefined {
    switch (meaning?.kind) {
      case 'module':
        return declared({ kind: 'export', module: meaning.module, name: 'default' });
      case 'export':
        return {
          module: meaning.module,
          export: catalogue.valueType(meaning.module, meaning.name) ?? meaning.name,
        };
      case 'instance':
        return { module: meaning.module, export: meaning.type };
      case 'member':
        return { module: meaning.module, export: meaning.type, member: meaning.name };
      default:
        return undefined;
    }
  }

  function sameName(a: ts.Node, b: ts.MemberName): boolean {
    return (ts.isIdentifier(a) || ts.isPrivateIdentifier(a)) && a.text === b.text;
  }

  function isLiteral(node: ts.Node): boolean {
    return ts.isStringLiteralLike(node) || ts.isNumericLiteral(node) || ts.isArrayLiteralExpression(node);
  }

  return { of: (expression) => of(expression, 0), declared };
}
