import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { CatalogueIndex } from '../catalogue/catalogue-index.js';
import { argumentsOf, type CallLike } from '../facts/file-facts.js';
import { shorten } from '../location.js';
import { unwrap } from '../resolver/unwrap.js';
import { exclude, isInCatch, isUndone } from '../summaries/branches.js';
import type { Reached } from '../summaries/reachable.js';
import { isInside } from '../summaries/regions.js';
import { transactionsIn } from '../summaries/transactions.js';
import { isWaitedFor, runsLater } from '../summaries/waits.js';
import { isDatabaseWrite, isMessaging, isPublish, isWrite } from '../summaries/writes.js';
import type { Check, Judgement } from './check.js';

/** A change and the message about it are two writes to two systems, and nothing makes both happen or none. */
export const noDualWrite: Check = {
  id: 'no-dual-write',
  code: 770_018,
  harm: 'A change that nobody hears of, or news of a change that never was',
  preset: 'recommended',
  messages: {
    writeThenPublish:
      '`{{write}}` is done when `{{publish}}` is tried: if that fails, or the process ends between them, the change is there and nobody hears of it.',
    publishThenWrite:
      '`{{publish}}` is done when `{{write}}` is tried: if that fails, or the process ends between them, others have heard of a change that is not there.',
    publishInTransaction:
      '`{{publish}}` is sent before the transaction of `{{write}}` commits: if that fails, others have heard of a change that is not there.',
  },
  *judge(file, analysis) {
    if (!mayPublish(file, analysis)) return;
    for (const [owner, calls] of callsByFunction(file, analysis)) {
      if (!doesBoth(owner, analysis) || isRelay(owner, analysis)) continue;
      yield* judgeFunction(calls, owner, analysis);
    }
  },
};

function doesBoth(owner: ts.Node, analysis: Analysis): boolean {
  const reached = analysis.reachable.from(owner);
  return (
    reached.some(({ outbound }) => isPublish(outbound, analysis)) &&
    reached.some(({ outbound }) => isDatabaseWrite(outbound))
  );
}

/** A call of a function, and the write that it leads to. */
interface Step {
  readonly call: CallLike | ts.AwaitExpression;
  readonly reached: Reached;
}

function* judgeFunction(calls: readonly CallLike[], owner: ts.Node, analysis: Analysis): Iterable<Judgement> {
  const publishes: Step[] = [];
  const writes: Step[] = [];
  for (const call of calls) {
    const reached = analysis.reachable.from(call).filter((way) => startsAt(call, way));
    const publish = reached.find(
      ({ outbound }) => isPublish(outbound, analysis) && !isReadOnlyJob(outbound.node, analysis),
    );
    const write = reached.find(({ outbound }) => isDatabaseWrite(outbound));
    // What does both is judged where it does.
    if (publish && write) continue;
    if (publish) publishes.push({ call, reached: publish });
    if (write) writes.push({ call, reached: write });
  }
  if (publishes.length === 0 || writes.length === 0) return;
  const steps = [...writes, ...publishes];
  if (steps.some(({ reached }) => mentionsOutbox(reached))) return;
  for (const publish of publishes) {
    const write = writes.find((step) => belongTogether(step, publish, owner, analysis));
    if (write) yield judgementOf(write, publish, analysis);
  }
}

/** The call makes the outbound call itself, or the way begins with it: not with one among its arguments. */
function startsAt(call: CallLike, { outbound, path }: Reached): boolean {
  return (path[0] ?? outbound.node) === call;
}

function belongTogether({ call: write }: Step, { call: publish }: Step, owner: ts.Node, analysis: Analysis): boolean {
  const { ts } = analysis;
  if (!isWaitedFor(write, analysis)) return false;
  const [first, second] = write.pos < publish.pos ? [write, publish] : [publish, write];
  if ([first, second].some((step) => isInCatch(step, owner, ts) || runsLater(step, owner, analysis))) return false;
  if (exclude(first, second, owner, ts)) return false;
  return !isUndone(first, second, owner, ts, (code) =>
    analysis.reachable.from(code).some(({ outbound }) => isWrite(outbound)),
  );
}

function judgementOf(write: Step, publish: Step, analysis: Analysis): Judgement {
  const [first, second] = write.call.pos < publish.call.pos ? [write, publish] : [publish, write];
  const isOpen = transactionsIn(publish.call.getSourceFile(), analysis).some(({ code }) =>
    [write, publish].every(({ call }) => code.some((part) => isInside(call, part))),
  );
  return {
    at: calleeOf(second.call),
    messageId: isOpen ? 'publishInTransaction' : first === write ? 'writeThenPublish' : 'publishThenWrite',
    data: { write: shorten(calleeOf(write.call).getText()), publish: shorten(calleeOf(publish.call).getText()) },
    path: [...wayTo(first), ...wayTo(second)],
  };
}

