import type { DependencyKind, Effect, PolicyKind } from '../catalogue/catalogue.js';
import type { TimeoutState } from '../outbound.js';
import {
  targetsOf,
  type CallGraph,
  type CallSite,
  type GraphFunction,
  type GraphPolicy,
  type Place,
} from './call-graph.js';
import { createFigures, type Figures } from './figures.js';
import { most, type Limit } from './limits.js';

/** How much at most; `unbounded` where nothing limits it. Absent where that cannot be told. */
export type Bound = number | 'unbounded';

/** A service as its entry points, what they call, and what those calls go to. Plain data, in a stable order. */
export interface ServiceMap {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

export type MapNode = FunctionNode | DependencyNode;

/** A function on the way to a dependency. */
export interface FunctionNode extends Place {
  readonly id: string;
  readonly kind: 'function';
  readonly name: string;
  /** What a framework calls it for: `GET /orders`. */
  readonly route?: string;
  /** Nobody in the project calls it, or anyone may. */
  readonly isEntry: boolean;
  /** The longest that all calls it makes take, one after the other, in ms; code in between counts as nothing. */
  readonly worstCase?: Bound;
  /** The same when every failure asks to be left alone for a while (`Retry-After`); only where it is another. */
  readonly worstCaseIfAsked?: Bound;
  readonly reaches: readonly ReachedDependency[];
}

export interface ReachedDependency {
  readonly dependency: string;
  /** How often one call of the function sends the same request at most, by all retries on the way. */
  readonly amplification?: Bound;
  /** On a way that nothing guards. */
  readonly isUnguarded: boolean;
}

/** What calls go to: a host or the setting that names it, or a client package. */
export interface DependencyNode {
  readonly id: string;
  readonly kind: 'dependency';
  readonly name: string;
  readonly dependencyKind: DependencyKind;
  /** The packages that talk to it. */
  readonly modules: readonly string[];
}

/** Nothing guards some way over a call to a dependency; `likely` where that rests on something out of sight. */
export type Gap = 'certain' | 'likely';

/** All calls from one function to another, or to a dependency. */
export interface MapEdge {
  readonly from: string;
  readonly to: string;
  /** Of the worst of its calls. */
  readonly worstCase?: Bound;
  readonly worstCaseIfAsked?: Bound;
  readonly amplification?: Bound;
  readonly gap?: Gap;
  readonly calls: readonly MapCall[];
}

export interface MapCall extends Place {
  /** The callee as written. */
  readonly text: string;
  /** Outermost first. */
  readonly guards: readonly MapGuard[];
  /** Once for each item of something. */
  readonly isRepeated?: true;
  /** Nobody waits for its end. */
  readonly isUnawaited?: true;
  readonly worstCase?: Bound;
  readonly worstCaseIfAsked?: Bound;
  /** How often it is made at most, by the retries around it and those of its client. */
  readonly amplification?: Bound;
  readonly gap?: Gap;
  readonly outbound?: {
    readonly operation: string;
    readonly effect: Effect;
    /** Of the call or its client. */
    readonly timeout: { readonly state: TimeoutState; readonly duration?: number };
    /** How often the client sends it by itself; 1 when it does not retry. */
    readonly attempts?: Bound;
  };
}

/** A policy, with those of its settings that the code says. Durations are in ms. */
export interface MapGuard extends Place {
  readonly kind: PolicyKind;
  readonly name: string;
  readonly timeout?: Bound;
  readonly attempts?: Bound;
  /** The most that all delays between attempts take together. */
  readonly backoff?: Bound;
  readonly backoffIfAsked?: Bound;
  readonly maxElapsed?: Bound;
  readonly wait?: Bound;
  readonly delay?: Bound;
}

/** Puts the graphs of one or several programs together, and works out what follows. */
export function serviceMap(graphs: readonly CallGraph[]): ServiceMap {
  const { functions, sites } = merged(graphs);
  const figures = createFigures(functions, sites);
  const ids = idsOf(functions);
  const dependencies = dependencyNodes(sites);
  const edges = new Map<string, { from: string; to: string; sites: CallSite[] }>();
  for (const site of sites) {
    const from = ids.get(site.from)!;
    const targets = targetsOf(site).map((key) => ids.get(key)!);
    for (const to of site.outbound ? [site.outbound.dependency.id, ...targets] : targets) {
      const edge = edges.get(`${from} ${to}`);
      if (edge) edge.sites.push(site);
      else edges.set(`${from} ${to}`, { from, to, sites: [site] });
    }
  }
  const byOrder = (a: { id: string }, b: { id: string }): number => compare(a.id, b.id);
  return {
    nodes: [
      ...functions.map((node) => functionNode(node, ids.get(node.key)!, figures)).sort(byOrder),
      ...dependencies.sort(byOrder),
    ],
    edges: [...edges.values()]
      .sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to))
      .map(({ from, to, sites }) => edgeOf(from, to, sites, figures)),
  };
}

