import { isAbsolute, relative, resolve, sep } from 'node:path';
import { withOlderDefaults } from '@holdfast/codemods';
import ts from 'typescript';
import { UsageError } from './usage-error.js';

/** A project to load, and the paths in it that were asked for. No paths: all of it. */
export interface Scope {
  readonly tsconfig: string;
  readonly paths: readonly string[];
}

/** The projects to load: the one named, or for each path the one that is nearest to it. */
export function scopesOf(paths: readonly string[], project: string | undefined, from: string): readonly Scope[] {
  for (const path of paths) {
    const absolute = resolve(from, path);
    if (!ts.sys.fileExists(absolute) && !ts.sys.directoryExists(absolute)) {
      throw new UsageError(`${path}: there is no such file or folder (looked for ${absolute}).`);
    }
  }
  if (project !== undefined) return [{ tsconfig: namedTsconfig(project, from), paths }];
  if (paths.length === 0) return [{ tsconfig: nearestTsconfig(from), paths }];
  const scopes = new Map<string, string[]>();
  for (const path of paths) {
    const tsconfig = nearestTsconfig(resolve(from, path));
    scopes.set(tsconfig, [...(scopes.get(tsconfig) ?? []), path]);
  }
  return [...scopes].map(([tsconfig, paths]) => ({ tsconfig, paths }));
}

function namedTsconfig(project: string, from: string): string {
  const path = resolve(from, project);
  const file = ts.sys.directoryExists(path) ? resolve(path, 'tsconfig.json') : path;
  if (!ts.sys.fileExists(file)) {
    throw new UsageError(`--project ${project}: there is no such file (looked for ${file}).`);
  }
  return file;
}

function nearestTsconfig(path: string): string {
  const found = ts.findConfigFile(path, ts.sys.fileExists);
  if (found !== undefined) return found;
  throw new UsageError(`No tsconfig.json in ${path} or above: name one with --project <file>.`);
}

/** A tsconfig that lists files. */
interface Config extends ts.ParsedCommandLine {
  readonly tsconfig: string;
}

/** The configurations behind a tsconfig: itself, or when it is a solution file those that it refers to. */
export function configsOf(tsconfig: string): readonly Config[] {
  const config = parse(tsconfig);
  const configs = config.fileNames.length > 0 ? [config] : referenced(config, new Set([tsconfig]));
  const filled = configs.filter(({ fileNames }) => fileNames.length > 0);
  if (filled.length > 0) return filled;
  throw new UsageError(`0 files matched: ${tsconfig} includes none (${describeGlobs(config)}).`);
}

/** One program over everything: guards of one project are seen from the other. */
export function loadProgram(tsconfig: string): ts.Program {
  const configs = configsOf(tsconfig);
  const rootNames = [...new Set(configs.flatMap(({ fileNames }) => fileNames))];
  return ts.createProgram({ rootNames, options: { ...configs[0]?.options, noEmit: true } });
}

/** Keeps the files at or below the paths of a scope. */
export function filesIn(files: readonly string[], { paths }: Scope, from: string): readonly string[] {
  const roots = paths.map((path) => resolve(from, path));
  return roots.length === 0 ? files : files.filter((file) => roots.some((root) => isWithin(resolve(file), root)));
}

/** What to say when a scope holds no file: nobody may take that for "all is well". */
export function noFiles({ tsconfig, paths }: Scope): UsageError {
  const asked = paths.length === 0 ? 'the whole project' : paths.join(', ');
  return new UsageError(
    `0 files matched: ${asked} holds no source file of ${tsconfig} (${describeGlobs(parse(tsconfig))}; tests and declarations are left out).`,
  );
}

function isWithin(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path));
}

function parse(tsconfig: string): Config {
  // The parser carries on after a syntax error, with a project nobody wrote.
  let fault = ts.readConfigFile(tsconfig, ts.sys.readFile).error;
  const config = ts.getParsedCommandLineOfConfigFile(tsconfig, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => (fault ??= diagnostic),
  });
  // 18002 and 18003: no files. That has a message of its own, with the globs in it.
  const error =
    fault ??
    config?.errors.find(
      ({ code, category }) => category === ts.DiagnosticCategory.Error && code !== 18002 && code !== 18003,
    );
  if (!config || error) {
    throw new UsageError(
      `${tsconfig}: ${ts.flattenDiagnosticMessageText(error?.messageText, ' ') || 'cannot be read'}`,
    );
  }
  return { ...config, options: asItsOwnCompiler(config.options, tsconfig), tsconfig };
}

/** The same options, declared a second time by the codemods' copy of the compiler. */
function asItsOwnCompiler(options: ts.CompilerOptions, tsconfig: string): ts.CompilerOptions {
  return withOlderDefaults(options as never, tsconfig) as unknown as ts.CompilerOptions;
}

function referenced(config: Config, seen: Set<string>): Config[] {
  return (config.projectReferences ?? []).flatMap((reference) => {
    const file = ts.resolveProjectReferencePath(reference);
    if (seen.has(file)) return [];
    seen.add(file);
    const part = parse(file);
    return [part, ...referenced(part, seen)];
  });
}

function describeGlobs({ raw }: Config): string {
  const { files, include, exclude } = raw as Partial<Record<'files' | 'include' | 'exclude', readonly string[]>>;
  const globs = { files, include: include ?? (files ? undefined : ['**/*']), exclude };
  return Object.entries(globs)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ');
}

/** Paths as people write them. */
export function displayPath(file: string, from: string): string {
  const path = relative(from, file);
  return path === '' || path.startsWith('..') ? file : path;
}
