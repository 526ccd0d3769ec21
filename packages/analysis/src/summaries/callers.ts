import type ts from 'typescript';
import type { FileFacts } from '../facts/file-facts.js';
import type { Scopes } from '../facts/scopes.js';
import type { Targets } from '../resolver/targets.js';
import { rewrap } from '../resolver/unwrap.js';
import type { TypeScript } from '../typescript.js';
import type { Surround } from './guards.js';

/** How a place is reached when nothing around it guards it. */
export type Reach =
  /** Every way in goes through a guard. */
  | { readonly kind: 'guarded'; readonly guard: ts.Node }
  /** A way in that no guard covers: the calls that lead here, the outermost first. */
  | { readonly kind: 'unguarded'; readonly path: readonly ts.Node[]; readonly isUncertain: boolean };

/** Follows the callers of functions that only this file can call. */
export type FollowCallers = (place: ts.Node) => Reach;

interface Step {
  readonly place: ts.Node;
  /** The call sites from here to the call. */
  readonly path: readonly ts.Node[];
  readonly isUncertain: boolean;
}

/** Where a function is used: called by us, or started under a guard. `undefined` when anyone may call it. */
type Uses = readonly { readonly site: ts.Node; readonly guard?: ts.Node }[] | undefined;

/** Methods of arrays and promises that run their callback then and there. */
const callbackMethods = new Set([
  'map',
  'flatMap',
  'forEach',
  'filter',
  'find',
  'some',
  'every',
  'reduce',
  'then',
  'catch',
  'finally',
]);

