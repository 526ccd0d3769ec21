import { placeOf } from './account.js';
import { skipMessages } from './guard/skip-messages.js';
import type { Plan } from './plan.js';
import type { OutboundCalls } from './project.js';

/** What to do in a file that no project has: nothing, and to say so of each call that needs something. */
export function planLoneFile(file: string, text: string, { unguardedCalls }: OutboundCalls): Plan {
  const reason = 'no-project';
  const skips = unguardedCalls.map((call) => ({ call: placeOf(call), reason, message: skipMessages[reason] }) as const);
  return { file, text, edits: [], changes: [], skips, notes: [] };
}
