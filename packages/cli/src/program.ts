import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { isOwnSource } from '@holdfast/analysis';
import { withOlderDefaults } from '@holdfast/analysis/config';
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
    const tsconfig = tsconfigOf(resolve(from, path));
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

/** The nearest project that has files at or below a path; where none lists any, the nearest. */
function tsconfigOf(path: string): string {
  const nearest = nearestTsconfig(path);
  // What is further up, or referred to, is no reason to give up here; that the nearest cannot be read is.
  parse(nearest);
  for (let tsconfig: string | undefined = nearest; tsconfig !== undefined; tsconfig = tsconfigAbove(tsconfig)) {
    const lists = ({ fileNames }: Config): boolean => fileNames.some((file) => isWithin(resolve(file), path));
    if (readableConfigs(tsconfig).some(lists)) return tsconfig;
  }
  return nearest;
}

function tsconfigAbove(tsconfig: string): string | undefined {
  const folder = dirname(tsconfig);
  return dirname(folder) === folder ? undefined : ts.findConfigFile(dirname(folder), ts.sys.fileExists);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** A tsconfig with the files that it lists. */
export interface Config extends ts.ParsedCommandLine {
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

/** A configuration and those that it refers to, as far as they can be read, without those that list no files. */
export function readableConfigs(tsconfig: string): readonly Config[] {
  const config = attempt(() => parse(tsconfig));
  if (!config) return [];
  const others = attempt(() => referenced(config, new Set([tsconfig]))) ?? [];
  return [config, ...others].filter(({ fileNames }) => fileNames.length > 0);
}

/** Other configurations beside some, such as a `tsconfig.spec.json`, that say themselves which files they take. */
export function configsBeside(configs: readonly Config[]): readonly Config[] {
  const known = new Set(configs.map(({ tsconfig }) => tsconfig));
  const folders = new Set(configs.map(({ tsconfig }) => dirname(tsconfig)));
  return [...folders].flatMap((folder) =>
    ts.sys
      .readDirectory(folder, ['.json'], undefined, ['tsconfig*.json'], 1)
      .filter((file) => !known.has(file))
      .flatMap((file) => attempt(() => parse(file)) ?? [])
      // Without, it is there to be extended, and takes what lies around.
      .filter(({ raw }) => 'include' in (raw as object) || 'files' in (raw as object)),
  );
}

/** One program over everything: guards of one project are seen from the other. */
export function loadProgram(tsconfig: string): ts.Program {
  const configs = configsOf(tsconfig);
  const rootNames = [...new Set(configs.flatMap(({ fileNames }) => fileNames))];
  return ts.createProgram({ rootNames, options: { ...configs[0]?.options, noEmit: true } });
}

/** The source files of the project itself. */
export function ownFiles(program: ts.Program): readonly string[] {
  return program
    .getSourceFiles()
    .filter((file) => isOwnSource(file) && !program.isSourceFileFromExternalLibrary(file))
    .map(({ fileName }) => fileName);
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

export function isWithin(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path));
}

/**
 * 18002 and 18003: no files, which has a message of its own, with the globs in it. 5023, 5025 and 6046: options, or values of options,
 * that this version of TypeScript does not know, and the project's own may.
 */
const toleratedErrors = new Set([18002, 18003, 5023, 5025, 6046]);

function parse(tsconfig: string): Config {
  // The parser carries on after a syntax error, with a project nobody wrote.
  let fault = ts.readConfigFile(tsconfig, ts.sys.readFile).error;
  const config = ts.getParsedCommandLineOfConfigFile(tsconfig, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => (fault ??= diagnostic),
  });
  const error =
    fault ??
    config?.errors.find(({ code, category }) => category === ts.DiagnosticCategory.Error && !toleratedErrors.has(code));
  if (!config || error) {
    throw new UsageError(
      `${tsconfig}: ${ts.flattenDiagnosticMessageText(error?.messageText, ' ') || 'cannot be read'}`,
    );
  }
  return { ...config, options: withOlderDefaults(ts, config.options, tsconfig), tsconfig };
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
