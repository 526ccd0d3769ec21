import type ts from 'typescript';
import type { CatalogueIndex } from '../catalogue/catalogue-index.js';
import type { GuardRow, MemberRow } from '../catalogue/catalogue.js';
import { argumentsOf, calleeOf, type CallLike, type FileFacts } from '../facts/file-facts.js';
import type { Scopes } from '../facts/scopes.js';
import type { TypeScript } from '../typescript.js';
import type { Instance, Meaning, Meanings } from './meaning.js';
import type { PackageCalls } from './package-calls.js';
import { referencesTo } from './references.js';
import type { TypedResolution } from './typed-resolution.js';
import { rewrap, unwrap } from './unwrap.js';

/** What leaves the process: a call, or the `await` of a builder that was made earlier. */
export type OutboundNode = CallLike | ts.AwaitExpression;

/** A place where something leaves the process, and the row of the catalogue that says so. */
export interface Target {
  readonly module: string;
  /** The declared type, or the export itself. */
  readonly type: string;
  readonly member?: string | undefined;
  readonly row: MemberRow;
  /** The client it is called on. */
  readonly owner?: Meaning | undefined;
  /** The calls of a builder, the last one first. */
  readonly chain?: readonly MemberRow[];
  /** Not of the catalogue: the code of the package says that it reaches the network. */
  readonly isInferred?: true;
  /** That code sets timeouts, on what calls nobody can tell. */
  readonly setsTimeouts?: boolean;
}

/** A guard that a call or decorator puts around an operation. */
export interface GuardTarget {
  readonly row: GuardRow;
  readonly module: string;
  /** The policy object it belongs to: `policy` in `policy.execute(…)`. */
  readonly owner?: Meaning | undefined;
}

/** Ties calls and decorators to rows of the catalogue. */
export interface Targets {
  call(node: OutboundNode): Target | undefined;
  guard(call: CallLike): GuardTarget | undefined;
  decorator(decorator: ts.Decorator): GuardTarget | undefined;
  /** The row of a call that is no outbound call itself: `client.transaction(…)`, `queue.add(…)`. */
  row(call: CallLike): { readonly row: MemberRow; readonly module: string } | undefined;
  isAmbientSignal(call: ts.CallExpression): boolean;
  /** Whether the value of an expression goes to someone who waits for it. */
  isConsumed(node: ts.Node): boolean;
}

const promiseMembers = new Set(['then', 'catch', 'finally']);
/** Members of emitters, promises and collections, which no wildcard means. */
export const quietMembers: ReadonlySet<string> = new Set(
  'on once off emit addListener removeListener removeAllListeners then catch finally pipe toString toJSON map filter forEach reduce find findIndex some every join includes startsWith endsWith split trim localeCompare slice sort push concat flat flatMap keys values entries replace match test at indexOf toUpperCase toLowerCase toISOString'.split(
    ' ',
  ),
);
const combinators = new Set(['all', 'allSettled', 'race', 'any']);

