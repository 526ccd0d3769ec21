import type { Location, OutboundCall } from '@holdfast/analysis';
import type { Change, Plan, Skip } from './plan.js';
import type { OutboundCalls } from './project.js';

/** Why a call was no matter for a plan although nothing that can be seen guards it. `unguarded` is for plans of another purpose. */
export type LeftReason = 'ignored' | 'library-default' | 'uncertain' | 'unguarded';

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
  unguarded: 'Nothing guards it, which is not what this run is about: `guard` is.',
};

/** Every outbound call of a file, in the order of the text, and what the plan does about it. */
export function accountFor({ outboundCalls, unguardedCalls }: OutboundCalls, plan: Plan): CallAccount[] {
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
      const reason = unguardedCalls.includes(outbound) ? 'unguarded' : whyUnreported(outbound);
      return { call, state: 'left', reason, message: leftMessages[reason] };
    });
}

/** Why the rule says nothing of a call that nothing guards. */
function whyUnreported({ timeout, confidence }: OutboundCall): LeftReason {
  if (timeout === 'default') return 'library-default';
  return confidence === 'likely' ? 'uncertain' : 'ignored';
}

/** Where a call is, and its callee as written. */
export function placeOf({ file, start, end, line, column, endLine, endColumn, callee }: OutboundCall): Change['call'] {
  return { file, start, end, line, column, endLine, endColumn, text: callee.text };
}
