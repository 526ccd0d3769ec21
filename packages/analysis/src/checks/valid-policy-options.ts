import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { holdfastOptions } from '../catalogue/guards/holdfast-options.js';
import { withoutDecorator } from '../edits.js';
import type { CallLike } from '../facts/file-facts.js';
import { literalOf, type Literal } from '../resolver/literals.js';
import {
  attemptsOf,
  durationOf,
  isOfRuntime,
  origin,
  policyName,
  settingOf,
  shortestBackoff,
} from '../summaries/policy-settings.js';
import { isOwnPair, policyStacks, type PolicyStack, type StackMember } from '../summaries/policy-stacks.js';
import type { Policy } from '../summaries/regions.js';
import type { Check, Judgement, PlannedFix } from './check.js';

/** A policy with options that cannot work protects nothing, or throws before the first call. */
export const validPolicyOptions: Check = {
  id: 'valid-policy-options',
  code: 770_012,
  harm: 'The policy throws when it is made, or is there and does nothing',
  preset: 'recommended',
  messages: {
    refused: '`{{policy}}` throws when it is made: {{fault}}.',
    oneAttempt: '`{{policy}}` makes one attempt, so it retries nothing.',
    noTime: '`{{policy}}` gives its operation no time: every call fails at once.',
    neverOpens: '`{{policy}}` never opens: the share of failures is never above {{value}} %.',
    noQueue:
      '`queueTimeout` of `{{policy}}` does nothing: without `maxQueue` nobody waits, and who finds no permit is refused.',
    neverStale: '`{{option}}` of `{{policy}}` does nothing: with `ttl: Infinity` no result is ever stale.',
    endsBeforeRetry:
      '`{{outer}}` ends everything after {{limit}} ms: when attempts take their {{inner}} ms, only {{possible}} of {{attempts}} can begin.',
    cutsLastAttempt:
      '`{{outer}}` ends everything after {{limit}} ms, and {{attempts}} attempts of {{inner}} ms can take {{needed}} ms: the last one is cut short.',
    endsBeforeInner:
      '`{{outer}}` ends everything after {{limit}} ms, so the {{inner}} ms of `{{policy}}` inside it never pass.',
    endsBeforeHedge:
      '`{{outer}}` ends everything after {{limit}} ms, so `{{policy}}`, which waits {{inner}} ms, never sends a copy.',
    neverSlow:
      '`{{outer}}` ends everything after {{limit}} ms, so no call ever takes the {{inner}} ms that `{{policy}}` calls slow.',
    clientOutlasts: '`{{call}}` may take {{inner}} ms, but `{{outer}}` around it ends everything after {{limit}} ms.',
    setDuration: 'Allow {{needed}} ms, enough for every attempt',
    removeDecorator: 'Remove `{{policy}}`',
  },
  *judge(file, analysis) {
    const { calls, decorators } = analysis.facts(file);
    for (const node of [...decorators, ...calls]) {
      for (const policy of madeAt(node, analysis)) yield* ofPolicy(policy, node, analysis);
    }
    for (const stack of policyStacks(file, analysis)) yield* ofStack(stack, analysis);
    yield* ofClients(file, analysis);
  },
};

/** The policies whose options are given at a place; one that is handed over is judged where it is made. */
function madeAt(node: CallLike | ts.Decorator, analysis: Analysis): readonly Policy[] {
  const { ts, regions, targets } = analysis;
  const row = (ts.isDecorator(node) ? targets.decorator(node) : targets.guard(node))?.row;
  if (!row || row.policies.length === 0) return [];
  const policies = row.form === 'factory' ? regions.policiesOf(node) : (regions.at(node)?.policies ?? []);
  return policies.filter((policy) => origin(policy, analysis) === policy);
}

