import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { withoutDecorator } from '../edits.js';
import { argumentsOf } from '../facts/file-facts.js';
import { evidenceOf, shorten } from '../location.js';
import type { Outbound } from '../outbound.js';
import { verbEffect } from '../resolver/operation.js';
import { cachesIn, type Cache } from '../summaries/caches.js';
import { policyName } from '../summaries/policy-settings.js';
import type { Reached } from '../summaries/reachable.js';
import { isWrite } from '../summaries/writes.js';
import type { Check, Judgement } from './check.js';

/** A call that is answered from a cache does nothing, which is right for a question and wrong for an order. */
export const noCachedMutation: Check = {
  id: 'no-cached-mutation',
  code: 770_014,
  harm: 'The second write never happens, and its caller is told that it did',
  preset: 'recommended',
  messages: {
    cachedWrite:
      '`{{cached}}` is over `{{call}}`, which writes: until the result expires, the same call writes nothing.',
    cachedWritePath:
      '`{{cached}}` is over `{{call}}`, which writes, on the way `{{way}}`: until the result expires, the same call writes nothing.',
    removeDecorator: 'Remove `{{cached}}`',
  },
  *judge(file, analysis) {
    for (const cache of cachesIn(file, analysis)) {
      const writes = analysis.reachable.from(cache.operation).filter(({ outbound }) => changes(outbound));
      const sure = writes.find(({ outbound }) => !mayBeQuestion(outbound, cache, analysis));
      const write = sure ?? writes[0];
      if (write) yield judgementOf(cache, write, sure !== undefined, analysis);
    }
  },
};

/** What an operation puts into a cache of its own is part of answering. */
function changes(outbound: Outbound): boolean {
  return outbound.kind !== 'cache' && isWrite(outbound);
}

const questions =
  /token|oauth|auth|login|session|search|query|graphql|find|lookup|validate|verify|check|estimate|quote|preview|calculate|generate|complet|embed|chat|predict|infer|translat/i;

/** Some questions are asked with POST, or by a verb that says little. */
function mayBeQuestion(
  { node, target, operation, kind }: Outbound,
  cache: Cache,
  { ts, operations }: Analysis,
): boolean {
  const { effect } = target.row;
  if (target.isInferred) return true;
  if (typeof effect === 'object' && ('verb' in effect || 'command' in effect)) {
    const said = 'verb' in effect ? (target.member ?? target.type) : node.getText();
    return /\b(?:new\s+\w+\.)?(?:invoke|converse|execute|start|run|generate|create(?=\W|$))/i.test(said);
  }
  if (kind !== 'http' || operation.method !== 'POST') return false;
  const url = ts.isAwaitExpression(node) ? undefined : operations.textOf(argumentsOf(node)[0]);
  const name = evidenceOf(ts, cache.operation).text.split('.').at(-1)!;
  return url === undefined || questions.test(url) || verbEffect(name) === 'read' || questions.test(name);
}

function judgementOf(cache: Cache, { outbound, path }: Reached, isSure: boolean, analysis: Analysis): Judgement {
  const { ts } = analysis;
  const call = shorten(outbound.callee.getText());
  const cached = policyName(cache.policy);
  const way = [...path.map((step) => evidenceOf(ts, step).text), call].join(' → ');
  const isDecorator = ts.isDecorator(cache.node) && cache.policy.row?.form === 'decorator';
  return {
    at: cache.node,
    messageId: path.length > 0 ? 'cachedWritePath' : 'cachedWrite',
    data: { cached, call, way },
    ...(isSure ? {} : { confidence: 'likely' as const }),
    path: [cache.node, ...path, outbound.callee],
    fixes: isDecorator
      ? [{ messageId: 'removeDecorator', data: { cached }, edits: [withoutDecorator(cache.node as ts.Decorator)] }]
      : [],
  };
}
