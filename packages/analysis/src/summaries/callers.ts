import type ts from 'typescript';
import type { FileFacts } from '../facts/file-facts.js';
import type { Project } from '../facts/project.js';
import type { Scopes } from '../facts/scopes.js';
import type { Meanings } from '../resolver/meaning.js';
import type { Targets } from '../resolver/targets.js';
import type { TypedResolution } from '../resolver/typed-resolution.js';
import { rewrap } from '../resolver/unwrap.js';
import type { TypeScript } from '../typescript.js';
import type { Budget } from './budget.js';
import { isInside, type Region, type Regions } from './regions.js';

/** How a place is reached when nothing around it guards it. */
export type Reach =
  /** Every way in goes through a guard. */
  | { readonly kind: 'guarded'; readonly region: Region }
  /** A way in that no guard covers: the calls that lead here, the outermost first. */
  | { readonly kind: 'unguarded'; readonly path: readonly ts.Node[]; readonly isUncertain: boolean };

/** Where a function is used: called by us, or started under a guard. */
export interface Use {
  readonly site: ts.Node;
  readonly region?: Region;
}

export interface Callers {
  /** The way to a place from outside, through the callers of functions that only the project can call. */
  reach(place: ts.Node): Reach;
  /** All uses of a function; `undefined` when anyone may call it. */
  usesOf(owner: ts.Node): readonly Use[] | undefined;
  /** What all callers pass for a parameter; `undefined` when not all callers are in sight. */
  argumentsFor(parameter: ts.ParameterDeclaration): readonly (ts.Expression | undefined)[] | undefined;
}

/** Methods of arrays and promises that run their callback then and there. */
const callbackMethods = new Set('map flatMap forEach filter find some every reduce then catch finally'.split(' '));
/** Further up, who calls is left unsaid. */
const maxDepth = 16;
/** A name that is everywhere (`get`, `run`) says nothing about who calls. */
const maxMentions = 400;

