import { targetsOf, type CallSite, type GraphFunction, type Layer } from './call-graph.js';
import { components } from './components.js';
import { attemptsUnder, most, plus, times, timeUnder, type Limit } from './limits.js';

export interface Reached {
  readonly dependency: string;
  readonly attempts: Limit;
  readonly isUnguarded: boolean;
}

/** What follows from a call graph. */
export interface Figures {
  /** How long one run of a function takes at most. */
  timeOf(key: string, isAskedToWait: boolean): Limit;
  /** How long one call takes at most, under everything around it in its function. */
  timeAt(site: CallSite, isAskedToWait: boolean): Limit;
  /** How often the call is made at most for one run of its function, by retries alone. */
  attemptsAt(site: CallSite): Limit;
  reachedFrom(key: string): readonly Reached[];
  /** Whether a call is on a way from an entry to a dependency that nothing guards. */
  gapAt(site: CallSite): 'certain' | 'likely' | undefined;
}

export function createFigures(functions: readonly GraphFunction[], sites: readonly CallSite[]): Figures {
  const bySource = grouped(sites, ({ from }) => [from]);
  const from = (key: string): readonly CallSite[] => bySource.get(key) ?? [];
  const circles = components(
    functions.map(({ key }) => key),
    (key) => from(key).flatMap(targetsOf),
  );
  const circleOf = new Map(circles.flatMap((circle) => circle.map((key) => [key, circle] as const)));
  const isBack = (site: CallSite, target: string): boolean => circleOf.get(site.from) === circleOf.get(target);

  const longest = new Map([false, true].map((isAskedToWait) => [isAskedToWait, new Map<string, Limit>()]));
  const reached = new Map<string, ReadonlyMap<string, Limit>>();
  // What is called comes before who calls it.
  for (const circle of circles) {
    for (const [isAskedToWait, known] of longest) {
      for (const key of circle) known.set(key, together(from(key), 0, isAskedToWait));
    }
    const reach = reachOf(circle);
    for (const key of circle) reached.set(key, reach);
  }
  const gaps = gapsOf(functions, sites);
  const unguarded = new Map<string, ReadonlySet<string>>();

  return {
    timeOf: (key, isAskedToWait) => longest.get(isAskedToWait)!.get(key),
    timeAt: (site, isAskedToWait) => together([{ ...site, isWaitedFor: true }], 0, isAskedToWait),
    attemptsAt,
    reachedFrom(key) {
      return [...reached.get(key)!]
        .map(([dependency, attempts]) => ({ dependency, attempts, isUnguarded: unguardedFrom(key).has(dependency) }))
        .sort((a, b) => (a.dependency < b.dependency ? -1 : 1));
    },
    gapAt: (site) => gaps.get(site),
  };

  /** One call after the other, from some layer inwards: a guard around several of them holds for all together. */
  function together(calls: readonly CallSite[], depth: number, isAskedToWait: boolean): Limit {
    let total: Limit = 0;
    const inside = new Map<string, CallSite[]>();
    for (const site of calls) {
      if (!site.isWaitedFor) continue;
      // What cannot be seen is around all that can.
      const layer = site.layers[depth];
      if (site.isUncertain) total = plus(total, undefined);
      else if (!layer) total = plus(total, alone(site, isAskedToWait));
      else inside.set(layer.key, [...(inside.get(layer.key) ?? []), site]);
    }
    for (const group of inside.values()) {
      total = plus(total, under(group[0]!.layers[depth]!, together(group, depth + 1, isAskedToWait), isAskedToWait));
    }
    return total;
  }

  function under({ policies }: Layer, time: Limit, isAskedToWait: boolean): Limit {
    if (!policies) return time === 0 || time === Infinity ? time : undefined;
    return policies.reduceRight<Limit>((inner, policy) => timeUnder(policy, inner, { isAskedToWait }), time);
  }

  function alone(site: CallSite, isAskedToWait: boolean): Limit {
    const timeOf = (key: string): Limit => (isBack(site, key) ? undefined : longest.get(isAskedToWait)!.get(key));
    const called = site.callees.map(timeOf).reduce<Limit>(most, 0);
    const handed = site.handed.map(timeOf).reduce<Limit>(plus, 0);
    const kept = site.kept.map((key) => times(undefined, timeOf(key))).reduce<Limit>(plus, 0);
    return [called, handed, kept, site.outbound ? site.outbound.time : 0].reduce<Limit>(plus, 0);
  }

  function attemptsAt({ layers, outbound, isUncertain, kept, isRepeated }: CallSite): Limit {
    if (isUncertain || (kept.length > 0 && !isRepeated)) return undefined;
    return layers
      .flatMap(({ policies = [] }) => policies.map(attemptsUnder))
      .reduce<Limit>(times, outbound ? outbound.attempts : 1);
  }

  function reachOf(circle: readonly string[]): ReadonlyMap<string, Limit> {
    const reach = new Map<string, Limit>();
    const add = (dependency: string, attempts: Limit): void =>
      void reach.set(dependency, reach.has(dependency) ? most(reach.get(dependency), attempts) : attempts);
    let isMultiplying = false;
    for (const site of circle.flatMap(from)) {
      const attempts = attemptsAt(site);
      if (site.outbound) add(site.outbound.dependency.id, attempts);
      for (const target of targetsOf(site)) {
        if (isBack(site, target)) isMultiplying ||= attempts !== 1;
        else for (const [dependency, more] of reached.get(target)!) add(dependency, times(attempts, more));
      }
    }
    // Each time round the circle multiplies once more.
    return isMultiplying ? new Map([...reach.keys()].map((dependency) => [dependency, undefined])) : reach;
  }

  /** The dependencies at the end of ways from a function that nothing guards. */
  function unguardedFrom(key: string): ReadonlySet<string> {
    let known = unguarded.get(key);
    if (known) return known;
    const found = new Set<string>();
    const queue = [key];
    const seen = new Set(queue);
    for (const step of queue) {
      for (const site of from(step)) {
        if (!gaps.has(site)) continue;
        if (site.outbound) found.add(site.outbound.dependency.id);
        queue.push(...targetsOf(site).filter((target) => !seen.has(target) && seen.add(target)));
      }
    }
    unguarded.set(key, (known = found));
    return known;
  }
}