function calleeOf(call: CallLike | ts.AwaitExpression): ts.Node {
  return 'tag' in call ? call.tag : call.expression;
}

function wayTo({ reached: { path, outbound } }: Step): readonly ts.Node[] {
  return [...path, outbound.callee];
}

/** A file that reaches no package that publishes has nothing to say twice. */
function mayPublish(file: ts.SourceFile, { isTyped, reachesAny, catalogue }: Analysis): boolean {
  return !isTyped || reachesAny(file, publishers(catalogue));
}

const publishersOf = new WeakMap<CatalogueIndex, ReadonlySet<string>>();

function publishers(catalogue: CatalogueIndex): ReadonlySet<string> {
  let modules = publishersOf.get(catalogue);
  if (!modules) {
    modules = new Set(catalogue.names.filter((name) => catalogue.module(name)?.kind === 'broker' || isMessaging(name)));
    publishersOf.set(catalogue, modules);
  }
  return modules;
}

/** Callbacks that run then and there are part of the function around them. */
const inPlace =
  /^(?:map|flatMap|forEach|filter|some|every|reduce|then|finally|all|execute|transaction|\$transaction|withTransaction|transactional|begin|tx|run)$/;

function callsByFunction(file: ts.SourceFile, { ts, facts }: Analysis): ReadonlyMap<ts.Node, readonly CallLike[]> {
  const found = new Map<ts.Node, CallLike[]>();
  for (const call of facts(file).calls) {
    const owner = ownerOf(call, ts);
    if (!owner) continue;
    const same = found.get(owner);
    if (same) same.push(call);
    else found.set(owner, [call]);
  }
  for (const [owner, calls] of found) if (calls.length < 2) found.delete(owner);
  return found;
}

function ownerOf(call: ts.Node, ts: Analysis['ts']): ts.Node | undefined {
  for (let node = call.parent; node; node = node.parent) {
    if (!ts.isFunctionLike(node)) continue;
    const { parent } = node;
    if (!ts.isCallExpression(parent) || parent.expression === node) return node;
    const callee = parent.expression;
    const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
    if (!inPlace.test(name)) return node;
  }
  return undefined;
}

/** What hands on from an outbox, undoes the steps of a saga, or is called again until it succeeds. */
function isRelay(owner: ts.Node, { ts }: Analysis): boolean {
  const names: string[] = [owner.getSourceFile().fileName.split('/').at(-1) ?? ''];
  for (let node = owner; node && !ts.isSourceFile(node); node = node.parent) {
    const { name } = node as Partial<ts.NamedDeclaration>;
    if (name) names.push(name.getText());
    const isHandler = ts.isNewExpression(node.parent) && node.parent.expression.getText() === 'Worker';
    const isCallback = ts.isPropertyAssignment(node) && /^each(?:Message|Batch)$/.test(node.name.getText());
    const isConsumer =
      ts.isCallExpression(node.parent) &&
      ts.isPropertyAccessExpression(node.parent.expression) &&
      /^(?:consume|process|work)$/.test(node.parent.expression.name.text);
    if (isHandler || isCallback || isConsumer) return true;
  }
  return names.some((name) => /outbox|relay|saga|compensat|migrat|seed/i.test(name)) || /outbox/i.test(owner.getText());
}

function mentionsOutbox({ outbound, path }: Reached): boolean {
  return [...path, outbound.node].some((node) => /outbox/i.test(node.getText()));
}

/** A job whose worker, in sight, writes nothing: losing it loses nothing. */
function isReadOnlyJob(node: ts.Node, analysis: Analysis): boolean {
  const { ts, meanings, facts, ownFiles, reachable } = analysis;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const queue = meanings.of(node.expression.expression);
  if (queue?.kind !== 'instance' || queue.module !== 'bullmq' || !queue.creation) return false;
  const name = nameOf(queue.creation, ts);
  if (name === undefined) return false;
  const processors = ownFiles().flatMap((file) =>
    (facts(file).mentions.get('Worker') ?? []).flatMap(({ parent }) => {
      const processor = ts.isNewExpression(parent) && nameOf(parent, ts) === name ? parent.arguments?.[1] : undefined;
      return processor ? [processor] : [];
    }),
  );
  return (
    processors.length > 0 &&
    processors.every((processor) => reachable.from(processor).every(({ outbound }) => outbound.effect === 'read'))
  );
}

function nameOf(creation: CallLike, ts: Analysis['ts']): string | undefined {
  const first = argumentsOf(creation)[0];
  const name = first && unwrap(ts, first);
  return name && ts.isStringLiteralLike(name) ? name.text : undefined;
}