/** Two programs that share a file each know a part of who calls what. */
function merged(graphs: readonly CallGraph[]): { functions: GraphFunction[]; sites: CallSite[] } {
  const functions = new Map<string, GraphFunction>();
  const sites = new Map<string, CallSite>();
  for (const graph of graphs) {
    for (const node of graph.functions) {
      const known = functions.get(node.key);
      functions.set(node.key, known ? { ...node, isEntry: known.isEntry && node.isEntry } : node);
    }
    for (const site of graph.sites) {
      const known = sites.get(site.key);
      const union = (list: 'callees' | 'handed' | 'kept'): string[] => [
        ...new Set([...(known?.[list] ?? []), ...site[list]]),
      ];
      sites.set(site.key, {
        ...known,
        ...site,
        callees: union('callees'),
        handed: union('handed'),
        kept: union('kept'),
      });
    }
  }
  const inOrder = (a: Place, b: Place): number => compare(a.file, b.file) || a.line - b.line || a.column - b.column;
  return { functions: [...functions.values()].sort(inOrder), sites: [...sites.values()].sort(inOrder) };
}

/** A name that another function of the file has as well is counted. */
function idsOf(functions: readonly GraphFunction[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  return new Map(
    functions.map(({ key, file, name, route }) => {
      const id = key === file ? file : `${file}#${route ?? name}`;
      const count = (counts.get(id) ?? 0) + 1;
      counts.set(id, count);
      return [key, count === 1 ? id : `${id}~${String(count)}`];
    }),
  );
}

function dependencyNodes(sites: readonly CallSite[]): DependencyNode[] {
  const nodes = new Map<string, DependencyNode>();
  for (const { outbound } of sites) {
    if (!outbound) continue;
    const { id, name, kind, module } = outbound.dependency;
    const modules = [...new Set([...(nodes.get(id)?.modules ?? []), module])].sort(compare);
    nodes.set(id, { id, kind: 'dependency', name, dependencyKind: kind, modules });
  }
  return [...nodes.values()];
}

function functionNode(node: GraphFunction, id: string, figures: Figures): FunctionNode {
  const { name, route, isEntry, file, line, column } = node;
  return {
    id,
    kind: 'function',
    name,
    ...(route === undefined ? {} : { route }),
    isEntry,
    file,
    line,
    column,
    ...worstCases(figures.timeOf(node.key, false), figures.timeOf(node.key, true)),
    reaches: figures.reachedFrom(node.key).map(({ dependency, attempts, isUnguarded }) => ({
      dependency,
      ...bound('amplification', attempts),
      isUnguarded,
    })),
  };
}

function edgeOf(from: string, to: string, sites: readonly CallSite[], figures: Figures): MapEdge {
  const worst = (of: (site: CallSite) => Limit): Limit => sites.map(of).reduce(most, 0);
  const gaps = sites.flatMap((site) => figures.gapAt(site) ?? []);
  return {
    from,
    to,
    ...worstCases(
      worst((site) => figures.timeAt(site, false)),
      worst((site) => figures.timeAt(site, true)),
    ),
    ...bound('amplification', worst(figures.attemptsAt)),
    ...(gaps.length > 0 ? { gap: gaps.includes('certain') ? 'certain' : 'likely' } : {}),
    calls: sites.map((site) => callOf(site, figures)),
  };
}

function callOf(site: CallSite, figures: Figures): MapCall {
  const { file, line, column, text, layers, outbound } = site;
  const gap = figures.gapAt(site);
  return {
    file,
    line,
    column,
    text,
    guards: layers.flatMap(({ policies = [] }) => policies.map(guardOf)),
    ...(site.isRepeated ? { isRepeated: true } : {}),
    ...(site.isWaitedFor ? {} : { isUnawaited: true }),
    ...worstCases(figures.timeAt(site, false), figures.timeAt(site, true)),
    ...bound('amplification', figures.attemptsAt(site)),
    ...(gap ? { gap } : {}),
    ...(outbound && {
      outbound: {
        operation: outbound.operation,
        effect: outbound.effect,
        timeout: {
          state: outbound.timeoutState,
          ...(outbound.timeoutState === 'none' || outbound.timeout === undefined ? {} : { duration: outbound.timeout }),
        },
        ...bound('attempts', outbound.attempts),
      },
    }),
  };
}

function guardOf({ kind, name, file, line, column, ...limits }: GraphPolicy): MapGuard {
  return {
    kind,
    name,
    file,
    line,
    column,
    ...bound('timeout', limits.timeout),
    ...bound('attempts', limits.attempts),
    ...bound('backoff', limits.backoff),
    ...(limits.backoffAfterAsking === limits.backoff ? {} : bound('backoffIfAsked', limits.backoffAfterAsking)),
    ...(limits.maxElapsed === Infinity ? {} : bound('maxElapsed', limits.maxElapsed)),
    ...bound('wait', limits.wait || undefined),
    ...bound('delay', limits.delay),
  };
}

function worstCases(time: Limit, ifAsked: Limit): { worstCase?: Bound; worstCaseIfAsked?: Bound } {
  return { ...bound('worstCase', time), ...(ifAsked === time ? {} : bound('worstCaseIfAsked', ifAsked)) };
}

function bound<Name extends string>(name: Name, limit: Limit): { [key in Name]?: Bound } {
  if (limit === undefined) return {};
  return { [name]: limit === Infinity ? 'unbounded' : limit } as { [key in Name]?: Bound };
}

/** By code units: the same everywhere, whatever the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
