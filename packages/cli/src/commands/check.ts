import { isOwnSource, type Finding, type Preset } from '@holdfast/analysis';
import { createConfigLoader, createConfiguredAnalyzer } from '@holdfast/analysis/config';
import ts from 'typescript';
import { exitCodes } from '../exit-codes.js';
import { json } from '../output/json.js';
import { pretty, summary } from '../output/pretty.js';
import { displayPath, filesIn, loadProgram, noFiles, scopesOf, type Scope } from '../program.js';
import type { Terminal } from '../terminal.js';

export interface CheckOptions {
  readonly project?: string;
  readonly format: 'json' | 'pretty';
  readonly preset: Preset;
}

/** `holdfast check`: judges the files of a project. Returns the exit code. */
export function check(paths: readonly string[], options: CheckOptions, terminal: Terminal): number {
  const { cwd } = terminal;
  const results = scopesOf(paths, options.project, cwd).map((scope) => checkScope(scope, options, terminal));
  const findings = results.flatMap(({ findings }) => findings);
  const fileCount = results.reduce((sum, { fileCount }) => sum + fileCount, 0);
  const textOf = (file: string): string =>
    results.map(({ textOf }) => textOf(file)).find((text) => text !== undefined) ?? '';
  if (options.format === 'json') terminal.out(json(findings, fileCount));
  else terminal.out(pretty(findings, textOf, terminal) + summary(findings, fileCount, terminal));

  const faults = results.flatMap(({ faults }) => faults);
  for (const fault of faults) terminal.notes(`holdfast: could not judge ${fault}\n`);
  if (faults.length > 0) return exitCodes.failed;
  return findings.length === 0 ? exitCodes.clean : exitCodes.findings;
}

interface Result {
  readonly findings: readonly Finding[];
  readonly fileCount: number;
  /** Faults of the analysis itself: a file that could not be judged is not a clean file. */
  readonly faults: readonly string[];
  textOf(file: string): string | undefined;
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
  return { findings, fileCount: files.length, faults, textOf: (file) => program.getSourceFile(file)?.text };
}
