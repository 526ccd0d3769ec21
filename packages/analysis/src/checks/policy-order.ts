import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { PolicyKind } from '../catalogue/catalogue.js';
import type { Outbound } from '../outbound.js';
import { unwrap } from '../resolver/unwrap.js';
import { isOfRuntime, origin, policyName, settingOf } from '../summaries/policy-settings.js';
import { isOwnPair, policyStacks, type PolicyStack, type StackMember } from '../summaries/policy-stacks.js';
import type { Policy } from '../summaries/regions.js';
import type { Check, Judgement, PlannedFix } from './check.js';

/** Policies run in the order in which they are written, and some orders leave one of them nothing to do. */
export const policyOrder: Check = {
  id: 'policy-order',
  code: 770_011,
  harm: 'One policy hides from another what it is there for',
  preset: 'recommended',
  messages: {
    neverRetried: '`{{inner}}` inside `{{outer}}` answers in place of a failure, so nothing is ever retried.',
    neverOpens: '`{{inner}}` inside `{{outer}}` answers in place of a failure, so the circuit never opens.',
    keepsStandIn:
      '`{{outer}}` keeps what `{{inner}}` inside it answers in place of a failure, as if it were the result.',
    oneCall:
      'All copies of `{{outer}}` wait for the one call of `{{inner}}` inside it, so nobody is asked a second time.',
    hangUnseen:
      '`{{outer}}` gives up on `{{call}}` outside of `{{inner}}`, which never hears of a call that hangs: {{effect}}.',
    hangMayBeUnseen: '`{{outer}}` gives up outside of `{{inner}}`, which does not hear of calls that hang: {{effect}}.',
    countsOnce: '`{{outer}}` sees all attempts of `{{inner}}` inside it as one call, and counts their failures as one.',
    startsOnce: '`{{outer}}` counts all attempts of `{{inner}}` inside it as one call.',
    holdsPermit: '`{{outer}}` holds its permit while `{{inner}}` inside it waits for the next attempt.',
    refusesHit: '`{{outer}}` also refuses what `{{inner}}` inside it knows already.',
    refusalUncovered: 'A refusal of `{{outer}}` reaches the caller: `{{inner}}` stands inside it.',
    swap: 'Put `{{inner}}` outside `{{outer}}`',
  },
  *judge(file, analysis) {
    for (const stack of policyStacks(file, analysis)) {
      for (const [position, outer] of stack.members.entries()) {
        for (const [at, inner] of stack.members.entries()) {
          if (at <= position || !isOwnPair(stack, position, at)) continue;
          const verdict = judgePair(stack, position, at, analysis);
          if (verdict) yield judgementOf(stack, outer, inner, verdict, analysis);
        }
      }
    }
  },
};

interface Verdict {
  readonly messageId: string;
  readonly isCertain: boolean;
  readonly data?: Readonly<Record<string, string>>;
  /** A call that shows it. */
  readonly call?: ts.Node;
}

/** What an outer policy does to an inner one, where that is arguable. */
const arguable: readonly (readonly [outer: PolicyKind, inner: PolicyKind, messageId: string])[] = [
  ['circuit-breaker', 'retry', 'countsOnce'],
  ['rate-limit', 'retry', 'startsOnce'],
  ['bulkhead', 'retry', 'holdsPermit'],
  ['circuit-breaker', 'cached', 'refusesHit'],
  ['rate-limit', 'cached', 'refusesHit'],
  ['bulkhead', 'cached', 'refusesHit'],
  ['circuit-breaker', 'fallback', 'refusalUncovered'],
  ['rate-limit', 'fallback', 'refusalUncovered'],
  ['bulkhead', 'fallback', 'refusalUncovered'],
];

function judgePair(stack: PolicyStack, position: number, at: number, analysis: Analysis): Verdict | undefined {
  const [outer, inner] = [stack.members[position]!.policy, stack.members[at]!.policy];
  if (inner.kind === 'fallback') {
    const covered = coversUp(outer, inner, analysis);
    if (covered) return covered;
  }
  if (outer.kind === 'hedge' && inner.kind === 'cached' && isOfRuntime(inner)) {
    return { messageId: 'oneCall', isCertain: true };
  }
  if (outer.kind === 'timeout') return hidesHangs(stack, position, at, analysis);
  const [, , messageId] = arguable.find(([out, within]) => out === outer.kind && within === inner.kind) ?? [];
  return messageId === undefined ? undefined : { messageId, isCertain: false };
}

/** A fallback inside what should have seen the failure. */
function coversUp(outer: Policy, fallback: Policy, analysis: Analysis): Verdict | undefined {
  const isSure = alwaysAnswers(fallback, analysis);
  const looksAtResults = (names: readonly string[]): boolean =>
    isOfRuntime(outer) && names.some((name) => settingOf(outer, name, analysis).state !== 'absent');
  switch (outer.kind) {
    case 'retry':
      return { messageId: 'neverRetried', isCertain: isSure && !looksAtResults(['retryOnResult']) };
    case 'circuit-breaker':
      return { messageId: 'neverOpens', isCertain: isSure && !looksAtResults(['classify', 'slowCallRate']) };
    case 'cached':
      // "There is none" may be what is kept for a shorter time.
      return { messageId: 'keepsStandIn', isCertain: isSure && !looksAtResults(['negativeTtl', 'key']) };
    default:
      return undefined;
  }
}

