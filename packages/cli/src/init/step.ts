import { join } from 'node:path';
import type { Plan } from '@holdfast/codemods';

/** What `init` can do by itself for one part of the set-up, or what it asks a person to do. */
export type Step = { readonly plan: Plan } | { readonly byHand: string } | undefined;

/** A plan for one file, which need not be there yet. */
export function planFor(folder: string, name: string, text: string, edits: Plan['edits']): Step {
  return { plan: { file: join(folder, name), text, edits, changes: [], skips: [], notes: [] } };
}
