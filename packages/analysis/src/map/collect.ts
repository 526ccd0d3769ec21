import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { unguarded } from '../checks/no-unguarded-outbound-call.js';
import { readIgnores } from '../facts/ignores.js';
import { calleeOf } from '../facts/file-facts.js';
import { evidenceOf, written } from '../location.js';
import type { Outbound } from '../outbound.js';
import { rewrap } from '../resolver/unwrap.js';
import { guardName } from '../summaries/guarded-ways.js';
import { policyName } from '../summaries/policy-settings.js';
import { isInside, type Region } from '../summaries/regions.js';
import { clientLimits } from './client-limits.js';
import type { CallGraph, CallSite, GraphFunction, GraphOutbound, GraphPolicy, Layer, Place } from './call-graph.js';
import { createCallersInSight, type CallerSite } from './callers-in-sight.js';
import { dependencyOf } from './dependency.js';
import { isIterating, isTogether } from './iteration.js';
import { policyLimits } from './policy-limits.js';
import { handlerAround, routeOf } from './routes.js';
import { wrappedAround } from './wrapped.js';

/** The outbound calls of some files, and all ways to them, up to what nobody calls. */
export function collect(
  files: readonly ts.SourceFile[],
  tools: Analysis,
  nameOf: (file: string) => string,
  attempt: (file: ts.SourceFile, work: () => void) => void,
): CallGraph {
  const { ts, regions } = tools;
  const functions = new Map<string, GraphFunction>();
  const sites = new Map<string, CallSite>();
  const callersInSight = createCallersInSight(tools);
  const queue: ts.Node[] = [];

  for (const file of files) {
    attempt(file, () => {
      for (const outbound of tools.outbound(file)) addOutbound(outbound);
    });
  }
  for (const owner of queue) {
    if (isHandler(owner)) continue;
    attempt(owner.getSourceFile(), () => {
      for (const caller of callersInSight.of(owner)) addCaller(caller, keyOf(owner));
    });
  }
  return { functions: [...functions.values()], sites: [...sites.values()] };

  function addOutbound(outbound: Outbound): void {
    const site = siteAt(outbound.node, ownerOf(outbound.node), regions.around(outbound.node).regions);
    sites.set(site.key, { ...site, text: written(outbound.callee).text, outbound: outboundFacts(outbound) });
  }

  function addCaller({ site, region, role }: CallerSite, callee: string): void {
    const key = keyOf(site);
    const around = regions.around(site).regions;
    const known = sites.get(key) ?? siteAt(site, ownerOf(site), region ? [region, ...around] : around);
    const list = role === 'called' ? 'callees' : role;
    if (!known[list].includes(callee)) sites.set(key, { ...known, [list]: [...known[list], callee] });
  }

  /** The function, module or handler that runs a place. */
  function ownerOf(place: ts.Node): string {
    const { owner } = regions.around(place);
    const node =
      handlerAround(place, owner, tools) ?? wrappedAround(place, owner, tools) ?? owner ?? place.getSourceFile();
    const key = keyOf(node);
    if (!functions.has(key)) {
      functions.set(key, functionFacts(node, key));
      queue.push(node);
    }
    return key;
  }

  function functionFacts(node: ts.Node, key: string): GraphFunction {
    const file = node.getSourceFile();
    if (ts.isSourceFile(node)) {
      const name = nameOf(file.fileName);
      return { key, name: name.slice(name.lastIndexOf('/') + 1), isEntry: true, file: name, line: 1, column: 1 };
    }
    const route = routeOf(node, tools);
    const isEntry = isHandler(node) || callersInSight.isEntry(node);
    const { text } = evidenceOf(ts, node);
    const name = isHandler(node) ? handlerName(node) : text;
    return { key, name, ...(isEntry && route !== undefined ? { route } : {}), isEntry, ...placeOf(node) };
  }

  /** Written where it is handed over: nobody can call it by a name. */
  function isHandler(node: ts.Node): boolean {
    return (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && !node.name;
  }

  /** `process.nextTick in Mailer.send` */
  function handlerName(node: ts.Node): string {
    const call = rewrap(ts, node).parent;
    const { owner } = regions.around(call);
    const within = owner ? evidenceOf(ts, owner).text : nameOf(node.getSourceFile().fileName).replace(/^.*\//, '');
    return ts.isCallExpression(call) ? `${written(call.expression).text} in ${within}` : within;
  }

  function siteAt(node: ts.Node, from: string, around: readonly Region[]): CallSite {
    const loops = loopsAround(node);
    const handler = handlerAround(node, regions.around(node).owner, tools);
    return {
      key: keyOf(node),
      from,
      ...placeOf(node),
      text: written(ts.isCallExpression(node) || ts.isNewExpression(node) ? calleeOf(node) : node).text,
      layers: layersOf(
        node,
        // What is around a handler is over when the handler runs.
        around.filter(({ operation }) => !handler || !isInside(handler, operation)),
        loops.filter((loop) => !ts.isCallExpression(loop) || !isTogether(loop, ts)),
      ),
      isUncertain: regions.around(node).isUncertain || isDecoratedUnseen(regions.around(node).owner),
      isRepeated: loops.length > 0 || isIterating(node, ts),
      isWaitedFor: rewrap(ts, node).parent.kind !== ts.SyntaxKind.VoidExpression,
      callees: [],
      handed: [],
      kept: [],
    };
  }

  /** A decorator of a package that nobody described may repeat what it decorates. */
  function isDecoratedUnseen(owner: ts.Node | undefined): boolean {
    const decorators = owner && ts.canHaveDecorators(owner) ? (ts.getDecorators(owner) ?? []) : [];
    return decorators.some(({ expression }) => {
      const meaning = tools.meanings.of(ts.isCallExpression(expression) ? expression.expression : expression);
      return meaning?.kind === 'export' && meaning.module !== 'global' && !tools.catalogue.module(meaning.module);
    });
  }

  /** Guards and loops, outermost first. A loop counts as around every guard that does not surely surround it. */
  function layersOf(node: ts.Node, around: readonly Region[], loops: readonly ts.Node[]): Layer[] {
    const layers = around.map((region): { readonly layer: Layer; readonly region?: Region } => ({
      layer: {
        // A helper that has the guard puts it around each call that is handed to it anew.
        key: isInside(node, region.operation) ? keyOf(region.node) : `${keyOf(region.node)} ${keyOf(node)}`,
        policies: policiesOf(region),
      },
      region,
    }));
    for (const loop of loops) {
      const outer = layers.findIndex(
        ({ region }) => region && region.node !== loop && isInside(loop, region.operation),
      );
      // A loop that is a retry is one of the guards.
      if (layers.some(({ region }) => region?.node === loop)) continue;
      layers.splice(outer < 0 ? layers.length : outer, 0, { layer: { key: keyOf(loop) } });
    }
    return layers.map(({ layer }) => layer).reverse();
  }

  function policiesOf(region: Region): GraphPolicy[] {
    if (region.policies.length === 0) {
      return [{ kind: 'guard', name: guardName(region, ts), ...placeOf(region.node) }];
    }
    return region.policies.map((policy) => ({
      ...policyLimits(policy, region, tools),
      name: policy.row ? policyName(policy) : region.name,
      ...placeOf(policy.node),
    }));
  }

  /** What may run a place more than once, within its own function, the innermost first. */
  function loopsAround(place: ts.Node): ts.Node[] {
    const { owner } = regions.around(place);
    const loops: ts.Node[] = [];
    for (let node = place; node.parent && node !== owner; node = node.parent) {
      const { parent } = node;
      if (ts.isIterationStatement(parent, false)) {
        const isOnce = ts.isForStatement(parent)
          ? parent.initializer === node
          : ts.isForOfStatement(parent) && !parent.awaitModifier && parent.expression === node;
        if (!isOnce) loops.push(parent);
      } else if (ts.isFunctionLike(node)) {
        const call = rewrap(ts, node).parent;
        if (isIterating(call, ts)) loops.push(call);
      }
    }
    return loops;
  }

  function outboundFacts(outbound: Outbound): GraphOutbound {
    const { operation, target, timeout } = outbound;
    const gap = gapOf(outbound);
    return {
      dependency: dependencyOf(outbound, tools),
      operation: operation.method ?? target.member ?? target.type,
      effect: operation.effect,
      timeoutState: timeout,
      ...clientLimits(outbound, tools),
      ...(gap ? { gap } : {}),
    };
  }

  /** As the rule says it. What a comment lets pass is none. */
  function gapOf(outbound: Outbound): GraphOutbound['gap'] {
    const answer = unguarded(outbound);
    if (!answer) return undefined;
    const places = [outbound.callee, ...(outbound.client ? [calleeOf(outbound.client.creation)] : [])];
    const isIgnored = places.some((node) => {
      const { line } = written(node);
      return readIgnores(ts, node.getSourceFile()).some(
        (ignore) => ignore.ruleId === 'no-unguarded-outbound-call' && ignore.line === line && ignore.reason !== '',
      );
    });
    return isIgnored ? undefined : answer === 'sure' ? 'certain' : 'likely';
  }

  function placeOf(node: ts.Node): Place {
    const { file, line, column } = written(ts.isDecorator(node) ? node : nameNode(node));
    return { file: nameOf(file), line, column };
  }

  function nameNode(node: ts.Node): ts.Node {
    return (node as Partial<ts.NamedDeclaration>).name ?? node;
  }

  function keyOf(node: ts.Node): string {
    const file = node.getSourceFile();
    if (ts.isSourceFile(node)) return nameOf(file.fileName);
    return `${nameOf(file.fileName)}:${String(node.getStart(file))}-${String(node.end)}`;
  }
}
