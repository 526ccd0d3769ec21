import { basename } from 'node:path';
import type { Verdict } from '@holdfast/codemods';
import { displayPath } from '../program.js';
import type { Terminal } from '../terminal.js';
import { count } from './pretty.js';
import type { Report } from './report.js';

/** What a command calls what it does: `guarded 3 calls`, `would guard 3 calls`. */
export interface Words {
  readonly done: string;
  readonly would: string;
  readonly thing: string;
  /** `nothing to guard` */
  readonly nothing: string;
  /** `Guard` `this.http.post`? */
  readonly ask: string;
}

/** What was left alone and why, then what to know about what was not. */
export function remarks(verdicts: readonly Verdict[], { colors, cwd }: Terminal): string {
  const skips = verdicts.flatMap(({ plan }) =>
    plan.skips.map((skip) => ({ ...skip, code: skip.reason, title: 'skipped' })),
  );
  const notes = verdicts
    .filter(({ newErrors }) => newErrors.length === 0)
    .flatMap(({ plan }) => plan.notes.map((note) => ({ ...note, title: 'note' })));
  return [...skips, ...notes]
    .map(({ call, code, message, title }) => {
      const place = `${displayPath(call.file, cwd)}:${String(call.line)}:${String(call.column)}`;
      return `${colors.yellow(title)} ${colors.cyan(place)} \`${call.text}\` ${colors.dim(code)}: ${message}\n`;
    })
    .join('');
}

export function refusals(refused: readonly Verdict[], { colors, cwd }: Terminal): string {
  const isMissing = refused.some(({ newErrors }) =>
    newErrors.some(({ code, message }) => code === 2307 && message.includes("'@holdfast/runtime")),
  );
  const texts = refused.map(({ plan, newErrors }) => {
    const errors = newErrors.map(({ file, line, code, message }) => {
      const where = file === plan.file ? '' : `${basename(file)} `;
      return `  ${where}line ${String(line)}: TS${String(code)} ${message}\n`;
    });
    return `${colors.red('refused')} ${displayPath(plan.file, cwd)}: the result would not type-check\n${errors.join('')}`;
  });
  const hint = isMissing ? 'Install @holdfast/runtime in the project first: the guards import it.\n' : '';
  return texts.join('') + hint;
}

export function summary({ totals, run }: Report, words: Words, { colors }: Terminal): string {
  const { changed, skipped, refusedFiles, changedFiles, files } = totals;
  const left = [
    ...(skipped > 0 ? [`${String(skipped)} skipped`] : []),
    ...(refusedFiles > 0 ? [`${count(refusedFiles, 'file')} refused`] : []),
  ];
  const rest = left.length > 0 ? `, ${left.join(', ')}` : '';
  if (changed === 0) {
    return rest === ''
      ? `${colors.green('✓')} ${count(files, 'file')} looked at, ${words.nothing}\n`
      : `${colors.yellow('!')} no ${words.thing} ${words.done}${rest}\n`;
  }
  const done = `${count(changed, words.thing)} in ${count(changedFiles, 'file')}${rest}`;
  return run === undefined
    ? `${colors.cyan('i')} would ${words.would} ${done}. Nothing was written: add --write.\n`
    : `${colors.green('✓')} ${words.done} ${done}. Take it back with: holdfast undo\n`;
}
