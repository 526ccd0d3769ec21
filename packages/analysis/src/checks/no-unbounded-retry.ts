import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { addOption, replace } from '../edits.js';
import { calleeOf, type CallLike } from '../facts/file-facts.js';
import { shorten } from '../location.js';
import { isHandWritten } from '../summaries/guarded-ways.js';
import { isCapped, isDelayed, isSpread } from '../summaries/loop-bounds.js';
import { attemptsOf, isOfRuntime, policyName, settingOf } from '../summaries/policy-settings.js';
import { isInside, type Policy } from '../summaries/regions.js';
import { retrySites, type RetrySite } from '../summaries/retries.js';
import type { Check, Judgement, PlannedFix } from './check.js';

/** A retry without an end or a pause keeps a dependency down that would have come back. */
export const noUnboundedRetry: Check = {
  id: 'no-unbounded-retry',
  code: 770_005,
  harm: 'Attempts without an end or a pause keep a dependency down, and their callers waiting',
  preset: 'recommended',
  messages: {
    endless: '`{{call}}` is tried again for ever: nothing in the {{loop}} counts attempts or looks at the clock.',
    atOnce: '`{{call}}` is tried again at once: a dependency in trouble gets every request back the moment it fails.',
    endlessAtOnce:
      '`{{call}}` is tried again at once and for ever: nothing in the {{loop}} counts attempts, looks at the clock or waits.',
    together:
      '`{{call}}` is tried again after a delay that is the same for all: who failed together comes back together.',
    endlessPolicy: '`{{retry}}` never gives up: {{why}}.',
    togetherPolicy: '`{{retry}}` waits the same for all (`jitter: false`): who failed together comes back together.',
    limit: 'Give up after {{attempts}} attempts',
  },
  *judge(file, analysis) {
    for (const site of retrySites(file, analysis)) {
      if (isHandWritten(site.region) && isInside(site.at, site.region.operation)) yield* atLoop(site, analysis);
    }
    yield* atPolicies(file, analysis);
  },
};

function* atLoop(site: RetrySite, analysis: Analysis): Iterable<Judgement> {
  const { region, at } = site;
  if (!isRemote(site, analysis)) return;
  const isEndless = !isCapped(region, analysis);
  const isAtOnce = !isDelayed(region, analysis);
  const data = { call: shorten(at.getText()), loop: region.form === 'recursion' ? 'function' : 'loop' };
  const common = { at, data, path: [region.node, at] };
  if (isEndless || isAtOnce) {
    const messageId = isEndless && isAtOnce ? 'endlessAtOnce' : isEndless ? 'endless' : 'atOnce';
    // Who cannot do anything without the other side may well wait for it.
    const isLikely = !isAtOnce && opens.test(data.call);
    yield { ...common, messageId, ...(isLikely ? { confidence: 'likely' as const } : {}) };
  } else if (!isSpread(region, analysis)) yield { ...common, messageId: 'together', confidence: 'likely' };
}

const opens = /connect|listen|subscribe|ping|ready|health|wait|poll|consume|watch|acquire|lock|login|open|init|start/i;

/** What is tried leaves the process, or is whatever the caller hands in. */
function isRemote({ operation }: RetrySite, { ts, facts, scopes, reachable }: Analysis): boolean {
  if (reachable.from(operation).length > 0) return true;
  return facts(operation.getSourceFile()).calls.some((call) => {
    if (!isInside(call, operation)) return false;
    const callee = calleeOf(call);
    const declaration = ts.isIdentifier(callee) ? scopes.find(callee.text, callee) : undefined;
    return declaration !== undefined && ts.isParameter(declaration);
  });
}

function* atPolicies(file: ts.SourceFile, analysis: Analysis): Iterable<Judgement> {
  const { ts, facts, regions, targets } = analysis;
  const { calls, decorators } = facts(file);
  for (const place of [...calls, ...decorators]) {
    const call = ts.isDecorator(place) ? place.expression : place;
    if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) continue;
    const row = ts.isDecorator(place) ? targets.decorator(place)?.row : targets.guard(call)?.row;
    if (!row?.policies.includes('retry')) continue;
    const found = ts.isDecorator(place) ? (regions.at(place)?.policies ?? []) : regions.policiesOf(call);
    const policy = found.find(({ kind, node }) => kind === 'retry' && node === call);
    // A policy that is handed in was looked at where it is made.
    if (!policy || (policy.options && regions.policiesOf(policy.options).length > 0)) continue;
    yield* atPolicy(policy, call, analysis);
  }
}

function* atPolicy(policy: Policy, call: CallLike, analysis: Analysis): Iterable<Judgement> {
  const { row } = policy;
  const at = calleeOf(call);
  const retry = policyName(policy);
  const ends = row?.maxElapsed !== undefined && settingOf(policy, row.maxElapsed, analysis).state !== 'absent';
  const forever = row?.endless === undefined ? undefined : settingOf(policy, row.endless, analysis);
  const isForever = forever?.value === true;
  if (!ends && (isForever || attemptsOf(policy, analysis) === Infinity)) {
    const name = row?.attempts ?? 'attempts';
    const { state, node } = settingOf(policy, name, analysis);
    const fix = endlessFix(policy, call, isForever ? undefined : node, analysis);
    const why = isForever
      ? `\`${row!.endless!}: true\``
      : state === 'absent'
        ? `without \`${name}\` it tries again as long as it fails`
        : `\`${name}: ${shorten(node?.getText() ?? '')}\``;
    yield {
      at,
      messageId: 'endlessPolicy',
      data: { retry, why, attempts: '5' },
      path: [at],
      fixes: fix ? [fix] : [],
      ...(isPatient(policy, analysis) ? { confidence: 'likely' as const } : {}),
    };
  } else if (isOfRuntime(policy) && settingOf(policy, 'jitter', analysis).value === false) {
    yield { at, messageId: 'togetherPolicy', data: { retry }, path: [at], confidence: 'likely' };
  }
}

/** A stream that comes back after a pause, as often as need be: `retry({ delay: 1_000 })` of rxjs. */
function isPatient(policy: Policy, analysis: Analysis): boolean {
  return policy.row?.form === 'operator' && settingOf(policy, 'delay', analysis).state !== 'absent';
}

function endlessFix(
  policy: Policy,
  call: CallLike,
  given: ts.Expression | undefined,
  { ts }: Analysis,
): PlannedFix | undefined {
  const { row, options } = policy;
  if (row?.attempts === undefined || row.options === undefined || row.form === 'operator') return undefined;
  const count = row.attemptsCountFirst ? '5' : '4';
  if (given) return { messageId: 'limit', data: { attempts: '5' }, edits: [replace(given, count)] };
  if (row.ownAttempts !== undefined || (options && !ts.isObjectLiteralExpression(options))) return undefined;
  const edit = addOption(ts, call, row.options, `${row.attempts}: ${count}`);
  return edit && { messageId: 'limit', data: { attempts: '5' }, edits: [edit] };
}