/** The calls on ways that nothing guards: an entry leads there, and from there it goes on to an unguarded outbound call. */
function gapsOf(
  functions: readonly GraphFunction[],
  sites: readonly CallSite[],
): ReadonlyMap<CallSite, 'certain' | 'likely'> {
  const bare = sites.filter(({ layers }) => layers.every(({ policies }) => !policies));
  const open = new Set(functions.filter(({ isEntry }) => isEntry).map(({ key }) => key));
  const bySource = grouped(bare, ({ from }) => [from]);
  for (const key of open) {
    for (const site of bySource.get(key) ?? []) for (const target of targetsOf(site)) open.add(target);
  }
  const found = new Map<CallSite, 'certain' | 'likely'>();
  const byTarget = grouped(
    bare.filter(({ from }) => open.has(from)),
    targetsOf,
  );
  for (const certainty of ['certain', 'likely'] as const) {
    const queue = sites.filter(({ outbound }) => outbound?.gap === certainty);
    for (const site of queue) {
      if (!found.has(site)) found.set(site, certainty);
      queue.push(
        ...(byTarget.get(site.from) ?? []).filter((caller) => !found.has(caller) && found.set(caller, certainty)),
      );
    }
  }
  return found;
}

function grouped(sites: readonly CallSite[], keysOf: (site: CallSite) => readonly string[]): Map<string, CallSite[]> {
  const groups = new Map<string, CallSite[]>();
  for (const site of sites) {
    for (const key of keysOf(site)) {
      const group = groups.get(key);
      if (group) group.push(site);
      else groups.set(key, [site]);
    }
  }
  return groups;
}
