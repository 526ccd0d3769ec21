import type { Location, OutboundCall } from '@holdfast/analysis';
import type { Change, Plan, Skip } from './plan.js';
import type { AnalyzedFile } from './project.js';

/** Why a call was no matter for a plan although nothing that can be seen guards it. */
export type LeftReason = 'ignored' | 'library-default' | 'uncertain';

/** What became of one outbound call. */
export type CallAccount = { readonly call: Change['call'] } & (
  | { readonly state: 'changed'; readonly form: Change['form']; readonly policies: readonly string[] }
  | { readonly state: 'guarded'; readonly by: string }
  | { readonly state: 'left'; readonly reason: LeftReason; readonly message: string }
  | { readonly state: 'skipped'; readonly reason: Skip['reason']; readonly message: string }
);

const leftMessages: Readonly<Record<LeftReason, string>> = {
  ignored: 'A comment in the code says that it may stay as it is.',
  'library-default': 'The library gives up by itself: `check --preset strict` reports it.',
  uncertain: 'It may be guarded by code that cannot be seen: `check --preset strict` reports it.',
};

/** Every outbound call of a file, in the order of the text, and what the plan does about it. */
export function accountFor({ outboundCalls }: Pick<AnalyzedFile, 'outboundCalls'>, plan: Plan): CallAccount[] {
  const at = <T extends { readonly call: Location }>(all: readonly T[]): Map<number, T> =>
    new Map(all.map((one) => [one.call.start, one]));
  const [changes, skips] = [at(plan.changes), at(plan.skips)];
  return [...outboundCalls]
    .sort((a, b) => a.start - b.start)
    .map((outbound): CallAccount => {
      const call = placeOf(outbound);
      const change = changes.get(call.start);
      if (change) return { call, state: 'changed', form: change.form, policies: change.policies };
      const skip = skips.get(call.start);
      if (skip) return { call, state: 'skipped', reason: skip.reason, message: skip.message };
      if (outbound.guard) return { call, state: 'guarded', by: outbound.guard.policy };
      if (outbound.timeout === 'own') return { call, state: 'guarded', by: 'its own timeout' };
      const reason =
        outbound.timeout === 'default' ? 'library-default' : outbound.confidence === 'likely' ? 'uncertain' : 'ignored';
      return { call, state: 'left', reason, message: leftMessages[reason] };
    });
}

/** Where a call is, and its callee as written. */
export function placeOf({ file, start, end, line, column, endLine, endColumn, callee }: OutboundCall): Change['call'] {
  return { file, start, end, line, column, endLine, endColumn, text: callee.text };
}