export function createTargets(
  ts: TypeScript,
  catalogue: CatalogueIndex,
  facts: (file: ts.SourceFile) => FileFacts,
  scopes: Scopes,
  meanings: Meanings,
  typed: TypedResolution | undefined,
  packageCalls: PackageCalls,
): Targets {
  const known = new WeakMap<ts.Node, { readonly target: Target | undefined }>();
  const unknownPackages = new WeakMap<ts.SourceFile, boolean>();
  const callees = new WeakMap<ts.Node, { readonly meaning: Meaning | undefined }>();

  /** What is called, by what is written and, where a row could match, by its type. */
  function calleeMeaning(call: CallLike): Meaning | undefined {
    let answer = callees.get(call);
    if (!answer) callees.set(call, (answer = { meaning: findCallee(call) }));
    return answer.meaning;
  }

  function findCallee(call: CallLike): Meaning | undefined {
    const written = meanings.of(calleeOf(call));
    const isVague =
      !written ||
      (written.kind === 'member' && !written.found && !catalogue.type(written.module, written.type)) ||
      (written.kind === 'instance' && written.module === 'global');
    if (!typed || !isVague) return written;
    const callee = unwrap(ts, calleeOf(call));
    if (!ts.isPropertyAccessExpression(callee)) return written;
    const file = call.getSourceFile();
    const name = callee.name.text;
    const isWorthAsking =
      typed.graph.reachesAny(file, catalogue.modulesWith(name)) ||
      (!quietMembers.has(name) &&
        isConsumed(call) &&
        (importsUnknownPackage(file) || typed.graph.reachesAny(file, catalogue.wildcardModules)));
    if (!isWorthAsking) return written;
    const byType = meanings.memberOf(meanings.typed(callee.expression), name);
    return byType?.kind === 'member' && !byType.found && written ? written : (byType ?? written);
  }

  /** Whether the file itself gets hold of a package whose code would have to be asked. */
  function importsUnknownPackage(file: ts.SourceFile): boolean {
    let answer = unknownPackages.get(file);
    if (answer === undefined) {
      answer = facts(file).specifiers.some(({ text }) => packageCalls.isUnknown(text, file));
      unknownPackages.set(file, answer);
    }
    return answer;
  }

  function find(node: OutboundNode): Target | undefined {
    if (ts.isAwaitExpression(node)) return builtEarlier(node);
    const meaning = calleeMeaning(node);
    switch (meaning?.kind) {
      case 'module':
      case 'export': {
        const name = meaning.kind === 'export' ? meaning.name : 'default';
        const row = catalogue.exported(meaning.module, name);
        if (row?.effect !== undefined && isSent(node, meaning.module, row)) {
          return { module: meaning.module, type: name, row };
        }
        return row ? startedChain(node, meaning.module, row) : packageCalls.target(node, meaning, isConsumed);
      }
      case 'instance': {
        const row = catalogue.trait(meaning.module, meaning.type, 'called');
        if (row?.effect !== undefined && !isLazy(meaning.module, row.returns)) {
          return { module: meaning.module, type: meaning.type, row, owner: meaning };
        }
        return row ? startedChain(node, meaning.module, row) : undefined;
      }
      case 'member': {
        const { module, type, name, owner, found } = meaning;
        if (promiseMembers.has(name)) return undefined;
        if (!found) {
          const chained = owner.kind === 'instance' && catalogue.trait(module, type, 'lazy');
          return chained ? sentChain(node, module) : packageCalls.target(node, meaning, isConsumed);
        }
        const isChain = owner.kind === 'instance' && catalogue.trait(module, owner.type, 'lazy') !== undefined;
        if (isChain && (found.row.returns === undefined || found.row.returns === 'this'))
          return sentChain(node, module);
        if (isLazy(module, found.row.returns)) return sentChain(node, module);
        if (found.row.effect === undefined) return undefined;
        // A wildcard knows no names: what nobody waits for is a property or a lifecycle call more often than not.
        if (!found.isNamed && (quietMembers.has(name) || !(isConsumed(node) || isKept(node) || takesCallback(node)))) {
          return undefined;
        }
        const chain = isChain ? chainRows(node) : undefined;
        return { module, type: found.type, member: name, row: found.row, owner, ...(chain ? { chain } : {}) };
      }
      case 'function':
        return generated(node, meaning.node);
      default:
        return undefined;
    }
  }

  /** A method of a generated interface that extends a client: `interface UserClient extends grpc.Client`. */
  function generated(node: CallLike, { parent, name }: ts.SignatureDeclaration): Target | undefined {
    if (!parent || !ts.isInterfaceDeclaration(parent) || !name || !ts.isIdentifier(name)) return undefined;
    for (const { types } of parent.heritageClauses ?? []) {
      for (const { expression } of types) {
        const base = meanings.of(expression);
        if (base?.kind !== 'export' || base.module === 'global') continue;
        const found = catalogue.member(base.module, base.name, name.text);
        if (!found || found.row.effect === undefined || (!isConsumed(node) && !takesCallback(node))) continue;
        return { module: base.module, type: found.type, member: name.text, row: found.row };
      }
    }
    return undefined;
  }

  /** `client.getUser(request, (error, user) => …)` */
  function takesCallback(node: CallLike): boolean {
    const last = argumentsOf(node).at(-1);
    return last !== undefined && ts.isFunctionLike(unwrap(ts, last));
  }

  function isSent(node: CallLike, module: string, row: MemberRow): boolean {
    return !isLazy(module, row.returns) || (isChainEnd(node) && isConsumed(node));
  }

  function isLazy(module: string, type: string | undefined): boolean {
    return type !== undefined && catalogue.trait(module, type, 'lazy') !== undefined;
  }

  function startedChain(node: CallLike, module: string, row: MemberRow): Target | undefined {
    return isLazy(module, row.returns) ? sentChain(node, module) : undefined;
  }

  /** The last call of a builder, where somebody waits for it. */
  function sentChain(node: CallLike, module: string): Target | undefined {
    if (!isChainEnd(node) || !isConsumed(node)) return undefined;
    return chainTarget(node, module);
  }

  function chainTarget(node: ts.Expression, module: string): Target | undefined {
    const built = ts.isAwaitExpression(node) ? meanings.of(node.expression) : meanings.typed(node);
    if (built?.kind !== 'instance') return undefined;
    const row = catalogue.trait(module, built.type, 'lazy');
    const client = clientOf(node);
    return row && { module, type: built.type, row, owner: client ?? built, chain: chainRows(node) };
  }

  /** `const query = db('users'); query.where(…); await query;` */
  function builtEarlier(node: ts.AwaitExpression): Target | undefined {
    const expression = unwrap(ts, node.expression) as ts.Expression;
    if (!ts.isIdentifier(expression) && !ts.isPropertyAccessExpression(expression)) return undefined;
    const meaning = meanings.of(expression);
    return meaning?.kind === 'instance' && isLazy(meaning.module, meaning.type)
      ? chainTarget(expression, meaning.module)
      : undefined;
  }

  /** The rows of a builder's calls, the last one first. */
  function chainRows(node: ts.Expression): MemberRow[] {
    const rows: MemberRow[] = [];
    for (const call of chainCalls(node)) {
      const meaning = meanings.of(calleeOf(call));
      if (meaning?.kind === 'member' && meaning.found) rows.push(meaning.found.row);
      else if (meaning?.kind === 'export') {
        const row = catalogue.exported(meaning.module, meaning.name);
        if (row) rows.push(row);
      }
    }
    return rows;
  }

  /** The calls of a chain, the last one first, through the variable it was kept in. */
  function* chainCalls(node: ts.Expression): Iterable<CallLike> {
    let next: ts.Node | undefined = node;
    for (let steps = 0; next && steps < 200; steps += 1) {
      const expression: ts.Node = unwrap(ts, next);
      if (ts.isCallExpression(expression) || ts.isTaggedTemplateExpression(expression)) {
        yield expression;
        next = calleeOf(expression);
      } else if (ts.isPropertyAccessExpression(expression)) next = expression.expression;
      else if (ts.isIdentifier(expression)) next = initializer(expression);
      else return;
    }
  }

  function initializer(name: ts.Identifier): ts.Node | undefined {
    const meaning = meanings.of(name);
    if (meaning?.kind !== 'instance' || !isLazy(meaning.module, meaning.type)) return undefined;
    return variableOf(name)?.initializer;
  }

  function variableOf(name: ts.Identifier): ts.VariableDeclaration | undefined {
    for (let scope: ts.Node | undefined = name.parent; scope; scope = scope.parent) {
      if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) continue;
      for (const statement of scope.statements) {
        if (!ts.isVariableStatement(statement)) continue;
        const found = statement.declarationList.declarations.find(
          (declaration) => ts.isIdentifier(declaration.name) && declaration.name.text === name.text,
        );
        if (found) return found;
      }
    }
    return undefined;
  }

  /** The client that a chain starts from. */
  function clientOf(node: ts.Expression): Meaning | undefined {
    let client: Meaning | undefined;
    for (const call of chainCalls(node)) {
      const meaning = meanings.of(calleeOf(call));
      client = meaning?.kind === 'member' ? meaning.owner : meaning;
    }
    return client;
  }

  function isChainEnd(node: ts.Node): boolean {
    const access = rewrap(ts, node).parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== rewrap(ts, node)) return true;
    return promiseMembers.has(access.name.text);
  }

  function isConsumed(node: ts.Node): boolean {
    const outer = rewrap(ts, node);
    const { parent } = outer;
    if (ts.isAwaitExpression(parent)) return true;
    if (ts.isPropertyAccessExpression(parent))
      return parent.expression === outer && promiseMembers.has(parent.name.text);
    if (parent.kind === ts.SyntaxKind.YieldExpression || parent.kind === ts.SyntaxKind.VoidExpression) return true;
    if (ts.isReturnStatement(parent)) return isAnswer(enclosingFunction(parent));
    if (ts.isArrowFunction(parent)) return isAnswer(parent);
    if (ts.isConditionalExpression(parent)) return parent.condition !== outer && isConsumed(parent);
    if (ts.isBinaryExpression(parent)) return isConsumed(parent);
    if (ts.isArrayLiteralExpression(parent)) return isCombined(parent);
    return false;
  }

  /** `const answer = client.load(id); …; await answer;` */
  function isKept(node: ts.Node): boolean {
    let outer = rewrap(ts, node);
    while (ts.isConditionalExpression(outer.parent) && outer.parent.condition !== outer) outer = outer.parent;
    const { parent } = outer;
    if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
    const { name } = parent;
    return referencesTo(name, parent, { ts, scopes, facts }).some(isConsumed);
  }

  function isCombined(list: ts.ArrayLiteralExpression): boolean {
    const call = rewrap(ts, list).parent;
    return (
      ts.isCallExpression(call) &&
      ts.isPropertyAccessExpression(call.expression) &&
      (combinators.has(call.expression.name.text) || call.expression.name.text === '$transaction')
    );
  }

  /** Whether what a function returns is a promise to its callers, and no builder that they go on with. */
  function isAnswer(node: ts.SignatureDeclaration | undefined): boolean {
    if (!node) return false;
    if (node.type) {
      const meaning = meanings.ofType(node.type);
      if (meaning?.kind === 'instance' && isLazy(meaning.module, meaning.type)) return isPromiseType(node.type);
      return true;
    }
    const isAsync =
      ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
    if (isAsync) return true;
    const outer = rewrap(ts, node);
    const { parent } = outer;
    // A callback that another function waits for: `items.map((item) => db('items').insert(item))`.
    if (ts.isCallExpression(parent) && parent.expression !== outer) return !isChainCall(parent);
    return !isBuiltOn(node);
  }

  /** Somebody in the file keeps what the function returns, or goes on with it: it returns a builder. */
  function isBuiltOn(node: ts.SignatureDeclaration): boolean {
    const named = ts.isArrowFunction(node) || ts.isFunctionExpression(node) ? rewrap(ts, node).parent : node;
    const { name } = named as Partial<ts.NamedDeclaration>;
    if (!name || !(ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) return false;
    return (facts(node.getSourceFile()).mentions.get(name.text) ?? []).some((mention) => {
      if (mention === name) return false;
      const access = mention.parent;
      const callee = ts.isPropertyAccessExpression(access) && access.name === mention ? access : mention;
      const call = callee.parent;
      if (!ts.isCallExpression(call) || call.expression !== callee) return false;
      const outer = rewrap(ts, call);
      if (ts.isVariableDeclaration(outer.parent)) return true;
      return ts.isPropertyAccessExpression(outer.parent) && !promiseMembers.has(outer.parent.name.text);
    });
  }

  /** `.where((query) => query.where(…))` builds on. */
  function isChainCall(call: ts.CallExpression): boolean {
    const meaning = meanings.of(call.expression);
    return (
      meaning?.kind === 'member' && meaning.owner.kind === 'instance' && isLazy(meaning.module, meaning.owner.type)
    );
  }

  function isPromiseType(type: ts.TypeNode): boolean {
    return ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) && type.typeName.text === 'Promise';
  }

  function enclosingFunction(place: ts.Node): ts.SignatureDeclaration | undefined {
    for (let node: ts.Node | undefined = place; node; node = node.parent) if (ts.isFunctionLike(node)) return node;
    return undefined;
  }

  function guardOf(meaning: Meaning | undefined, count: number): GuardTarget | undefined {
    let row: GuardRow | undefined;
    let owner: Meaning | undefined;
    if (meaning?.kind === 'module') row = catalogue.guard(meaning.module, 'default');
    else if (meaning?.kind === 'export') row = catalogue.guard(meaning.module, meaning.name);
    else if (meaning?.kind === 'member') {
      ({ owner } = meaning);
      row = catalogue.guard(meaning.module, meaning.type, meaning.name);
      // `cockatiel.retry(…)`, `Effect.retry(…)`: a member of the whole package.
      if (!row && owner.kind !== 'instance') row = catalogue.guard(meaning.module, meaning.name);
    } else if (meaning?.kind === 'instance') {
      row = catalogue.guard(meaning.module, meaning.type, 'called');
      owner = meaning;
    }
    return row && meaning && 'module' in meaning && count >= (row.atLeast ?? 0)
      ? { row, module: meaning.module, owner }
      : undefined;
  }

  const targets: Targets = {
    call(node) {
      let answer = known.get(node);
      if (!answer) known.set(node, (answer = { target: find(node) }));
      return answer.target;
    },
    guard: (call) => guardOf(calleeMeaning(call), argumentsOf(call).length),
    decorator({ expression }) {
      if (!ts.isCallExpression(expression)) return undefined;
      const target = guardOf(meanings.of(expression.expression), expression.arguments.length);
      return target?.row.form === 'decorator' ? target : undefined;
    },
    row(call) {
      const meaning = calleeMeaning(call);
      if (meaning?.kind === 'member' && meaning.found) return { row: meaning.found.row, module: meaning.module };
      const row = meaning?.kind === 'export' ? catalogue.exported(meaning.module, meaning.name) : undefined;
      return row && meaning?.kind === 'export' ? { row, module: meaning.module } : undefined;
    },
    isAmbientSignal(call) {
      const meaning = meanings.of(call.expression);
      return meaning?.kind === 'export' && catalogue.isAmbientSignal(meaning.module, meaning.name);
    },
    isConsumed,
  };
  return targets;
}

export type { Instance };
