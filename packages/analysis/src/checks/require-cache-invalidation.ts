import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { evidenceOf, shorten } from '../location.js';
import { cachesIn, functionOf, type Cache } from '../summaries/caches.js';
import { origin, policyName, settingOf } from '../summaries/policy-settings.js';
import type { Reached } from '../summaries/reachable.js';
import { isInside } from '../summaries/regions.js';
import { resourcesOf } from '../summaries/resources.js';
import type { Check, Judgement } from './check.js';

/** What was changed is answered from the cache as it was before. */
export const requireCacheInvalidation: Check = {
  id: 'require-cache-invalidation',
  code: 770_016,
  harm: 'After a change, callers get what was there before',
  preset: 'strict',
  messages: {
    stale:
      '`{{cached}}` keeps the answer of `{{reader}}` for {{ttl}}, `{{writer}}` changes what it reads, and nothing invalidates the answer.',
  },
  *judge(file, analysis) {
    for (const cache of cachesIn(file, analysis)) {
      const ttl = settingOf(cache.policy, 'ttl', analysis);
      const isShort = typeof ttl.value === 'number' && ttl.value <= shortest;
      const isKeptElsewhere = settingOf(cache.policy, 'store', analysis).state !== 'absent';
      if (isShort || isKeptElsewhere || isInvalidated(cache, analysis)) continue;
      const judgement = staleAfter(cache, ttl.value, analysis);
      if (judgement) yield judgement;
    }
  },
};

/** Who can live with a result this old, in ms, needs no invalidation. */
const shortest = 5_000;

function staleAfter(cache: Cache, ttl: unknown, analysis: Analysis): Judgement | undefined {
  const { ts, reachable } = analysis;
  const reads = reachable.from(cache.operation).filter(({ outbound }) => outbound.effect === 'read');
  const read = new Map(
    reads.flatMap((reached) => resourcesOf(reached.outbound, analysis).map((name) => [name, reached] as const)),
  );
  if (read.size === 0) return undefined;
  for (const neighbour of neighboursOf(cache, analysis)) {
    for (const written of reachable.from(neighbour)) {
      const { effect } = written.outbound;
      if (effect !== 'write' && effect !== 'idempotent-write') continue;
      const name = resourcesOf(written.outbound, analysis).find((resource) => read.has(resource));
      if (name === undefined) continue;
      const path = [cache.node, ...wayTo(read.get(name)!), nameable(neighbour, ts), ...wayTo(written)];
      const data = {
        cached: policyName(cache.policy),
        reader: shorten(read.get(name)!.outbound.callee.getText()),
        writer: evidenceOf(ts, nameable(neighbour, ts)).text,
        ttl: typeof ttl !== 'number' ? 'its time to live' : ttl === Infinity ? 'ever' : `${String(ttl / 1_000)} s`,
      };
      return { at: cache.node, messageId: 'stale', data, path };
    }
  }
  return undefined;
}

function wayTo({ path, outbound }: Reached): readonly ts.Node[] {
  return [...path, outbound.callee];
}

/** The other methods of the class, or the other functions of the file. */
function neighboursOf({ operation }: Cache, analysis: Analysis): readonly ts.Node[] {
  const { ts } = analysis;
  const own = functionOf(operation, analysis);
  const isOwn = (node: ts.Node): boolean =>
    own !== undefined && (node === own || isInside(own, node) || isInside(operation, node));
  const owner = operation.parent;
  if (ts.isClassLike(owner)) return owner.members.filter((member) => !isOwn(member) && isFunctionMember(member, ts));
  return operation.getSourceFile().statements.flatMap((statement): readonly ts.Node[] => {
    if (ts.isFunctionDeclaration(statement)) return isOwn(statement) ? [] : [statement];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ initializer }) =>
      initializer && ts.isFunctionLike(initializer) && !isOwn(initializer) ? [initializer] : [],
    );
  });
}

function isFunctionMember(member: ts.Node, ts: Analysis['ts']): boolean {
  if (ts.isMethodDeclaration(member)) return true;
  return ts.isPropertyDeclaration(member) && member.initializer !== undefined && ts.isFunctionLike(member.initializer);
}

function nameable(node: ts.Node, ts: Analysis['ts']): ts.Node {
  return ts.isVariableDeclaration(node.parent) ? node.parent : node;
}

/** Somebody calls `invalidate` or `clear` of the policy, or may: it is handed to others. */
function isInvalidated(cache: Cache, analysis: Analysis): boolean {
  const { ts, facts, ownFiles, regions } = analysis;
  const { node: made } = origin(cache.policy, analysis);
  for (const file of ownFiles()) {
    for (const name of ['invalidate', 'clear']) {
      for (const mention of facts(file).mentions.get(name) ?? []) {
        const access = mention.parent;
        if (!ts.isPropertyAccessExpression(access) || access.name !== mention) continue;
        const policies = regions.policiesOf(access.expression);
        // A receiver that cannot be read may be this very cache.
        if (
          policies.length === 0
            ? /cache/i.test(access.expression.getText())
            : policies.some(({ node }) => node === made)
        )
          return true;
      }
    }
  }
  return false;
}
