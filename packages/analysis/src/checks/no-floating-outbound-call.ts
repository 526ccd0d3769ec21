import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { insert } from '../edits.js';
import { argumentsOf, calleeOf, type CallLike } from '../facts/file-facts.js';
import { evidenceOf, shorten } from '../location.js';
import { unwrap } from '../resolver/unwrap.js';
import { floating, type Floating } from '../summaries/floating.js';
import { codeOf, guardName, isHandWritten, stepsOf, stepsTo } from '../summaries/guarded-ways.js';
import type { Region } from '../summaries/regions.js';
import type { Check, Judgement, PlannedFix } from './check.js';

/** A guard ends when its operation does: a call that the operation does not wait for runs on without it. */
export const noFloatingOutboundCall: Check = {
  id: 'no-floating-outbound-call',
  code: 770_013,
  harm: 'The call runs on outside its guard, where no policy sees it fail or ends it',
  preset: 'recommended',
  messages: {
    floating: '`{{call}}` is not awaited, so it runs on outside `{{guard}}`, where no policy sees it fail or ends it.',
    floatingPath:
      '`{{call}}` is not awaited on the way `{{way}}`, so it runs on outside `{{guard}}`, where no policy sees it fail or ends it.',
    dropped:
      '`{{method}}` waits for none of its callbacks, so `{{call}}` runs on outside `{{guard}}`, where no policy sees it fail or ends it.',
    awaitIt: 'Await `{{call}}`',
  },
  *judge(file, analysis) {
    const told = new Set<ts.Node>();
    for (const { region, call, path, lost } of escapes(file, analysis)) {
      const isHere = call.getSourceFile() === file;
      const key = isHere ? lost.at : region.node;
      if (told.has(key) || !sends(call, analysis)) continue;
      told.add(key);
      yield judgement({ region, call, path, lost }, isHere, analysis);
    }
  },
};

interface Escape {
  readonly region: Region;
  readonly call: CallLike;
  readonly path: readonly CallLike[];
  readonly lost: Floating;
}

/** The calls under the guards of a file whose promise gets lost. */
function* escapes(file: ts.SourceFile, analysis: Analysis): Iterable<Escape> {
  const { facts, regions, reachable } = analysis;
  const { calls, decorators } = facts(file);
  for (const place of [...decorators, ...calls]) {
    const region = regions.at(place);
    if (!region || region.form === 'attaches' || !guards(region)) continue;
    const start = codeOf(region.operation, analysis);
    for (const { call, path } of reachable.callsFrom(region.operation)) {
      const lost = floating(call, analysis);
      if (lost && stepsTo(call, path, start, analysis)) yield { region, call, path, lost };
    }
  }
  for (const call of calls) {
    const lost = floating(call, analysis);
    const region = lost && regions.around(call).regions.find((around) => isHandWritten(around));
    if (lost && region) yield { region, call, path: [], lost };
  }
}

/** A cache alone neither ends a call nor acts on its failure. */
function guards({ policies }: Region): boolean {
  return policies.some(({ kind }) => kind !== 'cached');
}

/** Whether a call is an outbound call that returns a promise, or one of a function that waits for such a call. */
function sends(call: CallLike, analysis: Analysis): boolean {
  const { ts, targets, catalogue, reachable, checker } = analysis;
  if (ts.isNewExpression(call) || targets.guard(call)) return false;
  const target = targets.call(call);
  const isThenable = checker?.isThenable(call);
  if (isThenable === false) return false;
  if (target) {
    const isCallback = argumentsOf(call).some((argument) => ts.isFunctionLike(unwrap(ts, argument)));
    const isSocket = catalogue.module(target.module)?.kind === 'socket';
    return isThenable === true || (!target.row.returnsAtOnce && !isCallback && !isSocket);
  }
  return reachable.functionsOf(calleeOf(call)).some((callee) => {
    const leads = (isThenable ?? isAsync(callee, ts)) && reachable.from(callee);
    return leads && leads.some((reached) => stepsOf(reached, callee.body!, analysis));
  });
}

function isAsync(fn: ts.FunctionLikeDeclaration, ts: Analysis['ts']): boolean {
  const modifiers = ts.canHaveModifiers(fn) ? (ts.getModifiers(fn) ?? []) : [];
  if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)) return true;
  return fn.type !== undefined && /^(?:Promise|PromiseLike)\b/.test(fn.type.getText());
}

/** A call in another file is told of where the guard is. */
function judgement({ region, call, path, lost }: Escape, isHere: boolean, analysis: Analysis): Judgement {
  const { ts } = analysis;
  const text = shorten(calleeOf(call).getText());
  const fix = isHere ? awaitIt(call, lost, text, analysis) : undefined;
  return {
    at: isHere ? calleeOf(call) : ts.isCallExpression(region.node) ? region.node.expression : region.node,
    messageId: lost.method !== undefined ? 'dropped' : path.length === 0 ? 'floating' : 'floatingPath',
    data: {
      call: text,
      guard: guardName(region, ts),
      method: lost.method ?? '',
      way: [...path.map((step) => evidenceOf(ts, step).text), text].join(' → '),
    },
    ...(lost.isMeant ? { confidence: 'likely' as const } : {}),
    path: [region.node, ...path, call],
    fixes: fix ? [fix] : [],
  };
}

function awaitIt(call: CallLike, { at, method }: Floating, text: string, { ts }: Analysis): PlannedFix | undefined {
  if (method !== undefined || ts.isVariableDeclaration(at.parent)) return undefined;
  let fn: ts.Node | undefined = at.parent;
  while (fn && !ts.isFunctionLike(fn)) fn = fn.parent;
  if (!fn || !isAsync(fn as ts.FunctionLikeDeclaration, ts)) return undefined;
  const start = at.getStart();
  const isVoid = at.kind === ts.SyntaxKind.VoidExpression;
  // `a ?? load()` as a whole is not what is to be awaited.
  if (!isVoid && !ts.isCallExpression(unwrap(ts, at))) return undefined;
  const edit = isVoid ? { start, end: start + 'void'.length, text: 'await' } : insert(start, 'await ');
  return { messageId: 'awaitIt', data: { call: text }, edits: [edit] };
}
