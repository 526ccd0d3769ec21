import * as fs from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { isOwnSource, type Finding, type Preset } from '@holdfast/analysis';
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
import { displayPath, filesIn, loadProgram, noFiles, scopesOf, type Scope } from '../program.js';
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

  const results = scopesOf(paths, options.project, cwd).map((scope) => checkScope(scope, options, terminal));
  const sourceOf = (file: string): ts.SourceFile | undefined =>
    results.map(({ sourceOf }) => sourceOf(file)).find((source) => source !== undefined);
  const textOf = (file: string): string => sourceOf(file)?.text ?? '';
  const root = undoRoot(cwd, fs);
  const fileOf = (file: string): string => relative(root, file).split(sep).join('/');
  const all = nameFindings(
    results.flatMap(({ findings }) => findings),
    ({ file }) => fileOf(file),
    sourceOf,
  );
  const checked = new Set(results.flatMap(({ files }) => files).map(fileOf));
  // A file that is no more has no findings either, whatever was asked for.
  const isChecked = (file: string): boolean => checked.has(file) || !fs.existsSync(resolve(root, file));

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

  const faults = results.flatMap(({ faults }) => faults);
  for (const fault of faults) terminal.notes(`holdfast: could not judge ${fault}\n`);
  if (faults.length > 0) return exitCodes.failed;
  return findings.length === 0 ? exitCodes.clean : exitCodes.findings;
}

interface Result {
  readonly findings: readonly Finding[];
  readonly files: readonly string[];
  /** Faults of the analysis itself: a file that could not be judged is not a clean file. */
  readonly faults: readonly string[];
  sourceOf(file: string): ts.SourceFile | undefined;
}

function checkScope(scope: Scope, { preset }: CheckOptions, { cwd, notes, progress }: Terminal): Result {
  progress?.(`loading ${displayPath(scope.tsconfig, cwd)}`, 0, 0);
  const program = loadProgram(scope.tsconfig);
  const own = program
    .getSourceFiles()
    .filter((file) => isOwnSource(file) && !program.isSourceFileFromExternalLibrary(file))
    .map(({ fileName }) => fileName);
  const files = filesIn(own, scope, cwd);
  if (files.length === 0) throw noFiles(scope);
  const faults: string[] = [];
  const onError = (error: unknown, file: string): void =>
    void faults.push(`${displayPath(file, cwd)}: ${String(error)}`);
  const onWarning = (message: string): void => notes(`holdfast: ${message}\n`);
  const configs = createConfigLoader({ ts, onWarning, maxAge: Infinity });
  const analyzer = createConfiguredAnalyzer({ ts, program, preset, onError }, configs);
  const findings = files.flatMap((file, index) => {
    progress?.('judging', index, files.length);
    return analyzer.analyze(file);
  });
  return { findings, files, faults, sourceOf: (file) => program.getSourceFile(file) };
}
