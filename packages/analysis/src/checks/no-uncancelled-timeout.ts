import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { addOption, insert } from '../edits.js';
import type { Edit } from '../finding.js';
import { addImports } from '../imports.js';
import { shorten } from '../location.js';
import type { Outbound } from '../outbound.js';
import { unwrap } from '../resolver/unwrap.js';
import { guardedWays, guardName, wayText, type GuardedWay } from '../summaries/guarded-ways.js';
import { durationOf, isOfRuntime, settingOf } from '../summaries/policy-settings.js';
import type { Policy, Region } from '../summaries/regions.js';
import type { Check, Judgement, PlannedFix } from './check.js';

/** A timeout ends the wait, not the work: a request that gets no signal goes on after nobody waits for it any more. */
export const noUncancelledTimeout: Check = {
  id: 'no-uncancelled-timeout',
  code: 770_003,
  harm: 'What was given up goes on, and holds its connection while the next attempt begins',
  preset: 'recommended',
  messages: {
    uncancelled:
      '`{{call}}` gets no signal, so it goes on, and holds its connection, after `{{guard}}` has given it up.',
    uncancelledPath:
      '`{{call}}` gets no signal on the way `{{way}}`, so it goes on, and holds its connection, after `{{guard}}` has given it up.',
    uncancelledBehind:
      '`{{guard}}` gives up, but what it started goes on and holds its connection: `{{call}}` gets no signal on the way `{{way}}`{{others}}.',
    forwardSignal: 'Forward `{{signal}}` to `{{call}}`',
  },
  *judge(file, analysis) {
    const told = new Set<ts.Node>();
    const behind = new Map<ts.Node, GuardedWay[]>();
    for (const way of guardedWays(file, analysis, (region) => timeoutOf(region, analysis) !== undefined)) {
      const { region, outbound } = way;
      if (told.has(outbound.node) || !goesOn(outbound, analysis)) continue;
      if (outbound.node.getSourceFile() === file) {
        told.add(outbound.node);
        yield atCall(way, analysis);
      } else behind.set(region.node, [...(behind.get(region.node) ?? []), way]);
    }
    for (const [, ways] of behind) {
      const sure = ways.filter(({ outbound }) => outbound.timeout === 'none');
      yield atGuard(sure.length > 0 ? sure : ways, analysis);
    }
  },
};

/** The timeout among the policies of a guard. Operators are left out: what they give up is unsubscribed from. */
function timeoutOf({ form, policies }: Region, analysis: Analysis): Policy | undefined {
  if (form === 'operator') return undefined;
  return policies.find((policy) => {
    const duration = policy.kind === 'timeout' ? (policy.row?.duration ?? 'duration') : undefined;
    // `timeout: false` of opossum
    return duration !== undefined && settingOf(policy, duration, analysis).value !== false;
  });
}

/** Whether a call could be cancelled and is not, and has no limit of its own. */
function goesOn(outbound: Outbound, analysis: Analysis): boolean {
  const { signal, timeout, target } = outbound;
  if (signal?.option.state !== 'absent' || (timeout !== 'none' && timeout !== 'default')) return false;
  if (analysis.clients.option(target, [signal.name]).state !== 'absent') return false;
  return !hasCancelToken(outbound, analysis) && !isEndedByHand(outbound, analysis);
}

/** What was there before signals: `cancelToken: source.token` of axios. */
function hasCancelToken({ node, options }: Outbound, { ts, readOption }: Analysis): boolean {
  const given = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.arguments?.[options] : undefined;
  return ['cancelToken', 'abortSignal', 'signal'].some((name) => readOption(given, name).state !== 'absent');
}

/** `const request = http.get(url); … request.destroy()` */
function isEndedByHand({ node }: Outbound, { ts, facts, scopes }: Analysis): boolean {
  const { parent } = node;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  return (facts(node.getSourceFile()).mentions.get(parent.name.text) ?? []).some((mention) => {
    const access = mention.parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== mention) return false;
    return (
      /^(?:abort|cancel|destroy|setTimeout)$/.test(access.name.text) &&
      scopes.find(mention.getText(), mention) === parent
    );
  });
}

