import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { CallLike } from '../facts/file-facts.js';
import { evidenceOf, shorten } from '../location.js';
import type { Outbound } from '../outbound.js';
import { unwrap } from '../resolver/unwrap.js';
import type { TypeScript } from '../typescript.js';
import type { Reached } from './reachable.js';
import { isInside, type Region } from './regions.js';

/** One call on the way from a guard to an outbound call, and the code that it is part of. */
export interface Step {
  readonly node: ts.Node;
  /** The guarded operation, or the body of the function that the step before calls. */
  readonly code: ts.Node;
}

/** An outbound call that runs under a guard, and how the guarded operation gets there. */
export interface GuardedWay {
  readonly region: Region;
  readonly outbound: Outbound;
  /** The calls that lead there, the outermost first; empty when the operation makes the call itself. */
  readonly path: readonly CallLike[];
  /** Those calls and the outbound call. */
  readonly steps: readonly Step[];
  /** The guard is in a helper of the project, which is handed the operation and may do more with it. */
  readonly isInHelper: boolean;
}

type Tools = Pick<Analysis, 'ts' | 'facts' | 'regions' | 'callers' | 'reachable' | 'outbound'>;

/** The outbound calls that run under the guards of a file, those in other files too, each by a shortest way. */
export function* guardedWays(
  file: ts.SourceFile,
  tools: Tools,
  isMeant: (region: Region) => boolean,
): Iterable<GuardedWay> {
  const { facts, regions, reachable } = tools;
  const { calls, decorators } = facts(file);
  const seen = new Map<ts.Node, Set<ts.Node>>();
  const isNew = (region: Region, { node }: Outbound): boolean => {
    const known = seen.get(region.node) ?? new Set();
    seen.set(region.node, known);
    return !known.has(node) && Boolean(known.add(node));
  };
  for (const place of [...decorators, ...calls]) {
    const region = regions.at(place);
    if (!region || region.form === 'attaches' || !isMeant(region)) continue;
    const start = codeOf(region.operation, tools);
    for (const reached of reachable.from(region.operation)) {
      const steps = stepsOf(reached, start, tools);
      if (steps && isNew(region, reached.outbound)) yield { region, ...reached, steps, isInHelper: false };
    }
  }
  const outbounds = new Map(tools.outbound(file).map((outbound) => [outbound.node as ts.Node, outbound]));
  for (const call of calls) {
    for (const region of regions.around(call).regions) {
      // A guard that is written around the call was looked at above: these are the hand-written ones, and those inside helpers.
      const isAround = isHandWritten(region) || region.form === 'operator';
      if (!isAround && isInside(call, region.operation)) continue;
      if (!isMeant(region)) continue;
      const outbound = outbounds.get(call);
      const isInHelper = !isInside(call, region.operation);
      const first = { node: call, code: isInHelper ? call : region.operation };
      if (outbound) {
        if (isNew(region, outbound)) yield { region, outbound, path: [], steps: [first], isInHelper };
        continue;
      }
      for (const callee of reachable.calleesOf(call)) {
        if (isInside(callee, first.code)) continue;
        for (const reached of reachable.from(callee)) {
          const steps = stepsOf(reached, callee.body!, tools);
          if (!steps || !isNew(region, reached.outbound)) continue;
          const path = [call, ...reached.path];
          yield { region, outbound: reached.outbound, path, steps: [first, ...steps], isInHelper };
        }
      }
    }
  }
}

export function isHandWritten({ form }: Region): boolean {
  return form === 'loop' || form === 'recursion' || form === 'race' || form === 'breaker';
}

export function codeOf(operation: ts.Node, { ts, reachable }: Pick<Tools, 'ts' | 'reachable'>): ts.Node {
  const node = unwrap(ts, operation);
  if (ts.isFunctionLike(node)) return (node as ts.FunctionLikeDeclaration).body ?? node;
  if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return reachable.functionsOf(node)[0]?.body ?? node;
  return operation;
}

/** The way step by step; `undefined` when part of it only starts something that runs later, outside the guard. */
export function stepsOf({ outbound, path }: Reached, start: ts.Node, tools: Tools): readonly Step[] | undefined {
  return stepsTo(outbound.node, path, start, tools);
}

export function stepsTo(
  place: ts.Node,
  path: readonly CallLike[],
  start: ts.Node,
  tools: Pick<Tools, 'reachable' | 'regions' | 'callers'>,
): readonly Step[] | undefined {
  const steps: Step[] = [];
  let code: ts.Node | undefined = start;
  for (const node of [...path, place]) {
    if (steps.length > 0) {
      const bodies: (ts.Node | undefined)[] = tools.reachable
        .calleesOf(steps.at(-1)!.node as CallLike)
        .map(({ body }) => body);
      code = bodies.find((body) => body && isInside(node, body));
    }
    if (!code || !runsWith(node, code, tools)) return undefined;
    steps.push({ node, code });
  }
  return steps;
}

/** Whether running the code runs the place: not a callback that is kept for later, nor a function that nobody calls there. */
export function runsWith(place: ts.Node, code: ts.Node, tools: Pick<Tools, 'regions' | 'callers'>, depth = 0): boolean {
  const { owner } = tools.regions.around(place);
  if (!owner || owner === code || !isInside(owner, code)) return true;
  if (depth > 4) return false;
  const uses = tools.callers.usesOf(owner) ?? [];
  return uses.some(({ site }) => isInside(site, code) && runsWith(site, code, tools, depth + 1));
}

/** What to call a guard: `@Retry`, `policy.execute`, `retry loop`. */
export function guardName({ node, name }: Region, ts: TypeScript): string {
  if (ts.isDecorator(node)) return `@${name}`;
  return ts.isCallExpression(node) && !/^[\w.]+\(\)$/.test(name) ? shorten(node.expression.getText()) : name;
}

/** The way in words: `load → this.#send → fetch`. */
export function wayText({ path, outbound }: Pick<GuardedWay, 'path' | 'outbound'>, ts: TypeScript): string {
  return [...path.map((step) => evidenceOf(ts, step).text), shorten(outbound.callee.getText())].join(' → ');
}
