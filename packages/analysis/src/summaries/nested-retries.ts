import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { CallLike } from '../facts/file-facts.js';
import type { Outbound } from '../outbound.js';
import { methodEffect } from '../resolver/operation.js';
import { attachedTo } from './attached-retries.js';
import { codeOf, guardName, isHandWritten, stepsTo } from './guarded-ways.js';
import { attemptsOf } from './policy-settings.js';
import { isInside, type Region } from './regions.js';
import { failsOut } from './repeated-effects.js';
import { mostAttempts, retryOf, type RetrySite } from './retries.js';

/** A retry within what another retry repeats. */
export interface NestedRetry {
  /** What to point at, and what to call it. */
  readonly node: ts.Node;
  readonly name: string;
  readonly path: readonly CallLike[];
  /** How often it tries at most; `undefined` when that cannot be read. */
  readonly attempts: number | undefined;
  /** A client that repeats by itself: because the code says so, or by default. */
  readonly client?: 'set' | 'default' | 'reconnecting';
}

/** The retries that one attempt of a retry may run, each by a shortest way. */
export function nestedRetries(site: RetrySite, tools: Analysis): readonly NestedRetry[] {
  const found = new Map<ts.Node, NestedRetry>();
  const start = codeOf(site.operation, tools);
  const around = outerNodes(site, tools);
  const add = (nested: NestedRetry, place: ts.Node): void => {
    const steps = found.has(nested.node) ? undefined : stepsTo(place, nested.path, start, tools);
    if (steps && failsOut(steps, tools)) found.set(nested.node, nested);
  };
  for (const other of site.region.policies.filter(({ kind }) => kind === 'retry').slice(1)) {
    found.set(other.node, {
      node: other.node,
      name: other.row?.name ?? 'retry',
      path: [],
      attempts: attemptsOf(other, tools),
    });
  }
  for (const { call, path } of tools.reachable.callsFrom(site.operation)) {
    const own = tools.regions.at(call);
    for (const region of [...(own ? [own] : []), ...tools.regions.around(call).regions]) {
      if (around.has(region.node) || region.form === 'attaches') continue;
      const policy = retryOf(region, tools);
      // A helper that has the retry is called on the way, and is found there.
      if (!policy || !(region === own || isInside(call, region.operation) || region.form === 'decorator')) continue;
      const name = guardName(region, tools.ts);
      add({ node: shownNode(region, tools), name, path, attempts: mostAttempts({ region, policy }, tools) }, call);
    }
  }
  for (const { outbound, path } of tools.reachable.from(site.operation)) {
    const client = clientRetry(outbound, tools);
    if (client) add({ ...client, path }, outbound.node);
  }
  return [...found.values()];
}

/** The retries around the retry itself. */
function outerNodes({ region, at }: RetrySite, { ts, facts, regions }: Analysis): ReadonlySet<ts.Node> {
  const nodes = new Set<ts.Node>([region.node]);
  if (!ts.isDecorator(region.node)) {
    for (const outer of regions.around(isHandWritten(region) ? region.node : at).regions) nodes.add(outer.node);
    return nodes;
  }
  for (const other of facts(region.node.getSourceFile()).decorators) {
    if (other.parent === region.node.parent && other.pos < region.node.pos) nodes.add(other);
  }
  return nodes;
}

function shownNode({ node }: Region, { ts }: Analysis): ts.Node {
  return ts.isCallExpression(node) ? node.expression : node;
}

/** What a client does by itself, or by a retry that was put on it. */
export function clientRetry(outbound: Outbound, tools: Analysis): Omit<NestedRetry, 'path'> | undefined {
  const { ownRetries, operation, callee, target } = outbound;
  const attached = attachedTo(outbound, tools);
  if (attached) {
    const name = attached.call.getText().replace(/\([\s\S]*/, '');
    return { node: attached.call, name, attempts: attemptsOf(attached.policy, tools), client: 'set' };
  }
  if (!ownRetries) return undefined;
  const { effects, count, isSet, kind, node } = ownRetries;
  // Clients go by the method, whatever key is sent along.
  const effect = operation.method === undefined ? operation.effect : methodEffect(operation.method);
  const repeats = effects === 'all' || effect === 'read' || (effects === 'idempotent' && effect === 'idempotent-write');
  if (!repeats) return undefined;
  return {
    node: node ?? callee,
    name: target.module,
    attempts: count === undefined ? undefined : count + 1,
    client: kind === 'reconnecting' ? 'reconnecting' : isSet ? 'set' : 'default',
  };
}