export function createFollowCallers(
  ts: TypeScript,
  scopes: Scopes,
  facts: (file: ts.SourceFile) => FileFacts,
  targets: Targets,
  surround: Surround,
): FollowCallers {
  return (place) => {
    // Breadth first over functions, so recursion adds no way in. A sure way in beats an uncertain one.
    const seen = new Map<ts.Node, boolean>();
    const queue: Step[] = [{ place, path: [], isUncertain: false }];
    let guard: ts.Node | undefined;
    let uncertain: Reach | undefined;
    for (const { place, path, isUncertain: soFar } of queue) {
      const around = surround(place);
      if (around.guard) {
        guard ??= around.guard.node;
        continue;
      }
      const { owner } = around;
      const isUncertain = soFar || around.isUncertain;
      const uses = owner && usesOf(owner);
      if (!uses?.length) {
        const reach: Reach = { kind: 'unguarded', path: owner ? [owner, ...path] : path, isUncertain };
        if (!isUncertain) return reach;
        uncertain ??= reach;
      } else if (owner && (!seen.has(owner) || (seen.get(owner) && !isUncertain))) {
        seen.set(owner, isUncertain);
        for (const use of uses) {
          if (use.guard) guard ??= use.guard;
          else queue.push({ place: use.site, path: [use.site, ...path], isUncertain });
        }
      }
    }
    if (uncertain) return uncertain;
    return guard ? { kind: 'guarded', guard } : { kind: 'unguarded', path: [], isUncertain: false };
  };

  function usesOf(owner: ts.Node): Uses {
    if (ts.isFunctionDeclaration(owner) || ts.isVariableDeclaration(owner)) {
      return owner.name && ts.isIdentifier(owner.name) && !isExported(owner) ? localUses(owner, owner.name) : undefined;
    }
    if (ts.isMethodDeclaration(owner) || ts.isPropertyDeclaration(owner)) {
      return isPrivate(owner) ? memberUses(owner) : undefined;
    }
    return undefined;
  }

  function localUses(owner: ts.Node, name: ts.Identifier): Uses {
    const mentions = facts(owner.getSourceFile()).mentions.get(name.text) ?? [];
    const own = mentions.filter((mention) => {
      if (mention === name || isMemberName(mention)) return false;
      return ts.isExportSpecifier(mention.parent)
        ? isExportName(mention)
        : scopes.find(mention.text, mention) === owner;
    });
    return usesAt(own);
  }

  function memberUses(owner: ts.MethodDeclaration | ts.PropertyDeclaration): Uses {
    if (!ts.isIdentifier(owner.name) && !ts.isPrivateIdentifier(owner.name)) return undefined;
    const { text } = owner.name;
    const mentions = facts(owner.getSourceFile()).mentions.get(text) ?? [];
    const accesses = mentions.flatMap((mention) => {
      const access = mention.parent;
      const isAccess = ts.isPropertyAccessExpression(access) && access.name === mention;
      return isAccess && isInside(access, owner.parent) && isOwnReceiver(access.expression, owner.parent)
        ? [access]
        : [];
    });
    return usesAt(accesses);
  }

  function usesAt(references: readonly ts.Node[]): Uses {
    const uses: { site: ts.Node; guard?: ts.Node }[] = [];
    for (const reference of references) {
      if (isInType(reference)) continue;
      const use = useOf(reference);
      if (!use) return undefined;
      uses.push(use);
    }
    return uses;
  }

  function useOf(reference: ts.Node): { site: ts.Node; guard?: ts.Node } | undefined {
    const outer = rewrap(ts, boundFunction(reference));
    const call = outer.parent;
    if (!ts.isCallExpression(call)) return undefined;
    if (call.expression === outer) return { site: call };
    if (call.arguments[0] !== outer) return undefined;
    if (targets.wrapper(call)) return { site: call, guard: call };
    const callee = call.expression;
    return ts.isPropertyAccessExpression(callee) && callbackMethods.has(callee.name.text) ? { site: call } : undefined;
  }

  /** `this.load.bind(this)` is `this.load`. */
  function boundFunction(reference: ts.Node): ts.Node {
    const access = reference.parent;
    const isBind =
      ts.isPropertyAccessExpression(access) && access.expression === reference && access.name.text === 'bind';
    return isBind && ts.isCallExpression(access.parent) && access.parent.expression === access
      ? access.parent
      : reference;
  }

  function isExported(owner: ts.FunctionDeclaration | ts.VariableDeclaration): boolean {
    const statement = ts.isVariableDeclaration(owner) ? owner.parent.parent : owner;
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
  }

  /** Only its own class can call it, and no framework was told of it by a decorator. */
  function isPrivate(owner: ts.MethodDeclaration | ts.PropertyDeclaration): boolean {
    if (ts.getDecorators(owner)?.length) return false;
    return (
      ts.isPrivateIdentifier(owner.name) ||
      (ts.getModifiers(owner)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false)
    );
  }

  function isOwnReceiver(receiver: ts.Expression, owner: ts.Node): boolean {
    if (receiver.kind === ts.SyntaxKind.ThisKeyword) return true;
    return (
      ts.isIdentifier(receiver) &&
      ts.isClassLike(owner) &&
      owner.name !== undefined &&
      receiver.text === owner.name.text
    );
  }

  function isMemberName(name: ts.Node): boolean {
    const { parent } = name;
    const isMember =
      ts.isPropertyAccessExpression(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isPropertySignature(parent);
    return isMember && parent.name === name;
  }

  /** `export { name as other }`; a re-export from elsewhere names something else. */
  function isExportName(name: ts.Node): boolean {
    const { parent } = name;
    return (
      ts.isExportSpecifier(parent) &&
      (parent.propertyName ?? parent.name) === name &&
      parent.parent.parent.moduleSpecifier === undefined
    );
  }

  function isInType(node: ts.Node): boolean {
    for (let up: ts.Node | undefined = node.parent; up; up = up.parent) {
      if (ts.isTypeNode(up)) return true;
      if (ts.isFunctionLike(up) || ts.isSourceFile(up)) return false;
    }
    return false;
  }

  function isInside(node: ts.Node, container: ts.Node): boolean {
    return node.pos >= container.pos && node.end <= container.end;
  }
}
