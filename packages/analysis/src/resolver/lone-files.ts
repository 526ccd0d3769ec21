import type ts from 'typescript';
import type { TypeScript } from '../typescript.js';
import { candidatesOf, folderOf, join } from './module-paths.js';

/** Files that no program has, as they are on disk. */
export interface LoneFiles {
  text(path: string): string | undefined;
  parsed(path: string): ts.SourceFile | undefined;
  /** The source file that an import leads to; `undefined` for packages, declarations and what is not there. */
  resolve(specifier: string, from: string): string | undefined;
  /** The same object for as long as nothing is looked at again: what follows from the files is kept with it. */
  state(): object;
}

/** After a pause of so many ms it is looked again at what is on disk: a run over many files has none, an editor has them all the time. */
const pause = 250;

const known = new WeakMap<TypeScript, LoneFiles>();

/** Those of a compiler: the compiler's own module resolution, and each file parsed once for as long as somebody needs it. */
export function loneFilesOf(ts: TypeScript): LoneFiles {
  let files = known.get(ts);
  if (!files) known.set(ts, (files = ts.sys ? createLoneFiles(ts, ts.sys) : noFiles));
  return files;
}

/** An editor in a browser has no disk; then each file is judged alone. */
const noFiles: LoneFiles = {
  text: () => undefined,
  parsed: () => undefined,
  resolve: () => undefined,
  state: () => noFiles,
};

function createLoneFiles(ts: TypeScript, sys: ts.System): LoneFiles {
  const parses = new Map<string, WeakRef<ts.SourceFile>>();
  let disk = look();
  let lastAsked = Date.now();

  function look() {
    const resolutions = ts.createModuleResolutionCache('', (name) => name);
    const configs = new Map<string, string>();
    const options = new Map<string, ts.CompilerOptions>();
    const texts = new Map<string, string | undefined>();
    const files = new Map<string, ts.SourceFile>();
    const paths = new Map<string, string | undefined>();
    return { resolutions, configs, options, texts, files, paths };
  }

  function now(): typeof disk {
    const asked = Date.now();
    if (asked - lastAsked >= pause) disk = look();
    lastAsked = asked;
    return disk;
  }

  function text(path: string): string | undefined {
    const { texts } = now();
    if (!texts.has(path)) texts.set(path, sys.readFile(path));
    return texts.get(path);
  }

  function configFor(folder: string): string {
    const { configs } = disk;
    let config = configs.get(folder);
    if (config === undefined) configs.set(folder, (config = ts.findConfigFile(folder, sys.fileExists) ?? ''));
    return config;
  }

  function optionsOf(config: string): ts.CompilerOptions {
    const { options } = disk;
    let found = options.get(config);
    if (!found) {
      const read = config === '' ? undefined : ts.getParsedCommandLineOfConfigFile(config, {}, quiet(sys));
      options.set(config, (found = { ...read?.options, allowJs: true }));
    }
    return found;
  }

  return {
    text,
    state: now,
    parsed(path) {
      const { files } = now();
      let file = files.get(path);
      if (file) return file;
      const content = text(path);
      if (content === undefined) return undefined;
      const earlier = parses.get(path)?.deref();
      file = earlier?.text === content ? earlier : ts.createSourceFile(path, content, ts.ScriptTarget.Latest, true);
      parses.set(path, new WeakRef(file));
      files.set(path, file);
      return file;
    },
    resolve(specifier, from) {
      const { paths } = now();
      const folder = folderOf(from);
      const isRelative = specifier.startsWith('.');
      // An alias means the same wherever the same configuration holds.
      const config = isRelative ? '' : configFor(folder);
      const key = isRelative ? join(folder, specifier) : `${config} ${specifier}`;
      if (!paths.has(key)) paths.set(key, isRelative ? fileAt(key) : resolved(specifier, from, optionsOf(config)));
      return paths.get(key);
    },
  };

  function fileAt(path: string): string | undefined {
    for (const candidate of candidatesOf(path)) if (sys.fileExists(candidate)) return sourceOnly(candidate);
    return undefined;
  }

  /** An alias of the project, as its configuration says. */
  function resolved(specifier: string, from: string, options: ts.CompilerOptions): string | undefined {
    const { resolvedModule } = ts.resolveModuleName(specifier, from, options, sys, disk.resolutions);
    return resolvedModule?.isExternalLibraryImport ? undefined : sourceOnly(resolvedModule?.resolvedFileName);
  }
}

function sourceOnly(path: string | undefined): string | undefined {
  return path === undefined || /\.(?:d\.[cm]?ts|json)$/.test(path) ? undefined : path;
}

function quiet(sys: ts.System): ts.ParseConfigFileHost {
  // Which files the project has is of no interest here, and listing them is what costs.
  return { ...sys, readDirectory: () => [], onUnRecoverableConfigFileDiagnostic: () => undefined };
}
