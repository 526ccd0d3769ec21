import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { editedText, type Plan } from './plan.js';

/** The file is not the one that was planned for; nothing was written. */
export class StalePlanError extends Error {
  readonly file: string;

  constructor(file: string) {
    super(`${file} has changed since it was planned, or is not UTF-8`);
    this.name = 'StalePlanError';
    this.file = file;
  }
}

/**
 * Writes a plan: the whole file at once, beside it and then over it, so that nobody ever reads half of it.
 *
 * @throws {StalePlanError} When the file no longer holds the text that was planned for.
 */
export function applyPlan(plan: Plan): void {
  if (plan.edits.length === 0) return;
  // A link stays a link.
  const file = realpathSync(plan.file);
  const bytes = readFileSync(file);
  const mark = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? '\uFEFF' : '';
  if (!bytes.equals(Buffer.from(mark + plan.text))) throw new StalePlanError(plan.file);
  const temporary = `${file}.${String(process.pid)}.holdfast`;
  try {
    writeFileSync(temporary, mark + editedText(plan), { flag: 'wx' });
    chmodSync(temporary, statSync(file).mode);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