export function createCallers(
  ts: TypeScript,
  scopes: Scopes,
  facts: (file: ts.SourceFile) => FileFacts,
  project: () => Project,
  meanings: Meanings,
  targets: Targets,
  regions: Regions,
  typed: TypedResolution | undefined,
  budget: Budget,
): Callers {
  const uses = new WeakMap<ts.Node, { readonly uses: readonly Use[] | undefined }>();
  const pending = new Set<ts.Node>();
  const mentions = new Map<string, (ts.Identifier | ts.PrivateIdentifier)[]>();

  function reach(place: ts.Node): Reach {
    interface Step {
      readonly place: ts.Node;
      readonly path: readonly ts.Node[];
      readonly isUncertain: boolean;
      readonly depth: number;
    }
    // Breadth first over functions, so recursion adds no way in. A sure way in beats an uncertain one.
    const seen = new Map<ts.Node, boolean>();
    const queue: Step[] = [{ place, path: [], isUncertain: false, depth: 0 }];
    let region: Region | undefined;
    let uncertain: Reach | undefined;
    for (const { place, path, isUncertain: soFar, depth } of queue) {
      const around = regions.around(place);
      if (around.regions[0]) {
        region ??= around.regions[0];
        continue;
      }
      const { owner } = around;
      const mayAsk = budget.spend() || depth === 0;
      const callers = owner && mayAsk ? usesOf(owner) : undefined;
      const isCutOff = owner !== undefined && (!mayAsk || (depth >= maxDepth && callers !== undefined));
      // What was not looked at may be a guard.
      const isUncertain = soFar || around.isUncertain || isCutOff;
      if (isCutOff || !callers?.length) {
        const reach: Reach = { kind: 'unguarded', path: owner ? [owner, ...path] : path, isUncertain };
        if (!isUncertain) return reach;
        uncertain ??= reach;
      } else if (owner && (!seen.has(owner) || (seen.get(owner) && !isUncertain))) {
        seen.set(owner, isUncertain);
        for (const use of callers) {
          if (use.region) region ??= use.region;
          else queue.push({ place: use.site, path: [use.site, ...path], isUncertain, depth: depth + 1 });
        }
      }
    }
    if (uncertain) return uncertain;
    return region ? { kind: 'guarded', region } : { kind: 'unguarded', path: [], isUncertain: false };
  }

  function usesOf(owner: ts.Node): readonly Use[] | undefined {
    const answer = uses.get(owner);
    if (answer) return answer.uses;
    if (pending.has(owner)) return undefined;
    pending.add(owner);
    const found = { uses: findUses(owner) };
    pending.delete(owner);
    uses.set(owner, found);
    return found.uses;
  }

  function findUses(owner: ts.Node): readonly Use[] | undefined {
    if (ts.isFunctionDeclaration(owner) || ts.isVariableDeclaration(owner)) {
      if (!owner.name || !ts.isIdentifier(owner.name)) return undefined;
      const local = usesAt(localReferences(owner, owner.name));
      const names = exportedNames(owner, owner.name.text);
      if (!local || names.length === 0) return local;
      return outsideUses(owner, owner.name.text, names, local);
    }
    if (ts.isMethodDeclaration(owner) || ts.isPropertyDeclaration(owner)) return memberUses(owner);
    return undefined;
  }

  function localReferences(owner: ts.Node, name: ts.Identifier): ts.Node[] {
    const mentions = facts(owner.getSourceFile()).mentions.get(name.text) ?? [];
    return mentions.filter((mention) => {
      if (mention === name || isMemberName(mention) || ts.isExportSpecifier(mention.parent)) return false;
      if (ts.isExportAssignment(mention.parent)) return false;
      const declaration = scopes.find(mention.text, mention);
      return declaration === owner || declaration === owner.parent;
    });
  }

  /** The names under which its file exports a function. */
  function exportedNames(owner: ts.Node, name: string): string[] {
    const statement = ts.isVariableDeclaration(owner) ? owner.parent.parent : owner;
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const names: string[] = [];
    if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) {
      names.push(modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ? 'default' : name);
    }
    for (const mention of facts(owner.getSourceFile()).mentions.get(name) ?? []) {
      const { parent } = mention;
      if (ts.isExportAssignment(parent)) names.push('default');
      const isOwnExport = ts.isExportSpecifier(parent) && parent.parent.parent.moduleSpecifier === undefined;
      if (isOwnExport && (parent.propertyName ?? parent.name) === mention && ts.isIdentifier(parent.name)) {
        names.push(parent.name.text);
      }
    }
    return names;
  }

  /** Uses in other files. A file that nobody imports is an entry: what it exports, anyone may call. */
  function outsideUses(
    owner: ts.Node,
    name: string,
    names: readonly string[],
    local: readonly Use[],
  ): readonly Use[] | undefined {
    const file = owner.getSourceFile();
    if (!typed || isEntry(file)) return undefined;
    const node = functionOf(owner);
    if (!node) return undefined;
    const searched = new Set([name, ...names]);
    const references: ts.Node[] = [];
    // A default export has a name of the importer's choice.
    const isDefault = names.includes('default');
    const others = isDefault || searched.size > 1 ? project().files : project().mentioning(name);
    for (const other of others) {
      if (other === file) continue;
      for (const text of searched) {
        for (const mention of facts(other).mentions.get(text) ?? []) {
          if (ts.isImportSpecifier(mention.parent) || ts.isImportClause(mention.parent)) {
            references.push(...importedReferences(mention, node));
          } else if (ts.isExportSpecifier(mention.parent)) {
            if (
              isEntry(other) &&
              isFunction(meanings.memberOf({ kind: 'file', file: other }, mention.parent.name.text), node)
            ) {
              return undefined;
            }
          } else if (isAccessName(mention) && isFunction(meanings.of(mention.parent), node)) {
            references.push(mention.parent);
          }
        }
      }
      if (isDefault) {
        for (const statement of other.statements) {
          const clause = ts.isImportDeclaration(statement) ? statement.importClause : undefined;
          if (clause?.name) references.push(...importedReferences(clause.name, node));
        }
      }
    }
    const outside = usesAt([...new Set(references)]);
    return outside && [...local, ...outside];
  }

  /** Where a file uses what it imports under a local name. */
  function importedReferences(mention: ts.Node, node: ts.Node): ts.Node[] {
    const { parent } = mention;
    if (!ts.isImportSpecifier(parent) && !ts.isImportClause(parent)) return [];
    const local = parent.name;
    if (!local) return [];
    return (facts(mention.getSourceFile()).mentions.get(local.text) ?? []).filter(
      (reference) =>
        reference !== local &&
        !isMemberName(reference) &&
        !ts.isImportSpecifier(reference.parent) &&
        !ts.isExportSpecifier(reference.parent) &&
        isFunction(meanings.of(reference), node),
    );
  }

  function isFunction(meaning: ReturnType<Meanings['of']>, node: ts.Node): boolean {
    return meaning?.kind === 'function' && meaning.node === node;
  }

  function functionOf(owner: ts.Node): ts.Node | undefined {
    if (!ts.isVariableDeclaration(owner) && !ts.isPropertyDeclaration(owner)) return owner;
    const value = owner.initializer && unwrap(owner.initializer);
    return value && ts.isFunctionLike(value) ? value : undefined;
  }

  function unwrap(node: ts.Expression): ts.Node {
    let inner: ts.Node = node;
    while (ts.isParenthesizedExpression(inner) || ts.isAsExpression(inner)) inner = inner.expression;
    return inner;
  }

  /** A module that no file of the project imports, or the index of a package. */
  function isEntry(file: ts.SourceFile): boolean {
    if (!typed?.graph.isImported(file)) return true;
    return /\/(?:src\/)?index\.[cm]?[jt]sx?$/.test(file.fileName) && isPackageRoot(file.fileName);
  }

  function isPackageRoot(fileName: string): boolean {
    const folder = fileName.replace(/\/(?:src\/)?index\.[cm]?[jt]sx?$/, '');
    return ts.sys?.fileExists(`${folder}/package.json`) ?? false;
  }

  /** Where the whole project says a name. */
  function mentionsOf(name: string): readonly (ts.Identifier | ts.PrivateIdentifier)[] {
    let found = mentions.get(name);
    if (!found) {
      found = [];
      for (const file of project().mentioning(name)) found.push(...facts(file).mentions.get(name)!);
      mentions.set(name, found);
    }
    return found;
  }

  function memberUses(owner: ts.MethodDeclaration | ts.PropertyDeclaration): readonly Use[] | undefined {
    if (!ts.isIdentifier(owner.name) && !ts.isPrivateIdentifier(owner.name)) return undefined;
    if (!ts.isClassLike(owner.parent) || isHandler(owner)) return undefined;
    const { text } = owner.name;
    if (isPrivate(owner)) {
      const mentions = facts(owner.getSourceFile()).mentions.get(text) ?? [];
      const own = mentions.filter(
        (mention) =>
          isAccessName(mention) &&
          isInside(mention, owner.parent) &&
          isOwnReceiver((mention.parent as ts.PropertyAccessExpression).expression, owner.parent),
      );
      return usesAt(own.map(({ parent }) => parent));
    }
    if (!typed || hasForeignParts(owner.parent)) return undefined;
    const node = functionOf(owner) ?? owner;
    const candidates = mentionsOf(text);
    if (candidates.length > maxMentions) return undefined;
    const references: ts.Node[] = [];
    for (const mention of candidates) {
      if (!isAccessName(mention)) continue;
      const access = mention.parent as ts.PropertyAccessExpression;
      if (isMember(access, node, text)) references.push(access);
    }
    return usesAt(references);
  }

  function isMember(access: ts.PropertyAccessExpression, node: ts.Node, name: string): boolean {
    const written = meanings.of(access);
    const meaning = written ?? meanings.memberOf(meanings.typed(access.expression), name);
    if (meaning?.kind !== 'function') return false;
    if (meaning.node === node) return true;
    // A signature without a body may stand for this method.
    return !(meaning.node as ts.FunctionLikeDeclaration).body && implementsSignature(node, meaning.node);
  }

  function implementsSignature(node: ts.Node, signature: ts.Node): boolean {
    const owner = node.parent;
    const type = signature.parent;
    if (!ts.isClassLike(owner)) return false;
    return (owner.heritageClauses ?? []).some(({ types }) =>
      types.some(({ expression }) => {
        const base = meanings.of(expression);
        return (base?.kind === 'object' || base?.kind === 'class') && base.node === type;
      }),
    );
  }

  /** A framework was told of it by a decorator that is no guard, so it may call it. */
  function isHandler(owner: ts.MethodDeclaration | ts.PropertyDeclaration): boolean {
    return ts.getDecorators(owner)?.some((decorator) => !targets.decorator(decorator)) ?? false;
  }

  /** Part of the class comes from a package, which may call what the class gives it. */
  function hasForeignParts(owner: ts.ClassLikeDeclaration): boolean {
    return (owner.heritageClauses ?? []).some(({ types }) =>
      types.some(({ expression }) => {
        const base = meanings.of(expression);
        return base?.kind !== 'class' && base?.kind !== 'object';
      }),
    );
  }

  /** Only its own class can call it. */
  function isPrivate(owner: ts.MethodDeclaration | ts.PropertyDeclaration): boolean {
    return (
      ts.isPrivateIdentifier(owner.name) ||
      (ts.getModifiers(owner)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false)
    );
  }

  function usesAt(references: readonly ts.Node[]): readonly Use[] | undefined {
    const found: Use[] = [];
    for (const reference of references) {
      if (isInType(reference)) continue;
      const use = useOf(reference);
      if (!use) return undefined;
      found.push(use);
    }
    return found;
  }

  function useOf(reference: ts.Node): Use | undefined {
    const outer = rewrap(ts, boundFunction(reference));
    const call = outer.parent;
    if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return undefined;
    if (call.expression === outer) return { site: call };
    const position = call.arguments?.indexOf(outer as ts.Expression) ?? -1;
    if (position < 0) return undefined;
    const region = regions.at(call);
    if (region && region.operation === call.arguments?.[position]) return { site: call, region };
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

  function isOwnReceiver(receiver: ts.Expression, owner: ts.Node): boolean {
    if (receiver.kind === ts.SyntaxKind.ThisKeyword) return true;
    return (
      ts.isIdentifier(receiver) &&
      ts.isClassLike(owner) &&
      owner.name !== undefined &&
      receiver.text === owner.name.text
    );
  }

  function isAccessName(mention: ts.Node): boolean {
    return ts.isPropertyAccessExpression(mention.parent) && mention.parent.name === mention;
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

  function isInType(node: ts.Node): boolean {
    for (let up: ts.Node | undefined = node.parent; up; up = up.parent) {
      if (ts.isTypeNode(up)) return true;
      if (ts.isFunctionLike(up) || ts.isSourceFile(up)) return false;
    }
    return false;
  }

  function argumentsFor(parameter: ts.ParameterDeclaration): readonly (ts.Expression | undefined)[] | undefined {
    const node = parent(parameter);
    const position = node.parameters.indexOf(parameter);
    const isNamed = ts.isVariableDeclaration(node.parent) || ts.isPropertyDeclaration(node.parent);
    if (parameter.dotDotDotToken || !budget.spend()) return undefined;
    const callers = usesOf(isNamed ? node.parent : node);
    if (!callers?.length) return undefined;
    const passed: (ts.Expression | undefined)[] = [];
    for (const { site, region } of callers) {
      if (region || !ts.isCallExpression(site)) return undefined;
      const spread = site.arguments.findIndex((argument) => ts.isSpreadElement(argument));
      if (spread >= 0 && spread <= position) return undefined;
      if (callbackMethods.has(lastName(site))) return undefined;
      passed.push(site.arguments[position]);
    }
    return passed;
  }

  function parent(parameter: ts.ParameterDeclaration): ts.SignatureDeclaration {
    return parameter.parent;
  }

  function lastName({ expression }: ts.CallExpression): string {
    return ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
  }

  return { reach, usesOf, argumentsFor };
}
