import * as fs from 'node:fs';
import { createJournal, EditedSinceError, undoRoot, type Run } from '@holdfast/codemods';
import { exitCodes } from '../exit-codes.js';
import { count } from '../output/pretty.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

export interface UndoOptions {
  readonly list?: boolean;
  readonly keepEdited?: boolean;
}

/** `holdfast undo`: gives the files of a run back as they were. Returns the exit code. */
export function undo(id: string | undefined, { list, keepEdited = false }: UndoOptions, terminal: Terminal): number {
  const { cwd, out, colors } = terminal;
  const root = undoRoot(cwd, fs);
  const journal = createJournal(root, fs);
  const runs = journal.runs();
  if (list) {
    out(runs.map((run) => `${describe(run)}\n`).join('') || 'no runs to undo\n');
    return exitCodes.clean;
  }
  const run = id === undefined ? runs[0] : runs.find((run) => run.id === id);
  if (!run) {
    const known = runs.map((run) => `\n  ${describe(run)}`).join('');
    throw new UsageError(
      id === undefined
        ? `There is nothing to undo: ${root} has no runs in .holdfast/undo.`
        : `undo ${id}: there is no such run${known === '' ? '' : `. There are:${known}`}`,
    );
  }
  try {
    const { restored, kept } = journal.undo(run, { keepEdited });
    for (const file of kept) out(`${colors.yellow('kept')} ${file}: edited since\n`);
    out(`${colors.green('✓')} ${count(restored.length, 'file')} as before ${run.command}\n`);
    return kept.length > 0 ? exitCodes.findings : exitCodes.clean;
  } catch (error) {
    if (!(error instanceof EditedSinceError)) throw error;
    const files = error.files.map((file) => `  ${file}\n`).join('');
    throw new UsageError(
      `${count(error.files.length, 'file')} of this run were edited since, which undoing would lose; nothing was written:\n${files}Use --keep-edited to leave them as they are and undo the rest.`,
    );
  }
}

function describe({ id, command, files }: Run): string {
  return `${id}  ${command}  ${count(files.length, 'file')}`;
}