/** A fallback that answers a value to every failure that others would act on. */
function alwaysAnswers(given: Policy, analysis: Analysis): boolean {
  const policy = origin(given, analysis);
  const { ts } = analysis;
  if (isOfRuntime(policy)) {
    const options = policy.options && unwrap(ts, policy.options);
    // The value may be nothing, which is the same as no option for all others.
    const hasValue =
      options !== undefined &&
      ts.isObjectLiteralExpression(options) &&
      options.properties.some(({ name }) => name !== undefined && ts.isIdentifier(name) && name.text === 'value');
    return hasValue && settingOf(policy, 'fallbackIf', analysis).state === 'absent';
  }
  // `fallback(handleAll, [])` of cockatiel
  if (!ts.isCallExpression(policy.node)) return false;
  const [handled, value] = policy.node.arguments;
  const isAll = handled !== undefined && ts.isIdentifier(handled) && handled.text === 'handleAll';
  return (
    isAll &&
    value !== undefined &&
    (ts.isArrayLiteralExpression(value) ||
      ts.isObjectLiteralExpression(value) ||
      ts.isStringLiteralLike(value) ||
      ts.isNumericLiteral(value))
  );
}

const unheard: Readonly<Partial<Record<PolicyKind, string>>> = {
  'circuit-breaker': 'its circuit stays closed',
  fallback: 'nothing stands in for it',
  retry: 'it is not tried again',
};

/** A timeout outside of what should learn that calls hang, with nothing inside that ends them. */
function hidesHangs(stack: PolicyStack, position: number, at: number, analysis: Analysis): Verdict | undefined {
  const { kind } = stack.members[at]!.policy;
  const effect = unheard[kind];
  const isEnded = stack.members.some(({ policy }, inside) => inside > at && policy.kind === 'timeout');
  const isEndedBefore = stack.members[at]!.policy.module === 'opossum';
  if (effect === undefined || isEnded || isEndedBefore) return undefined;
  const hanging = stack.operation && callThatHangs(stack, stack.operation, analysis);
  if (hanging === 'none') return undefined;
  // A limit for all attempts together is a use of its own.
  if (!hanging || kind === 'retry') return { messageId: 'hangMayBeUnseen', isCertain: false, data: { effect } };
  const call = hanging.callee.getText();
  return { messageId: 'hangUnseen', isCertain: true, data: { effect, call }, call: hanging.callee };
}

/** An outbound call that nothing inside the stack ends; `none` when all of them end by themselves. */
function callThatHangs(stack: PolicyStack, operation: ts.Node, analysis: Analysis): Outbound | 'none' | undefined {
  const reached = analysis.reachable.from(operation);
  const open = reached.filter(
    ({ outbound, path }) =>
      !isBounded(outbound) && ![...path, outbound.node].some((place) => isUnderTimeout(place, stack, analysis)),
  );
  if (open.length === 0) return reached.length > 0 ? 'none' : undefined;
  return open.find(({ outbound }) => endsNever(outbound, analysis))?.outbound;
}

function isBounded({ timeout }: Outbound): boolean {
  return timeout === 'own' || timeout === 'default';
}

function endsNever({ timeout, signal }: Outbound, { ts, targets }: Analysis): boolean {
  if (timeout === 'none') return true;
  const value = signal?.option.state === 'present' ? signal.option.value : undefined;
  // The signal of the running attempt aborts when the timeout outside has given up already.
  return value !== undefined && ts.isCallExpression(value) && targets.isAmbientSignal(value);
}

function isUnderTimeout(place: ts.Node, { members }: PolicyStack, { regions }: Analysis): boolean {
  return regions
    .around(place)
    .regions.some(({ policies }) =>
      policies.some(
        (policy) => policy.kind === 'timeout' && !members.some((member) => member.policy.node === policy.node),
      ),
    );
}

function judgementOf(
  stack: PolicyStack,
  outer: StackMember,
  inner: StackMember,
  { messageId, isCertain, data = {}, call }: Verdict,
  analysis: Analysis,
): Judgement {
  const names = { outer: policyName(outer.policy), inner: policyName(inner.policy) };
  const fix = swap(stack, outer, inner, names, analysis);
  return {
    at: inner.node,
    messageId,
    data: { ...names, ...data },
    ...(isCertain ? {} : { confidence: 'likely' as const }),
    path: [outer.node, inner.node, ...(call ? [call] : [])],
    fixes: fix ? [fix] : [],
  };
}

/** Exchanges two neighbours that are written as one decorator or one argument each. */
function swap(
  { members }: PolicyStack,
  outer: StackMember,
  inner: StackMember,
  data: Readonly<Record<string, string>>,
  { ts }: Analysis,
): PlannedFix | undefined {
  const [first, second] = [outer.node, inner.node];
  const siblings = siblingsOf(first, ts);
  const isAlone = [first, second].every((node) => members.filter((member) => member.node === node).length === 1);
  if (!isAlone || !siblings || siblings[siblings.indexOf(first) + 1] !== second) return undefined;
  return {
    messageId: 'swap',
    data,
    edits: [
      { start: first.getStart(), end: first.end, text: second.getText() },
      { start: second.getStart(), end: second.end, text: first.getText() },
    ],
  };
}

function siblingsOf(node: ts.Node, ts: Analysis['ts']): readonly ts.Node[] | undefined {
  const { parent } = node;
  if (ts.isDecorator(node)) return ts.canHaveDecorators(parent) ? ts.getDecorators(parent) : undefined;
  return ts.isCallExpression(parent) && parent.expression !== node ? parent.arguments : undefined;
}
