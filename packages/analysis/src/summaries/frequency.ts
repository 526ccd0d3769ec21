import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { rewrap } from '../resolver/unwrap.js';

/** How often a place runs: with each request, message or call, or when the process starts. */
export type Frequency = 'per-call' | 'once' | 'unknown';

type Tools = Pick<Analysis, 'ts' | 'callers' | 'targets'>;

/** Where programs are put together. */
const startingUp =
  /^(?:main|run|start|boot|bootstrap|init|initiali[sz]e|setup|configure|connect|seed|migrate|up|down|register|listen|serve|teardown|onModuleInit|onApplicationBootstrap|onModuleDestroy|onApplicationShutdown|beforeApplicationShutdown)$|^(?:boot|bootstrap|init|initiali[sz]e|setup|configure|connect|start|seed|migrate|teardown)[A-Z_]|^(?:create|make|build|get|load|open|provide|register|new)\w*(?:Client|Pool|Db|DB|Database|Connection|Breaker|Polic(?:y|ies)|Redis|Prisma|Server|App|Application|Context|Container|Module|Services?|Router|Plugin|Store|Repository|Repositories|Dependencies)s?$|Factory$/;
const transparent = new Set('map flatMap forEach filter find some every reduce then catch finally'.split(' '));
/** Keep their callback, and run it for each request or message. */
const handling =
  /^(?:get|post|put|patch|delete|head|options|all|use|route|consume|subscribe|process|eachMessage|setInterval|onRequest|onCall|procedure|query|mutation)$/;
const requestLike = /^_?(?:req|request|ctx|context|event|msg|message|job|payload|interaction|update|call)$/;
const maxDepth = 8;

export function frequencyOf(place: ts.Node, { ts, callers, targets }: Tools): Frequency {
  return of(place, new Set());

  function of(place: ts.Node, seen: Set<ts.Node>): Frequency {
    const fn = functionAround(place);
    if (!fn) return 'once';
    if (seen.has(fn) || seen.size > maxDepth) return 'unknown';
    seen.add(fn);
    if (ts.isConstructorDeclaration(fn) || ts.isGetAccessorDeclaration(fn)) return 'once';
    if (ts.isMethodDeclaration(fn)) return ofNamed(fn, fn.name, seen);
    if (ts.isFunctionDeclaration(fn)) return ofNamed(fn, fn.name, seen);
    if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return 'unknown';
    const outer = rewrap(ts, fn);
    const { parent } = outer;
    if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) return ofNamed(parent, parent.name, seen);
    if (ts.isPropertyAssignment(parent)) return isStartingUp(parent.name) ? 'once' : 'per-call';
    if (ts.isCallExpression(parent)) return ofCallback(fn, outer, parent, seen);
    if (ts.isNewExpression(parent)) return parent.expression.getText() === 'Promise' ? of(parent, seen) : 'unknown';
    return takesRequest(fn) ? 'per-call' : 'unknown';
  }

  /** A default of a parameter and a field of a class belong to what is around the function. */
  function functionAround(place: ts.Node): ts.Node | undefined {
    for (let node = place.parent; node; node = node.parent) {
      if (ts.isPropertyDeclaration(node) || ts.isClassStaticBlockDeclaration(node)) return undefined;
      if (ts.isFunctionLike(node)) return node;
    }
    return undefined;
  }

  function ofNamed(owner: ts.Node, name: ts.Node | undefined, seen: Set<ts.Node>): Frequency {
    if (isStartingUp(name) && !isPrivate(owner)) return 'once';
    const uses = callers.usesOf(owner);
    if (uses?.length) {
      const all = uses.map(({ site }) => of(site, new Set(seen)));
      return all.includes('per-call') ? 'per-call' : all.includes('unknown') ? 'unknown' : 'once';
    }
    const isMember = ts.isMethodDeclaration(owner) || ts.isPropertyDeclaration(owner);
    // Nobody calls it, but a method may be what a framework or another package calls.
    if (isPrivate(owner) || (uses && !isMember)) return 'unknown';
    return isMember || isExported(owner) || takesRequest(owner) ? 'per-call' : 'unknown';
  }

  function ofCallback(
    fn: ts.SignatureDeclaration,
    outer: ts.Node,
    call: ts.CallExpression,
    seen: Set<ts.Node>,
  ): Frequency {
    if (call.expression === outer) return of(call, seen);
    const callee = call.expression;
    const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
    if (transparent.has(name) || targets.guard(call) || targets.call(call)) return of(call, seen);
    return handling.test(name) || takesRequest(fn) ? 'per-call' : 'unknown';
  }

  function isStartingUp(name: ts.Node | undefined): boolean {
    return name !== undefined && startingUp.test(name.getText().replace(/^#/, ''));
  }

  function takesRequest(owner: ts.Node): boolean {
    const value = ts.isVariableDeclaration(owner) && owner.initializer ? owner.initializer : owner;
    if (!ts.isFunctionLike(value)) return false;
    return value.parameters.slice(0, 2).some(({ name }) => ts.isIdentifier(name) && requestLike.test(name.text));
  }

  function isPrivate(owner: ts.Node): boolean {
    if (!ts.isMethodDeclaration(owner) && !ts.isPropertyDeclaration(owner)) return false;
    if (ts.isPrivateIdentifier(owner.name)) return true;
    return ts.getModifiers(owner)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false;
  }

  function isExported(owner: ts.Node): boolean {
    const statement = ts.isVariableDeclaration(owner) ? owner.parent.parent : owner;
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  }
}