function common({ region, outbound, path }: GuardedWay, { ts }: Analysis) {
  return {
    data: {
      call: shorten(outbound.callee.getText()),
      guard: guardName(region, ts),
      way: wayText({ path, outbound }, ts),
    },
    path: [region.node, ...path, outbound.node],
    // The library ends it some time; whether that is soon enough is for people to say.
    ...(outbound.timeout === 'default' ? { confidence: 'likely' as const } : {}),
  };
}

function atCall(way: GuardedWay, analysis: Analysis): Judgement {
  const { outbound, path } = way;
  const fix = forward(way, analysis);
  return {
    ...common(way, analysis),
    at: outbound.callee,
    messageId: path.length === 0 ? 'uncancelled' : 'uncancelledPath',
    fixes: fix ? [fix] : [],
  };
}

/** Calls in other files are told of where the guard is, all at once. */
function atGuard(ways: readonly GuardedWay[], analysis: Analysis): Judgement {
  const first = ways[0]!;
  const { data, ...rest } = common(first, analysis);
  const others = ways.length === 1 ? '' : `, and so do ${String(ways.length - 1)} more`;
  const { node } = first.region;
  const at = analysis.ts.isCallExpression(node) ? node.expression : node;
  return { ...rest, at, messageId: 'uncancelledBehind', data: { ...data, others } };
}

function forward({ region, outbound, path }: GuardedWay, analysis: Analysis): PlannedFix | undefined {
  const { ts } = analysis;
  const { node, signal } = outbound;
  if (!signal || signal.name.includes('.') || ts.isAwaitExpression(node)) return undefined;
  const source = (path.length === 0 ? ofContext(region, node, analysis) : undefined) ?? ambient(region, node, analysis);
  if (!source) return undefined;
  const option = source.signal === signal.name ? signal.name : `${signal.name}: ${source.signal}`;
  const edit = addOption(ts, node, outbound.options, option);
  if (!edit) return undefined;
  const data = { signal: source.signal, call: shorten(outbound.callee.getText()) };
  return { messageId: 'forwardSignal', data, edits: [edit, ...source.edits] };
}

interface Source {
  readonly signal: string;
  readonly edits: readonly Edit[];
}

/** The signal that the guard hands to its operation. */
function ofContext(region: Region, place: ts.Node, analysis: Analysis): Source | undefined {
  const { ts, scopes } = analysis;
  const operation = unwrap(ts, region.operation);
  const isHanded = region.form === 'wrapper' && region.policies.some(({ module }) => handsSignal(module));
  if (!isHanded || (!ts.isArrowFunction(operation) && !ts.isFunctionExpression(operation))) return undefined;
  const first = operation.parameters[0];
  if (first && ts.isIdentifier(first.name)) return { signal: `${first.name.text}.signal`, edits: [] };
  if (scopes.find('signal', place)) {
    const isHandedIn = first && scopes.find('signal', place)?.parent === first.name;
    return isHandedIn ? { signal: 'signal', edits: [] } : undefined;
  }
  if (!first) return { signal: 'signal', edits: [insert(operation.parameters.pos, '{ signal }')] };
  const last = ts.isObjectBindingPattern(first.name) ? first.name.elements.at(-1) : undefined;
  return last && !last.dotDotDotToken ? { signal: 'signal', edits: [insert(last.end, ', signal')] } : undefined;
}

function handsSignal(module: string | undefined): boolean {
  return module === '@holdfast/runtime' || module === 'cockatiel';
}

/** The signal of the running attempt, or a second timer where the guard has no signal to give. */
function ambient(region: Region, place: ts.Node, analysis: Analysis): Source | undefined {
  const policy = timeoutOf(region, analysis);
  if (!policy) return undefined;
  if (isOfRuntime(policy)) {
    const needed = { module: '@holdfast/runtime/context', name: 'currentSignal' };
    const added = addImports(analysis.ts, place.getSourceFile(), [needed]);
    return added && { signal: `${added.names[0]!}()`, edits: added.edits };
  }
  if (handsSignal(policy.module) || durationOf(policy, analysis) === undefined) return undefined;
  const { node: duration } = settingOf(policy, policy.row?.duration ?? 'duration', analysis);
  const isHere = duration && analysis.ts.isNumericLiteral(duration);
  return isHere ? { signal: `AbortSignal.timeout(${duration.getText()})`, edits: [] } : undefined;
}
