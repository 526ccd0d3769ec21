import type ts from 'typescript';
import type { CallTarget, CatalogueIndex, Declared } from '../catalogue/catalogue-index.js';
import type { GuardRow } from '../catalogue/catalogue.js';
import type { Scopes } from '../facts/scopes.js';
import type { TypeScript } from '../typescript.js';
import type { Meanings } from './meaning.js';
import type { TypedResolution } from './typed-resolution.js';
import { unwrap } from './unwrap.js';

/** Ties calls and decorators to rows of the catalogue. */
export interface Targets {
  call(call: ts.CallExpression): CallTarget | undefined;
  /** The guard that this call hands its first argument to. */
  wrapper(call: ts.CallExpression): GuardRow | undefined;
  decorator(decorator: ts.Decorator): GuardRow | undefined;
  isAmbientSignal(call: ts.CallExpression): boolean;
  /** Without types: something imported from another file of the project, which may be a guard for all we know. */
  mayBeGuard(site: ts.CallExpression | ts.Decorator): boolean;
}

export function createTargets(
  ts: TypeScript,
  scopes: Scopes,
  catalogue: CatalogueIndex,
  meanings: Meanings,
  typed: TypedResolution | undefined,
): Targets {
  const known = new WeakMap<ts.CallExpression, { readonly declared: Declared | undefined }>();

  function declaredCallee(call: ts.CallExpression): Declared | undefined {
    let answer = known.get(call);
    if (!answer) {
      const meaning = meanings.of(call.expression);
      const declared = meaning ? meanings.declared(meaning) : declaredByType(call);
      known.set(call, (answer = { declared }));
    }
    return answer.declared;
  }

  /** Asks the checker, but only when the member's name and the file's imports make a hit possible. */
  function declaredByType(call: ts.CallExpression): Declared | undefined {
    const callee = unwrap(ts, call.expression);
    if (!typed || !ts.isPropertyAccessExpression(callee)) return undefined;
    const packages = catalogue.memberPackages.get(callee.name.text);
    const file = call.getSourceFile();
    if (!packages?.some((name) => typed.graph.reaches(file, name))) return undefined;
    const signature = typed.checker.signatureOf(call);
    const owner = signature && memberOwner(signature);
    const module = owner && typed.packageOf(owner.type);
    return owner && module !== undefined
      ? { module, export: owner.type.name?.text ?? 'default', member: owner.member }
      : undefined;
  }

  function memberOwner(
    signature: ts.Node,
  ): { readonly type: ts.InterfaceDeclaration | ts.ClassLikeDeclaration; readonly member: string } | undefined {
    const declaration = ts.isFunctionTypeNode(signature) ? signature.parent : signature;
    const isMember =
      ts.isMethodSignature(declaration) ||
      ts.isMethodDeclaration(declaration) ||
      ts.isPropertySignature(declaration) ||
      ts.isPropertyDeclaration(declaration);
    if (!isMember || !ts.isIdentifier(declaration.name)) return undefined;
    const type = declaration.parent;
    return ts.isInterfaceDeclaration(type) || ts.isClassLike(type)
      ? { type, member: declaration.name.text }
      : undefined;
  }

  return {
    call(call) {
      const declared = declaredCallee(call);
      return declared && catalogue.call(declared);
    },
    wrapper(call) {
      const declared = declaredCallee(call);
      const row = declared && catalogue.guard(declared);
      return row?.form === 'wrapper' && call.arguments.length >= row.atLeast ? row : undefined;
    },
    decorator(decorator) {
      const { expression } = decorator;
      if (!ts.isCallExpression(expression)) return undefined;
      const declared = declaredCallee(expression);
      const row = declared && catalogue.guard(declared);
      return row?.form === 'decorator' && expression.arguments.length >= row.atLeast ? row : undefined;
    },
    mayBeGuard(site) {
      if (typed) return false;
      let callee: ts.Node = unwrap(ts, site.expression);
      if (ts.isDecorator(site) && ts.isCallExpression(callee)) callee = unwrap(ts, callee.expression);
      if (ts.isPropertyAccessExpression(callee)) {
        // A method says by its name whether it could be one.
        if (!ts.isDecorator(site) && !catalogue.memberPackages.has(callee.name.text)) return false;
        if (meanings.of(callee)) return false;
        callee = unwrap(ts, callee.expression);
        if (callee.kind === ts.SyntaxKind.ThisKeyword || ts.isPropertyAccessExpression(callee)) return true;
      }
      return ts.isIdentifier(callee) && isImportedFromProject(scopes.find(callee.text, callee));
    },
    isAmbientSignal(call) {
      const declared = declaredCallee(call);
      return declared !== undefined && catalogue.isAmbientSignal(declared);
    },
  };
  function isImportedFromProject(declaration: ts.Node | undefined): boolean {
    for (let node = declaration; node; node = node.parent) {
      if (ts.isImportDeclaration(node)) {
        return ts.isStringLiteralLike(node.moduleSpecifier) && /^[.#~@]\.?\//.test(node.moduleSpecifier.text);
      }
    }
    return false;
  }
}
