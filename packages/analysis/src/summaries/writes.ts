import type { Analysis } from '../analysis.js';
import { argumentsOf } from '../facts/file-facts.js';
import type { Outbound } from '../outbound.js';

/** Members that write whatever they are given, although it cannot be said what a repetition would do. */
const savingMembers =
  /^(?:save|insert|create|update|delete|remove|upsert|replace|bulkWrite|bulkCreate|findOneAnd(?:Update|Replace|Delete)|findByIdAnd|persist|flush|commit$)/;

/** Whether a call changes something, repeatable or not. */
export function isWrite({ kind, effect, target }: Outbound): boolean {
  if (effect === 'write' || effect === 'idempotent-write') return true;
  const isSaving = target.member !== undefined && savingMembers.test(target.member);
  return kind === 'db' && effect === 'unknown' && isSaving && target.row.transaction === undefined;
}

export function isDatabaseWrite(outbound: Outbound): boolean {
  return outbound.kind === 'db' && outbound.target.row.transaction === undefined && isWrite(outbound);
}

/** Packages of services that carry messages, and what sends one there. */
const messaging =
  /^@aws-sdk\/client-(?:sns|sqs|eventbridge|kinesis|firehose)$|^@google-cloud\/pubsub$|^@azure\/(?:service-bus|event-hubs)$/;
const sends = /^(?:send|publish|emit|add|enqueue|dispatch|produce|putEvents|putRecord|createJob)/i;
const sendCommands = /^new\s+(?:[\w$]+\.)?(?:Publish|SendMessage|PutEvents|PutRecord)/;
/** Queues that live in the database, where a job can be part of the transaction. */
const inDatabase = new Set(['pg-boss', 'agenda']);

export function isMessaging(module: string): boolean {
  return messaging.test(module);
}

/** Whether a call hands a message or a job to others. */
export function isPublish({ kind, effect, target, node }: Outbound, { ts }: Pick<Analysis, 'ts'>): boolean {
  if (effect === 'read' || inDatabase.has(target.module)) return false;
  const member = target.member ?? '';
  if (kind === 'broker') return sends.test(member) && effect !== 'unknown' && !/^addJobLog$/.test(member);
  if (!isMessaging(target.module)) return false;
  if (member !== 'send' || !target.module.startsWith('@aws-sdk/')) return sends.test(member);
  const command = ts.isAwaitExpression(node) ? undefined : argumentsOf(node)[0];
  return command !== undefined && sendCommands.test(command.getText());
}