function* ofPolicy(policy: Policy, node: ts.Node, analysis: Analysis): Iterable<Judgement> {
  const { ts } = analysis;
  const shown = policyName(policy);
  if (isOfRuntime(policy)) {
    const refused = refusal(policy, analysis);
    if (refused) {
      yield {
        at: refused.at ?? pointAt(node, ts),
        messageId: 'refused',
        data: { policy: shown, fault: refused.fault },
      };
      return;
    }
    yield* ineffective(policy, shown, analysis);
  }
  if (attemptsOf(policy, analysis) === 1) {
    const fixes = ts.isDecorator(node)
      ? [{ messageId: 'removeDecorator', data: { policy: shown }, edits: [withoutDecorator(node)] }]
      : [];
    yield {
      at: settingNode(policy, analysis) ?? pointAt(node, ts),
      messageId: 'oneAttempt',
      data: { policy: shown },
      fixes,
    };
  }
  if (policy.kind === 'timeout' && !isOfRuntime(policy) && !isOff(policy)) {
    const { value, node: at } = settingOf(policy, policy.row?.duration ?? '', analysis);
    if (value === 0 && at) yield { at, messageId: 'noTime', data: { policy: shown } };
  }
  if (policy.kind === 'circuit-breaker' && policy.module === 'opossum') {
    const { value, node: at } = settingOf(policy, 'errorThresholdPercentage', analysis);
    if (typeof value === 'number' && value >= 100 && at) {
      yield { at, messageId: 'neverOpens', data: { policy: shown, value: String(value) } };
    }
  }
}

/** `timeout: 0` of opossum is no timeout at all. */
function isOff({ module }: Policy): boolean {
  return module === 'opossum';
}

function settingNode(policy: Policy, analysis: Analysis): ts.Node | undefined {
  const attempts = policy.row?.attempts;
  const node = attempts === undefined ? undefined : settingOf(policy, attempts, analysis).node;
  return node?.getSourceFile() === policy.node.getSourceFile() ? node : undefined;
}

/** The first thing that the runtime would throw about. */
function refusal(policy: Policy, analysis: Analysis): { readonly fault: string; readonly at?: ts.Node } | undefined {
  const known = holdfastOptions[policy.kind];
  if (!known) return undefined;
  const { name, options } = known;
  for (const [option, { allowed, accepts }] of Object.entries(options)) {
    const { value, node } = settingOf(policy, option, analysis);
    if (value !== undefined && node && !accepts(value)) {
      return { fault: `${name}: ${option} must be ${allowed}, got ${show(value)}`, ...place(node, policy) };
    }
  }
  return conflict(policy, name, analysis);
}

/** Options that the runtime refuses together. */
function conflict(
  policy: Policy,
  name: string,
  analysis: Analysis,
): { readonly fault: string; readonly at?: ts.Node } | undefined {
  const setting = (option: string) => settingOf(policy, option, analysis);
  const numberOf = (option: string): number | undefined => {
    const { value } = setting(option);
    return typeof value === 'number' ? value : undefined;
  };
  const isSet = (option: string): boolean => setting(option).state === 'present';
  const isMissing = (option: string): boolean => setting(option).state === 'absent';
  const found = (fault: string, option: string) => ({
    fault: `${name}: ${fault}`,
    ...place(setting(option).node, policy),
  });
  if (policy.kind === 'retry') {
    const [base = 1_000, most] = [numberOf('baseDelay'), numberOf('maxDelay')];
    const isKnown = isMissing('baseDelay') || numberOf('baseDelay') !== undefined;
    if (isKnown && most !== undefined && base > most) {
      return found(
        `baseDelay must be at most maxDelay (${String(most)}), got ${String(base)}`,
        isSet('baseDelay') ? 'baseDelay' : 'maxDelay',
      );
    }
  }
  if (policy.kind === 'circuit-breaker') {
    for (const [has, lacks] of [
      ['slowCallDuration', 'slowCallRate'],
      ['slowCallRate', 'slowCallDuration'],
    ] as const) {
      if (isSet(has) && isMissing(lacks)) return found(`${has} does nothing without ${lacks}; give both`, has);
    }
    if (isMissing('failureRate') && isMissing('slowCallRate')) {
      for (const option of ['windowSize', 'minimumCalls']) {
        if (isSet(option)) return found(`${option} does nothing without failureRate or slowCallRate`, option);
      }
    }
    const [size, least] = [numberOf('windowSize'), numberOf('minimumCalls')];
    if (size !== undefined && least !== undefined && least > size) {
      return found(`minimumCalls must be at most windowSize (${String(size)}), got ${String(least)}`, 'minimumCalls');
    }
    const most = numberOf('maxRecoveryTimeout');
    const recovery = isMissing('recoveryTimeout') ? 60_000 : numberOf('recoveryTimeout');
    if (most !== undefined && recovery !== undefined && most < recovery) {
      return found(
        `maxRecoveryTimeout must be at least recoveryTimeout (${String(recovery)}), got ${String(most)}`,
        'maxRecoveryTimeout',
      );
    }
  }
  if (policy.kind === 'rate-limit' && isSet('burst')) {
    const algorithm = setting('algorithm').value;
    if (algorithm !== undefined && algorithm !== 'token-bucket') {
      return found(`burst belongs to the token-bucket algorithm, got algorithm ${show(algorithm)}`, 'burst');
    }
  }
  if (policy.kind === 'cached') {
    if (isSet('store') && isMissing('key'))
      return found('a store needs a key, so that what is stored can be found again', 'store');
    if (isSet('store') && setting('scope').value === 'instance') {
      return found('scope must be "class" with a store, which knows no instances, got "instance"', 'scope');
    }
  }
  return undefined;
}

