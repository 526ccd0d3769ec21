import { dirname, relative, resolve } from 'node:path';
import { isOwnSource } from '@holdfast/analysis';
import { accountFor, createLoneAnalyzer, planLoneFile } from '@holdfast/codemods';
import ts from 'typescript';
import type { Outcome } from './output/report.js';
import type { Scope } from './program.js';

/** The source files of the scopes that no project has: nothing is changed there, and nothing is kept quiet about them. */
export function loneFiles(
  scopes: readonly Scope[],
  projectFiles: ReadonlySet<string>,
  from: string,
): readonly Outcome[] {
  const files = new Set(scopes.flatMap((scope) => sourcesIn(scope, from)).filter((file) => !projectFiles.has(file)));
  const callsOf = createLoneAnalyzer();
  return [...files].map((file) => {
    const text = ts.sys.readFile(file) ?? '';
    const calls = callsOf(file);
    const plan = planLoneFile(file, text, calls);
    return { plan, newErrors: [], calls: accountFor(calls, plan) };
  });
}

function sourcesIn({ tsconfig, paths }: Scope, from: string): string[] {
  const home = dirname(tsconfig);
  const roots = paths.length === 0 ? [home] : paths.map((path) => resolve(from, path));
  return roots.flatMap((root) => {
    if (ts.sys.fileExists(root)) return isSource(root) ? [root] : [];
    return (
      ts.sys
        .readDirectory(root, ['.ts', '.tsx', '.mts', '.cts'], ['**/node_modules', '**/dist', '**/.*'])
        .filter(isSource)
        // A folder with a tsconfig of its own is another project, which nobody asked about.
        .filter((file) => !isOfAnother(file, home))
    );
  });
}

function isSource(file: string): boolean {
  return (
    /\.[cm]?tsx?$/.test(file) &&
    isOwnSource({ fileName: file, isDeclarationFile: /\.d\.(?:\w+\.)?[cm]?ts$/.test(file) })
  );
}

function isOfAnother(file: string, home: string): boolean {
  const nearest = ts.findConfigFile(dirname(file), ts.sys.fileExists);
  return nearest !== undefined && !relative(home, dirname(nearest)).startsWith('..') && dirname(nearest) !== home;
}
