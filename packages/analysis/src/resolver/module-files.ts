import type ts from 'typescript';
import type { Project } from '../facts/project.js';
import type { TypeScript } from '../typescript.js';
import type { CheckerPort } from './checker-port.js';

/** Finds the file of the project that an import leads to; `undefined` for packages. */
export type ModuleFiles = (specifier: ts.StringLiteralLike) => ts.SourceFile | undefined;

const endings = [
  '',
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '/index.ts',
  '/index.tsx',
  '/index.js',
];

/** Where a relative import leads: to a file of the project by its position, or to another by its path. */
type Place = number | string | undefined;

/** What is known for as long as the project has the same files. */
interface Places {
  readonly byPath: Map<string, Place>;
  readonly bySpecifier: WeakMap<ts.Node, { readonly place: Place }>;
}

const placesOf = new WeakMap<object, Places>();

/** In a program. Relative paths need no checker; whatever else is not a package is asked once per name. */
export function programModuleFiles(program: ts.Program, checker: CheckerPort, project: () => Project): ModuleFiles {
  const bare = new Map<string, ts.SourceFile | undefined>();
  let known: Places | undefined;

  function places(): Places {
    const { names } = project();
    const found = placesOf.get(names) ?? { byPath: new Map<string, Place>(), bySpecifier: new WeakMap() };
    placesOf.set(names, found);
    return found;
  }

  function placeOf(specifier: ts.StringLiteralLike): Place {
    const { byPath, bySpecifier } = (known ??= places());
    const answer = bySpecifier.get(specifier);
    if (answer) return answer.place;
    const path = join(folderOf(specifier.getSourceFile().fileName), specifier.text);
    if (!byPath.has(path)) byPath.set(path, fileAt(path));
    const place = byPath.get(path);
    bySpecifier.set(specifier, { place });
    return place;
  }

  function fileAt(path: string): Place {
    for (const candidate of candidatesOf(path)) {
      const file = program.getSourceFile(candidate);
      if (file) return isOwn(file) ? (project().indexOf(file) ?? file.fileName) : undefined;
    }
    return undefined;
  }

  return (specifier) => {
    const { text } = specifier;
    if (text.startsWith('.')) {
      const place = placeOf(specifier);
      if (typeof place === 'number') return project().files[place];
      return place === undefined ? undefined : program.getSourceFile(place);
    }
    if (bare.has(text)) return bare.get(text);
    const file = checker.moduleOf(specifier);
    const own = file && isOwn(file) ? file : undefined;
    bare.set(text, own);
    return own;
  };
}

/** Files that are judged alone often import the same others: those are parsed once, for as long as somebody needs them. */
const parses = new WeakMap<TypeScript, Map<string, WeakRef<ts.SourceFile>>>();

/** The file as it is on disk now. */
function parse(ts: TypeScript, path: string): ts.SourceFile | undefined {
  const text = ts.sys.readFile(path);
  if (text === undefined) return undefined;
  const known = parses.get(ts) ?? new Map<string, WeakRef<ts.SourceFile>>();
  parses.set(ts, known);
  const earlier = known.get(path)?.deref();
  if (earlier?.text === text) return earlier;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  known.set(path, new WeakRef(file));
  return file;
}

/** Without a program: what the compiler's own module resolution finds on disk, parsed on first use. */
export function parsedModuleFiles(ts: TypeScript): ModuleFiles {
  const { sys } = ts;
  // An editor in a browser has no disk; then each file is judged alone.
  if (!sys) return () => undefined;
  const options = new Map<string, ts.CompilerOptions>();
  const parsed = new Map<string, ts.SourceFile | undefined>();

  function optionsFor(folder: string): ts.CompilerOptions {
    let found = options.get(folder);
    if (!found) {
      const config = ts.findConfigFile(folder, sys.fileExists);
      const raw = config === undefined ? undefined : ts.getParsedCommandLineOfConfigFile(config, {}, quiet(sys));
      options.set(folder, (found = { ...raw?.options, allowJs: true }));
    }
    return found;
  }

  return (specifier) => {
    const { fileName } = specifier.getSourceFile();
    const { resolvedModule } = ts.resolveModuleName(specifier.text, fileName, optionsFor(folderOf(fileName)), sys);
    const path = resolvedModule?.resolvedFileName;
    if (path === undefined || resolvedModule?.isExternalLibraryImport || /\.(?:d\.[cm]?ts|json)$/.test(path))
      return undefined;
    if (!parsed.has(path)) parsed.set(path, parse(ts, path));
    return parsed.get(path);
  };
}

function quiet(sys: ts.System): ts.ParseConfigFileHost {
  // Which files the project has is of no interest here, and listing them is what costs.
  return { ...sys, readDirectory: () => [], onUnRecoverableConfigFileDiagnostic: () => undefined };
}

function* candidatesOf(path: string): Iterable<string> {
  // `./client.js` is written for `client.ts`.
  const source = path.replace(/\.([cm]?)jsx?$/, '.$1ts');
  if (source !== path) yield* [source, source.replace(/ts$/, 'tsx')];
  for (const ending of endings) yield path + ending;
}

export function folderOf(fileName: string): string {
  return fileName.slice(0, fileName.lastIndexOf('/') + 1);
}

function join(folder: string, relative: string): string {
  const parts = folder.replace(/\/$/, '').split('/');
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function isOwn({ fileName, isDeclarationFile }: ts.SourceFile): boolean {
  return !isDeclarationFile && !fileName.includes('/node_modules/');
}
