import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { analyzeFile, applyPlan, editedText, loadProject, planGuard, verify, type Verdict } from '@holdfast/codemods';
import { createTwoFilesPatch } from 'diff';
import { exitCodes } from '../exit-codes.js';
import { count } from '../output/pretty.js';
import { configsOf, displayPath, scopesOf, selectFiles, type Scope } from '../program.js';
import type { Colors, Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

export interface GuardOptions {
  readonly project?: string;
  readonly write?: boolean;
  readonly report?: string;
}

/** `holdfast guard`: plans guards, shows them, and writes them when told to. Returns the exit code. */
export function guard(paths: readonly string[], options: GuardOptions, terminal: Terminal): number {
  const { cwd } = terminal;
  const verdicts = scopesOf(paths, options.project, cwd).flatMap((scope) => planScope(scope, cwd));
  const sound = verdicts.filter(({ plan, newErrors }) => plan.edits.length > 0 && newErrors.length === 0);
  const refused = verdicts.filter(({ newErrors }) => newErrors.length > 0);
  for (const { plan } of sound) {
    const name = displayPath(plan.file, cwd);
    terminal.out(paint(createTwoFilesPatch(name, name, plan.text, editedText(plan)), terminal.colors));
  }
  terminal.out(remarks(verdicts, terminal));
  terminal.out(refusals(refused, terminal));
  if (options.write) for (const { plan } of sound) applyPlan(plan);
  if (options.report !== undefined) writeReport(resolve(cwd, options.report), verdicts, options.write === true, cwd);
  terminal.out(summary(verdicts, options.write === true, verdicts.length, terminal));

  const isUndone = !options.write && sound.length > 0;
  const isLeft = refused.length > 0 || verdicts.some(({ plan }) => plan.skips.length > 0);
  return isUndone || isLeft ? exitCodes.findings : exitCodes.clean;
}

function planScope(scope: Scope, cwd: string): Verdict[] {
  const projects = configsOf(scope.tsconfig).map(({ tsconfig }) => loadProject(tsconfig));
  const selected = selectFiles([...new Set(projects.flatMap(({ files }) => files))], scope, cwd);
  return projects.flatMap((project, index) => {
    // A file of several projects is planned once, in the first that has it.
    const isFirst = (file: string): boolean => projects.findIndex(({ files }) => files.includes(file)) === index;
    const plans = selected.filter(isFirst).map((file) => planGuard(analyzeFile(project, file)));
    return verify(project.program, plans);
  });
}

function paint(patch: string, colors: Colors): string {
  // The first two lines are a heading for patch files of other tools.
  return patch
    .split('\n')
    .filter((line) => !/^(?:Index: |={20})/.test(line))
    .map((line) => {
      if (/^(?:---|\+\+\+)/.test(line)) return colors.bold(line);
      if (line.startsWith('+')) return colors.green(line);
      if (line.startsWith('-')) return colors.red(line);
      return line.startsWith('@@') ? colors.cyan(line) : line;
    })
    .join('\n');
}

/** What was left alone and why, then what to know about what was not. */
function remarks(verdicts: readonly Verdict[], { colors, cwd }: Terminal): string {
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

function refusals(refused: readonly Verdict[], { colors, cwd }: Terminal): string {
  const isMissing = refused.some(({ newErrors }) =>
    newErrors.some(({ code, message }) => code === 2307 && message.includes("'@holdfast/runtime")),
  );
  const texts = refused.map(({ plan, newErrors }) => {
    const errors = newErrors.map(({ line, code, message }) => `  line ${String(line)}: TS${String(code)} ${message}\n`);
    return `${colors.red('refused')} ${displayPath(plan.file, cwd)}: the result would not type-check\n${errors.join('')}`;
  });
  const hint = isMissing ? 'Install @holdfast/runtime in the project first: the guards import it.\n' : '';
  return texts.join('') + hint;
}

function summary(verdicts: readonly Verdict[], isWritten: boolean, fileCount: number, { colors }: Terminal): string {
  const sound = verdicts.filter(({ newErrors }) => newErrors.length === 0);
  const guarded = sound.flatMap(({ plan }) => plan.changes).length;
  const files = sound.filter(({ plan }) => plan.edits.length > 0).length;
  const skipped = verdicts.flatMap(({ plan }) => plan.skips).length;
  const refused = verdicts.length - sound.length;
  const left = [
    ...(skipped > 0 ? [`${String(skipped)} skipped`] : []),
    ...(refused > 0 ? [`${count(refused, 'file')} refused`] : []),
  ];
  const rest = left.length > 0 ? `, ${left.join(', ')}` : '';
  if (guarded === 0) {
    return rest === ''
      ? `${colors.green('✓')} ${count(fileCount, 'file')} looked at, nothing to guard\n`
      : `${colors.yellow('!')} no call guarded${rest}\n`;
  }
  const done = `${count(guarded, 'call')} in ${count(files, 'file')}${rest}`;
  return isWritten
    ? `${colors.green('✓')} guarded ${done}\n`
    : `${colors.cyan('i')} would guard ${done}. Nothing was written: add --write.\n`;
}

function writeReport(file: string, verdicts: readonly Verdict[], isWritten: boolean, cwd: string): void {
  const files = verdicts
    .filter(({ plan }) => plan.changes.length + plan.skips.length > 0)
    .map(({ plan, newErrors }) => ({
      file: displayPath(plan.file, cwd),
      state:
        newErrors.length > 0 ? 'refused' : plan.edits.length === 0 ? 'unchanged' : isWritten ? 'written' : 'planned',
      changes: plan.changes,
      skips: plan.skips,
      notes: plan.notes,
      newErrors,
    }));
  try {
    writeFileSync(file, `${JSON.stringify({ version: 1, files }, undefined, 2)}\n`);
  } catch (error) {
    throw new UsageError(`--report ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
