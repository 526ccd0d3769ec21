import * as fs from 'node:fs';
import { basename, relative, sep } from 'node:path';
import { serviceMap, type CallGraph } from '@holdfast/analysis';
import { createConfigLoader, createConfiguredAnalyzer } from '@holdfast/analysis/config';
import { undoRoot } from '@holdfast/codemods';
import ts from 'typescript';
import { exitCodes } from '../exit-codes.js';
import { html } from '../map/html.js';
import { partOf } from '../map/part.js';
import { svg } from '../map/svg.js';
import { displayPath, filesIn, loadProgram, noFiles, ownFiles, scopesOf, type Scope } from '../program.js';
import type { Terminal } from '../terminal.js';

export const mapFormats = ['html', 'svg', 'json'] as const;

export interface MapOptions {
  readonly project?: string;
  readonly format: (typeof mapFormats)[number];
}

/** `holdfast map`: draws what leads to the dependencies of a service. Returns the exit code. */
export function map(paths: readonly string[], { project, format }: MapOptions, terminal: Terminal): number {
  const { cwd, notes } = terminal;
  const root = undoRoot(cwd, fs);
  const fileOf = (file: string): string => relative(root, file).split(sep).join('/');
  const results = scopesOf(paths, project, cwd).map((scope) => readScope(scope, fileOf, terminal));
  const whole = serviceMap(results.map(({ graph }) => graph));
  const selected = new Set(results.flatMap(({ selected }) => selected.map(fileOf)));
  const drawn = paths.length === 0 ? whole : partOf(whole, selected);
  const write: Record<MapOptions['format'], () => string> = {
    html: () => html(drawn, `Service map of ${basename(cwd)}`),
    svg: () => svg(drawn),
    json: () => `${JSON.stringify({ version: 1, ...drawn }, undefined, 2)}\n`,
  };
  terminal.out(write[format]());

  const faults = results.flatMap(({ faults }) => faults);
  for (const { file, error } of faults) {
    notes(`holdfast: could not read ${displayPath(file, cwd)}: ${String(error)}\n`);
  }
  return faults.length > 0 ? exitCodes.failed : exitCodes.clean;
}

interface Result {
  /** The program itself is not kept: the next one needs the room. */
  readonly graph: CallGraph;
  readonly selected: readonly string[];
  readonly faults: readonly { readonly file: string; readonly error: unknown }[];
}

/** All of a project, whatever paths were named: what a function takes is more than what one file of it says. */
function readScope(scope: Scope, fileOf: (file: string) => string, { cwd, notes, progress }: Terminal): Result {
  progress?.(`loading ${displayPath(scope.tsconfig, cwd)}`, 0, 0);
  const program = loadProgram(scope.tsconfig);
  const files = ownFiles(program);
  const selected = filesIn(files, scope, cwd);
  if (selected.length === 0) throw noFiles(scope);
  progress?.('mapping', 0, 0);
  const faults: { file: string; error: unknown }[] = [];
  const onError = (error: unknown, file: string): void => void faults.push({ file, error });
  const onWarning = (message: string): void => notes(`holdfast: ${message}\n`);
  const configs = createConfigLoader({ ts, onWarning, maxAge: Infinity });
  const graph = createConfiguredAnalyzer({ ts, program, onError }, configs).callGraph(files, fileOf);
  return { graph, selected, faults };
}
