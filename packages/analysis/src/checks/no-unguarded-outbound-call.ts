import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { argumentsOf, calleeOf, type CallLike } from '../facts/file-facts.js';
import { guardCall } from '../guarding/guard-call.js';
import { memberAround, methodGuards } from '../guarding/guard-method.js';
import { guardTitles, titleOf } from '../guarding/titles.js';
import { evidenceOf, shorten } from '../location.js';
import type { Outbound } from '../outbound.js';
import type { Check, Judgement, PlannedFix } from './check.js';

/** A call with no timeout waits as long as the other side likes, and its callers wait with it. */
export const noUnguardedOutboundCall: Check = {
  id: 'no-unguarded-outbound-call',
  code: 770_001,
  harm: 'When the other side hangs, so does everything that waits for it',
  preset: 'recommended',
  messages: {
    unguarded:
      '`{{call}}` has no timeout and no policy: when the other side hangs, so does everything that waits for it.',
    unguardedPath:
      '`{{call}}` has no timeout and no policy on the way `{{way}}`: when the other side hangs, so does everything that waits for it.',
    unguardedClient:
      '`{{client}}` sets no `{{option}}`, so {{count}} through it may wait as long as the other side likes: {{calls}}.',
    libraryDefault: '`{{call}}` has no timeout but the {{limit}} of `{{module}}` itself, and no policy.',
    setOption: 'Set `{{option}}` to 5 s for every call of this client',
    ...guardTitles,
  },
  *judge(file, analysis, { reportAt }) {
    for (const outbound of analysis.outbound(file)) {
      const confidence = unguarded(outbound);
      if (!confidence) continue;
      if (reportAt === 'client' && mendingClient(outbound, analysis)) continue;
      yield { ...atCall(outbound, confidence, analysis), fixes: () => guards(outbound, analysis) };
    }
    if (reportAt === 'client') yield* atClients(file, analysis);
  },
};

type Confidence = 'sure' | 'likely' | 'default';

/** How sure it is that nothing guards a call; `undefined` when something does. */
export function unguarded({ timeout, regions, reach }: Outbound): Confidence | undefined {
  if (timeout === 'own' || regions.length > 0 || reach.kind === 'guarded') return undefined;
  if (timeout === 'default') return 'default';
  return timeout === 'unknown' || reach.isUncertain ? 'likely' : 'sure';
}

function atCall(outbound: Outbound, confidence: Confidence, { ts }: Analysis): Judgement {
  const { callee, target, reach, ownTimeout = 0 } = outbound;
  const call = shorten(callee.getText());
  const path = reach.kind === 'unguarded' ? reach.path : [];
  const common = {
    at: callee,
    path: [...path, callee],
    ...(confidence !== 'sure'
      ? { confidence: 'likely' as const }
      : target.isInferred
        ? { confidence: 'inferred' as const }
        : {}),
  };
  if (confidence === 'default') {
    const limit = ownTimeout % 1_000 === 0 ? `${String(ownTimeout / 1_000)} s` : `${String(ownTimeout)} ms`;
    return { ...common, messageId: 'libraryDefault', data: { call, limit, module: target.module } };
  }
  if (path.length < 2) return { ...common, messageId: 'unguarded', data: { call } };
  const way = [...path.map((step) => evidenceOf(ts, step).text), call].join(' → ');
  return { ...common, messageId: 'unguardedPath', data: { call, way } };
}

function guards(outbound: Outbound, analysis: Analysis): PlannedFix[] {
  const member = memberAround(outbound.node, analysis);
  const method = member ? shorten(member.member.name.getText()) : '';
  const call = shorten(outbound.callee.getText());
  const alone = guardCall(outbound, analysis);
  return [
    ...(member ? methodGuards(member, analysis) : []).map(({ level, edits }) => ({
      messageId: titleOf[level],
      data: { method },
      edits,
    })),
    ...(alone ? [{ messageId: 'guardCall', data: { call }, edits: alone }] : []),
  ];
}

/** The construction that is to blame: in the program, with options that can be read and do not set a timeout. */
function mendingClient(outbound: Outbound, { clients, readOption, ownFiles }: Analysis): CallLike | undefined {
  const { client, timeout } = outbound;
  if (!client || timeout !== 'none' || clients.optionsPosition(client.creation) === undefined) return undefined;
  // Without a program nobody would report there what is called from here.
  if (!ownFiles().includes(client.creation.getSourceFile())) return undefined;
  const options = clients.optionsOf(client.creation);
  // A call that turns the timeout off by itself is its own mistake.
  const isSet = client.timeout.some((name) => readOption(options, name).state === 'present');
  return isSet ? undefined : client.creation;
}

function* atClients(file: ts.SourceFile, analysis: Analysis): Iterable<Judgement> {
  const { facts, ownFiles, outbound, clients, meanings } = analysis;
  const makers = facts(file).calls.filter((call) => {
    const made = meanings.of(call);
    return made?.kind === 'instance' && made.creation === call && clients.optionsPosition(call) !== undefined;
  });
  if (makers.length === 0) return;
  const calls = new Map<CallLike, Outbound[]>();
  for (const other of ownFiles()) {
    for (const call of outbound(other)) {
      const creation = unguarded(call) === 'sure' ? mendingClient(call, analysis) : undefined;
      if (!creation || !makers.includes(creation)) continue;
      const same = calls.get(creation);
      if (same) same.push(call);
      else calls.set(creation, [call]);
    }
  }
  for (const [creation, through] of calls) yield atClient(creation, through, analysis);
}

function atClient(creation: CallLike, through: readonly Outbound[], analysis: Analysis): Judgement {
  const option = through[0]!.client!.timeout[0]!;
  const callee = calleeOf(creation);
  const shown = through.slice(0, 3).map(({ callee }) => `\`${shorten(callee.getText())}\``);
  const rest = through.length - shown.length;
  const data = {
    client: shorten(`${analysis.ts.isNewExpression(creation) ? 'new ' : ''}${callee.getText()}`),
    option,
    count: through.length === 1 ? 'one call' : `${String(through.length)} calls`,
    calls: shown.join(', ') + (rest > 0 ? ` and ${String(rest)} more` : ''),
  };
  const fix = setOption(creation, option, analysis);
  return {
    at: callee,
    messageId: 'unguardedClient',
    data,
    path: [callee, ...through.map(({ callee }) => callee)],
    fixes: fix ? [fix] : [],
  };
}

/** Adds the option to the options that are written there; a nested option is left to people. */
function setOption(creation: CallLike, option: string, { ts, clients }: Analysis): PlannedFix | undefined {
  if (option.includes('.') || (!ts.isCallExpression(creation) && !ts.isNewExpression(creation))) return undefined;
  const position = clients.optionsPosition(creation)!;
  const given = argumentsOf(creation);
  const options = given[position];
  const text = `${option}: 5_000`;
  if (options && ts.isObjectLiteralExpression(options)) {
    const first = options.properties[0];
    const at = first ? first.getStart() : options.getStart() + 1;
    return { messageId: 'setOption', edits: [{ start: at, end: at, text: first ? `${text}, ` : ` ${text} ` }] };
  }
  if (options || given.length !== position || creation.getText().at(-1) !== ')') return undefined;
  const at = creation.end - 1;
  return { messageId: 'setOption', edits: [{ start: at, end: at, text: `${position > 0 ? ', ' : ''}{ ${text} }` }] };
}
