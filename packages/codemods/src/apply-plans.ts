import * as fs from 'node:fs';
import type { FileSystem } from './files.js';
import { createJournal, journalEntry, type Run } from './journal.js';
import { editedText, type Plan } from './plan.js';

/** A file is not the one that was planned for; nothing was written. */
export class StalePlanError extends Error {
  readonly file: string;

  constructor(file: string) {
    super(`${file} has changed since it was planned, or is not UTF-8`);
    this.name = 'StalePlanError';
    this.file = file;
  }
}

export interface ApplyOptions {
  /** The folder that gets `.holdfast/undo`. */
  readonly root: string;
  /** What the run is called in the list of runs, such as `guard src`. */
  readonly command: string;
  /** Names the run, so it has to be new. */
  readonly now: Date;
  readonly fs?: FileSystem;
}

/**
 * Writes plans, each file at once: a crash leaves every file either old or new, and `undo` gives back what there was. When a file
 * cannot be written, those before it are given back.
 *
 * @returns The run, to undo it by; nothing when no plan changes anything.
 * @throws {StalePlanError} When a file no longer holds the text that was planned for; nothing was written.
 */
export function applyPlans(
  plans: readonly Plan[],
  { root, command, now, fs: files = fs }: ApplyOptions,
): Run | undefined {
  const changing = plans.filter(({ edits }) => edits.length > 0).map((plan) => prepare(plan, files));
  if (changing.length === 0) return undefined;
  const journal = createJournal(root, files);
  const run: Run = {
    id: now.toISOString().replaceAll(/[:.]/g, '-'),
    command,
    files: changing.map(({ file, mode, before, after }) => journalEntry(root, file, mode, before, after)),
  };
  journal.record(run);
  try {
    for (const { file, after, mode } of changing) journal.write(run, file, after, mode);
  } catch (error) {
    journal.undo(run);
    throw error;
  }
  return run;
}

function prepare(plan: Plan, files: FileSystem): { file: string; mode: number; before: string | null; after: string } {
  // A plan for no text may make the file.
  if (plan.text === '' && !files.existsSync(plan.file)) {
    return { file: plan.file, mode: 0o644, before: null, after: editedText(plan) };
  }
  // A link stays a link.
  const file = files.realpathSync(plan.file);
  const bytes = files.readFileSync(file);
  const mark = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? '\uFEFF' : '';
  const before = mark + plan.text;
  if (!bytes.equals(Buffer.from(before))) throw new StalePlanError(plan.file);
  return { file, mode: files.statSync(file).mode & 0o7777, before, after: mark + editedText(plan) };
}