/** Options that are accepted and change nothing. */
function* ineffective(policy: Policy, shown: string, analysis: Analysis): Iterable<Judgement> {
  const setting = (option: string) => settingOf(policy, option, analysis);
  const at = (option: string): ts.Node => place(setting(option).node, policy).at ?? policy.node;
  if (policy.kind === 'bulkhead' && setting('queueTimeout').state === 'present') {
    const { state, value } = setting('maxQueue');
    if (state === 'absent' || value === 0)
      yield { at: at('queueTimeout'), messageId: 'noQueue', data: { policy: shown } };
  }
  if (policy.kind === 'cached' && setting('ttl').value === Infinity) {
    for (const option of ['staleWhileRevalidate', 'staleIfError']) {
      const { value } = setting(option);
      if (typeof value === 'number' && value > 0) {
        yield { at: at(option), messageId: 'neverStale', data: { policy: shown, option } };
      }
    }
  }
}

/** An option that is written in another file is told of where the policy is made. */
function place(node: ts.Node | undefined, policy: Policy): { readonly at?: ts.Node } {
  return node && node.getSourceFile() === policy.node.getSourceFile() ? { at: node } : {};
}

function pointAt(node: ts.Node, ts: Analysis['ts']): ts.Node {
  if (ts.isDecorator(node)) return node;
  return ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression : node;
}

function show(value: Literal): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function* ofStack(stack: PolicyStack, analysis: Analysis): Iterable<Judgement> {
  for (const position of stack.members.keys()) {
    const judgement = inversion(stack, position, analysis);
    if (judgement) yield judgement;
  }
  yield* neverSlow(stack, analysis);
}

/** A breaker that waits for slow calls which a timeout has ended before. */
function* neverSlow(stack: PolicyStack, analysis: Analysis): Iterable<Judgement> {
  const { members } = stack;
  for (const [position, breaker] of members.entries()) {
    if (breaker.policy.kind !== 'circuit-breaker' || !isOfRuntime(breaker.policy)) continue;
    const { value: slow } = settingOf(breaker.policy, 'slowCallDuration', analysis);
    if (typeof slow !== 'number') continue;
    // A call of the breaker is several of what a retry inside it repeats.
    const repeats = members.findIndex(
      ({ policy }, at) => at > position && (policy.kind === 'retry' || policy.kind === 'hedge'),
    );
    const timeout = members.find(
      ({ policy }, at) =>
        isOwnPair(stack, position, at) &&
        (repeats < 0 || at < repeats) &&
        (durationOf(policy, analysis) ?? Infinity) < slow,
    );
    if (!timeout) continue;
    yield {
      at: breaker.node,
      messageId: 'neverSlow',
      data: {
        outer: policyName(timeout.policy),
        limit: String(durationOf(timeout.policy, analysis)),
        inner: String(slow),
        policy: policyName(breaker.policy),
      },
      path: [breaker.node, timeout.node],
    };
  }
}

