/** The part of `ts.sys` that is needed to read installed packages. */
export interface PackageFilesPort {
  readFile(path: string): string | undefined;
  directoryExists?(path: string): boolean;
  realpath?(path: string): string;
}

/** The part of a package.json that says which files are the package. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly main?: unknown;
  readonly module?: unknown;
  readonly exports?: unknown;
  readonly imports?: unknown;
}

export interface PackageFile {
  readonly path: string;
  readonly text: string;
  /** Specifiers as the text shows them; a comment may name some that are never imported. */
  readonly specifiers: readonly string[];
}

/** The JavaScript files that the entries of a package lead to. */
export interface PackageFiles {
  readonly manifest: Manifest;
  readonly entries: readonly PackageFile[];
  readonly files: ReadonlyMap<string, PackageFile>;
  /** There are more files than the budget allows: `files` are the ones nearest to the main entry. */
  readonly isOverBudget: boolean;
  /** The file that a relative, `#` or self-referring specifier means; `undefined` when it is not of this package. */
  resolve(from: string, specifier: string): PackageFile | undefined;
}

export interface FileBudget {
  readonly files: number;
  readonly characters: number;
}

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*|require\s*\(\s*)(["'])([^"'\n]+)\1/g;

/** `import` first: one flavour of a package that ships two is enough. */
const CONDITIONS = [new Set(['node', 'import', 'module-sync', 'default']), new Set(['node', 'require', 'default'])];

const JAVASCRIPT = /\.[cm]?jsx?$/;

export function readManifest(port: PackageFilesPort, directory: string): Manifest | undefined {
  const text = port.readFile(`${directory}/package.json`);
  if (text === undefined) return undefined;
  try {
    const manifest: unknown = JSON.parse(text);
    return typeof manifest === 'object' && manifest !== null ? manifest : undefined;
  } catch {
    return undefined;
  }
}

export function readPackage(
  port: PackageFilesPort,
  directory: string,
  manifest: Manifest,
  budget: FileBudget,
): PackageFiles {
  const files = new Map<string, PackageFile>();
  const absent = new Set<string>();
  const resolved = new Map<string, PackageFile | undefined>();
  let characters = 0;
  let isOverBudget = false;

  function read(path: string): PackageFile | undefined {
    const known = files.get(path);
    if (known || absent.has(path)) return known;
    if (files.size >= budget.files || characters > budget.characters) {
      isOverBudget = true;
      return undefined;
    }
    const text = JAVASCRIPT.test(path) && !isElsewhere(path) ? port.readFile(path) : undefined;
    if (text === undefined) {
      absent.add(path);
      return undefined;
    }
    characters += text.length;
    const file = { path, text, specifiers: specifiersOf(text) };
    files.set(path, file);
    return file;
  }

  const isElsewhere = (path: string): boolean =>
    !path.startsWith(`${directory}/`) || path.includes('/node_modules/', directory.length);

  /** As Node and bundlers do: the file itself, with an extension, or the entry of the folder. */
  function readModule(path: string): PackageFile | undefined {
    if (JAVASCRIPT.test(path)) {
      const file = read(path);
      if (file) return file;
    }
    if (path.endsWith('.json') || path.endsWith('.node')) return undefined;
    return read(`${path}.js`) ?? read(`${path}.cjs`) ?? read(`${path}.mjs`) ?? readFolder(path);
  }

  function readFolder(path: string): PackageFile | undefined {
    if (path === directory || port.directoryExists?.(path) === false) return undefined;
    const main = readManifest(port, path)?.main;
    const file = typeof main === 'string' ? readModule(join(path, main)) : undefined;
    return file ?? read(`${path}/index.js`) ?? read(`${path}/index.cjs`) ?? read(`${path}/index.mjs`);
  }

  function resolve(from: string, specifier: string): PackageFile | undefined {
    const folder = from.slice(0, from.lastIndexOf('/'));
    const key = specifier.startsWith('.') ? join(folder, specifier) : specifier;
    if (!resolved.has(key)) resolved.set(key, find(key, specifier));
    return resolved.get(key);
  }

  function find(key: string, specifier: string): PackageFile | undefined {
    if (key === directory) return mainEntries()[0];
    if (specifier.startsWith('.')) return readModule(key);
    if (specifier.startsWith('#')) return readTarget(property(manifest.imports, specifier));
    if (specifier === manifest.name) return mainEntries()[0];
    if (manifest.name && specifier.startsWith(`${manifest.name}/`)) {
      const subpath = `.${specifier.slice(manifest.name.length)}`;
      return readTarget(property(manifest.exports, subpath)) ?? readModule(join(directory, subpath));
    }
    return undefined;
  }

  function readTarget(target: unknown): PackageFile | undefined {
    for (const path of targetsOf(target)) {
      const file = readModule(join(directory, path));
      if (file) return file;
    }
    return undefined;
  }

  function mainEntries(): PackageFile[] {
    const { exports } = manifest;
    const main = exports === undefined ? undefined : readTarget(property(exports, '.') ?? exports);
    const entry = main ?? readMain(manifest.main) ?? readMain(manifest.module) ?? readMain('./index');
    return entry ? [entry] : [];
  }

  function readMain(path: unknown): PackageFile | undefined {
    if (typeof path !== 'string') return undefined;
    const target = join(directory, path);
    return readModule(target) ?? read(`${target}/index.js`);
  }

  function subpathEntries(): PackageFile[] {
    const { exports } = manifest;
    if (typeof exports !== 'object' || exports === null) return [];
    return Object.entries(exports).flatMap(([subpath, target]) => {
      if (!subpath.startsWith('./') || subpath.includes('*') || subpath.endsWith('.json')) return [];
      return readTarget(target) ?? [];
    });
  }

  function follow(entries: readonly PackageFile[]): void {
    const waiting = [...entries];
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      for (const specifier of file.specifiers) {
        const size = files.size;
        const next = resolve(file.path, specifier);
        if (next && files.size > size) waiting.push(next);
      }
      if (isOverBudget) return;
    }
  }

  const main = mainEntries();
  follow(main);
  const mainIsOverBudget = isOverBudget;
  const entries = mainIsOverBudget ? main : [...new Set([...main, ...subpathEntries()])];
  follow(entries.filter((entry) => !main.includes(entry)));
  return { manifest, entries, files, isOverBudget: mainIsOverBudget, resolve };
}

/** The folder of an installed package, seen from a file: the nearest `node_modules` upwards that has it. */
export function findPackage(port: PackageFilesPort, from: string, name: string): string | undefined {
  // At the root `lastIndexOf` finds the same slash again.
  for (let end = from.lastIndexOf('/'); end >= 0; end = end === 0 ? -1 : from.lastIndexOf('/', end - 1)) {
    const folder = from.slice(0, end);
    if (folder.endsWith('/node_modules')) continue;
    const candidate = `${folder}/node_modules/${name}`;
    if (port.directoryExists?.(`${folder}/node_modules`) === false) continue;
    if (readManifest(port, candidate)) return realDirectory(port, candidate);
  }
  return undefined;
}

/** pnpm links packages: only the real folder has its dependencies beside it. */
export function realDirectory(port: PackageFilesPort, directory: string): string {
  return port.realpath?.(directory).replaceAll('\\', '/') ?? directory;
}

/** `@scope/name/sub` → `@scope/name`; `undefined` for what is no package. */
export function packageNameOf(specifier: string): string | undefined {
  if (!/^[@\w]/.test(specifier) || /^\w+:/.test(specifier)) return undefined;
  const [first = '', second] = specifier.split('/');
  return first.startsWith('@') ? second && `${first}/${second}` : first;
}

function specifiersOf(text: string): string[] {
  const specifiers = new Set<string>();
  for (const match of text.matchAll(SPECIFIER)) specifiers.add(match[2]!);
  return [...specifiers];
}

function targetsOf(target: unknown): string[] {
  return CONDITIONS.flatMap((conditions) => targetOf(target, conditions) ?? []);
}

function targetOf(target: unknown, conditions: ReadonlySet<string>): string | undefined {
  if (typeof target === 'string') return target.startsWith('./') ? target : undefined;
  if (Array.isArray(target)) return targetOf(target[0], conditions);
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, value] of Object.entries(target)) {
    if (!conditions.has(condition)) continue;
    const found = targetOf(value, conditions);
    if (found !== undefined) return found;
  }
  return undefined;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function join(folder: string, path: string): string {
  const parts = folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
