import * as fs from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Preset } from '@holdfast/analysis';
import { createConfigLoader, createConfiguredAnalyzer } from '@holdfast/analysis/config';
import { undoRoot } from '@holdfast/codemods';
import ts from 'typescript';
import { compare, readBaseline, writeBaseline } from '../baseline.js';
import { exitCodes } from '../exit-codes.js';
import { nameFindings, type NamedFinding } from '../output/fingerprint.js';
import { github } from '../output/github.js';
import { json } from '../output/json.js';
import { count, pretty, summary } from '../output/pretty.js';
import { sarif } from '../output/sarif.js';
import { displayPath, filesIn, loadProgram, noFiles, ownFiles, scopesOf, type Scope } from '../program.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

export const formats = ['pretty', 'json', 'sarif', 'github'] as const;

export interface CheckOptions {
  readonly project?: string;
  readonly format: (typeof formats)[number];
  readonly preset: Preset;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
}

/** `holdfast check`: judges the files of a project. Returns the exit code. */
export function check(paths: readonly string[], options: CheckOptions, version: string, terminal: Terminal): number {
  const { cwd } = terminal;
  if (options.updateBaseline && options.baseline === undefined) {
    throw new UsageError('--update-baseline needs --baseline <file>: the file to write.');
  }
  // Before the work: nobody waits for minutes to hear of a mistyped name.
  const baselineFile = options.baseline === undefined ? undefined : resolve(cwd, options.baseline);
  const baseline =
    baselineFile === undefined || (options.updateBaseline && !fs.existsSync(baselineFile))
      ? undefined
      : readBaseline(baselineFile, options.baseline!);

  const root = undoRoot(cwd, fs);
  const fileOf = (file: string): string => relative(root, file).split(sep).join('/');
  const seen = new Set<string>();
  const results = scopesOf(paths, options.project, cwd).map((scope) =>
    checkScope(scope, seen, fileOf, options, terminal),
  );
  const all = results.flatMap(({ findings }) => findings);
  const texts = new Map(results.flatMap(({ texts }) => [...texts]));
  const textOf = (file: string): string => texts.get(file) ?? '';
  const faults = results.flatMap(({ faults }) => faults);
  const checked = new Set([...seen].map(fileOf));
  const unjudged = new Set(faults.map(({ file }) => fileOf(file)));
  // A file that is no more has no findings either, whatever was asked for.
  const isChecked = (file: string): boolean =>
    (checked.has(file) && !unjudged.has(file)) || !fs.existsSync(resolve(root, file));

  let shown: readonly NamedFinding[] = all;
  if (baselineFile !== undefined && options.updateBaseline) {
    writeBaseline(baselineFile, all, baseline, isChecked);
    terminal.notes(`holdfast: ${options.baseline!} holds ${count(all.length, 'finding')} of what was checked\n`);
    shown = [];
  } else if (baseline) {
    const { fresh, gone } = compare(baseline, all, isChecked);
    shown = fresh;
    if (gone.length > 0) {
      terminal.notes(
        `holdfast: ${count(gone.length, 'finding')} of ${options.baseline!} ${gone.length === 1 ? 'is' : 'are'} gone: take ${gone.length === 1 ? 'it' : 'them'} out with --update-baseline\n`,
      );
    }
  }

  const findings = shown.map(({ finding }) => finding);
  const write: Record<CheckOptions['format'], () => string> = {
    pretty: () => pretty(findings, textOf, terminal) + summary(findings, checked.size, terminal),
    json: () => json(shown, checked.size),
    sarif: () => sarif(shown, version, fileOf, textOf),
    github: () => github(shown),
  };
  terminal.out(write[options.format]());

  for (const { file, error } of faults) {
    terminal.notes(`holdfast: could not judge ${displayPath(file, cwd)}: ${String(error)}\n`);
  }
  if (faults.length > 0) return exitCodes.failed;
  return findings.length === 0 ? exitCodes.clean : exitCodes.findings;
}

interface Result {
  readonly findings: readonly NamedFinding[];
  /** Of the files with findings. The program itself is not kept: the next one needs the room. */
  readonly texts: ReadonlyMap<string, string>;
  /** Faults of the analysis itself: a file that could not be judged is not a clean file. */
  readonly faults: readonly { readonly file: string; readonly error: unknown }[];
}

/** Judges the files of a scope that none before it had. */
function checkScope(
  scope: Scope,
  seen: Set<string>,
  fileOf: (file: string) => string,
  { preset }: CheckOptions,
  { cwd, notes, progress }: Terminal,
): Result {
  progress?.(`loading ${displayPath(scope.tsconfig, cwd)}`, 0, 0);
  const program = loadProgram(scope.tsconfig);
  const selected = filesIn(ownFiles(program), scope, cwd);
  if (selected.length === 0) throw noFiles(scope);
  const files = selected.filter((file) => !seen.has(file));
  for (const file of files) seen.add(file);
  const faults: { file: string; error: unknown }[] = [];
  const onError = (error: unknown, file: string): void => void faults.push({ file, error });
  const onWarning = (message: string): void => notes(`holdfast: ${message}\n`);
  const configs = createConfigLoader({ ts, onWarning, maxAge: Infinity });
  const analyzer = createConfiguredAnalyzer({ ts, program, preset, onError }, configs);
  const found = files.flatMap((file, index) => {
    progress?.('judging', index, files.length);
    return analyzer.analyze(file);
  });
  const findings = nameFindings(
    found,
    ({ file }) => fileOf(file),
    (file) => program.getSourceFile(file),
  );
  const texts = new Map(found.map(({ file }) => [file, program.getSourceFile(file)?.text ?? '']));
  return { findings, texts, faults };
}