/** A timeout that ends before what is inside it has had its chance. */
function inversion(stack: PolicyStack, outside: number, analysis: Analysis): Judgement | undefined {
  const { members } = stack;
  const { policy: outer, node: at } = members[outside]!;
  const limit = durationOf(outer, analysis);
  if (limit === undefined) return undefined;
  let retry: StackMember | undefined;
  for (const [position, member] of members.entries()) {
    if (position <= outside) continue;
    const { policy } = member;
    if (policy.kind === 'retry') retry ??= member;
    if (!isOwnPair(stack, outside, position)) continue;
    const path = [at, member.node];
    const data = { outer: policyName(outer), limit: String(limit), policy: policyName(policy) };
    const inner = durationOf(policy, analysis);
    if (inner !== undefined) {
      if (inner > limit) return { at, messageId: 'endsBeforeInner', data: { ...data, inner: String(inner) }, path };
      return retry && tooShort(members[outside]!, limit, retry, member, inner, analysis);
    }
    if (policy.kind === 'hedge' && isOfRuntime(policy) && settingOf(policy, 'quantile', analysis).state === 'absent') {
      const { value } = settingOf(policy, 'delay', analysis);
      if (typeof value === 'number' && value >= limit) {
        return { at, messageId: 'endsBeforeHedge', data: { ...data, inner: String(value) }, path };
      }
    }
  }
  return undefined;
}

function tooShort(
  outside: StackMember,
  limit: number,
  retry: StackMember,
  timeout: StackMember,
  inner: number,
  analysis: Analysis,
): Judgement | undefined {
  const attempts = attemptsOf(retry.policy, analysis);
  if (attempts === undefined || attempts < 2 || attempts === Infinity) return undefined;
  const begins = (attempt: number): number => (attempt - 1) * inner + shortestBackoff(retry.policy, attempt, analysis);
  const needed = Math.ceil(begins(attempts) + inner);
  if (needed <= limit) return undefined;
  let possible = attempts;
  while (possible > 1 && begins(possible) >= limit) possible -= 1;
  const isCertain = possible < attempts;
  const fix = withDuration(outside.policy, needed, analysis);
  return {
    at: outside.node,
    messageId: isCertain ? 'endsBeforeRetry' : 'cutsLastAttempt',
    data: {
      outer: policyName(outside.policy),
      limit: String(limit),
      inner: String(inner),
      attempts: String(attempts),
      possible: String(possible),
      needed: String(needed),
    },
    // A deadline that cuts the last attempt short may be meant that way.
    ...(isCertain ? {} : { confidence: 'likely' as const }),
    path: [outside.node, retry.node, timeout.node],
    fixes: fix ? [fix] : [],
  };
}

function withDuration(policy: Policy, needed: number, analysis: Analysis): PlannedFix | undefined {
  const { ts } = analysis;
  const { node } = settingOf(policy, policy.row?.duration ?? 'duration', analysis);
  if (!node || !ts.isNumericLiteral(node) || node.getSourceFile() !== policy.node.getSourceFile()) return undefined;
  const text = String(needed).replace(/\B(?=(?:\d{3})+$)/g, '_');
  return {
    messageId: 'setDuration',
    data: { needed: String(needed) },
    edits: [{ start: node.getStart(), end: node.end, text }],
  };
}

/** A client that is given longer than the timeout around the call. */
function* ofClients(file: ts.SourceFile, analysis: Analysis): Iterable<Judgement> {
  const { ts, scopes } = analysis;
  for (const { callee, timeoutOption, regions } of guarded(file, analysis)) {
    const inner = literalOf(ts, scopes, timeoutOption);
    if (typeof inner !== 'number') continue;
    for (const { policies, node } of regions) {
      const outer = policies.find((policy) => (durationOf(policy, analysis) ?? Infinity) < inner);
      if (!outer) continue;
      yield {
        at: callee,
        messageId: 'clientOutlasts',
        data: {
          call: callee.getText(),
          inner: String(inner),
          outer: policyName(outer),
          limit: String(durationOf(outer, analysis)),
        },
        confidence: 'likely',
        path: [node, callee],
      };
      break;
    }
  }
}

/** The outbound calls of a file that are guarded in it; a file without guards is not asked about its timeouts. */
function guarded(file: ts.SourceFile, { outbound }: Analysis) {
  return outbound(file).filter(({ regions }) => regions.length > 0);
}
