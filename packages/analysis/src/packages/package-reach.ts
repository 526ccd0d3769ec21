import {
  readModuleValues,
  unreadModule,
  type ModuleValues,
  type ScriptParser,
  type Shape,
  type Value,
} from './module-values.js';
import { isHarmlessExport, isSinkModule, mentionsSinkGlobal, readsAsSink, sinkOf } from './network-sinks.js';
import {
  findPackage,
  packageNameOf,
  readManifest,
  readPackage,
  realDirectory,
  type Manifest,
  type PackageFile,
  type PackageFiles,
  type PackageFilesPort,
} from './package-files.js';
import { createReachSearch, isEverydayMember, type Meaning, type ReachSearch } from './reach-search.js';

/** Where a call into a package ends: outside the process, inside it, or nobody can tell. */
export type Reach = 'network' | 'local' | 'unknown';

export interface PackageReach {
  /**
   * What calling `name` (the last member or export name that is called) of an installed package does; without a name
   * the package's default export itself is called. A folder of `@types` stands for the package that it describes.
   */
  of(packageDirectory: string, name: string | undefined): Reach;
  /** Whether anything in the package, or in what it needs, opens connections. */
  isNetworkPackage(packageDirectory: string): boolean;
  /** Whether the package gives a timeout of some duration to something: its calls may end by themselves. */
  setsTimeouts(packageDirectory: string): boolean;
}

export interface PackageReachOptions {
  readonly ts: ScriptParser;
  /** Answers are shared by all that pass the same object. */
  readonly files: PackageFilesPort;
  /** Known clients: using one is leaving the process. */
  readonly catalogued: (packageName: string) => boolean;
}

/** More than nearly all packages have. What is larger is generated, or a program of its own: its text is only searched. */
const PARSED = { files: 600, characters: 4_000_000 };
/** Characters of a file that is not parsed just to learn whether the package opens connections at all. */
const SKIMMED = 200_000;
/** Of an even larger package, what is nearest to its main entry has to do. */
const READ = { files: 1_500, characters: 16_000_000 };
/** The dependencies' dependencies are still looked into, theirs no longer. */
const DEPENDENCY_LIMIT = 3;

/** `timeout: 60_000`, `defaultQueryTimeoutMs = 6e4`; waiting for a connection is another thing. */
const TIMEOUT = /\b(?!\w*connect)\w*timeout\w*["']?\s*[:=]\s*(?:\d[\d_]{2,}|\de\d)/i;

const DYNAMIC_MEMBER = /\]\s*=\s*(?:async\b|function\b|\(|[\w$]{1,40}\s*=>)/;

/** Packages that were looked into, by folder and version. */
const known = new WeakMap<PackageFilesPort, Map<string, InstalledPackage>>();

/** Looks into installed packages that no catalogue knows: does a call into one leave the process? */
export function createPackageReach({ ts, files, catalogued }: PackageReachOptions): PackageReach {
  const packages = known.get(files) ?? new Map<string, InstalledPackage>();
  known.set(files, packages);
  const directories = new Map<string, InstalledPackage | undefined>();

  function packageIn(directory: string): InstalledPackage | undefined {
    if (directories.has(directory)) return directories.get(directory);
    const real = realDirectory(files, directory);
    const manifest = readManifest(files, real);
    let found: InstalledPackage | undefined;
    if (manifest) {
      const key = `${real}@${manifest.version}`;
      found = packages.get(key);
      if (!found) packages.set(key, (found = createInstalledPackage(real, manifest, surroundings)));
    }
    directories.set(directory, found);
    return found;
  }

  const surroundings: Surroundings = { ts, files, catalogued, packageIn };

  return {
    of(packageDirectory, name) {
      const found = packageIn(describedPackage(packageDirectory.replace(/\/$/, '')));
      return found?.reachOf(name, DEPENDENCY_LIMIT) ?? 'unknown';
    },
    isNetworkPackage: (packageDirectory) =>
      packageIn(describedPackage(packageDirectory.replace(/\/$/, '')))?.reach(DEPENDENCY_LIMIT) === 'network',
    setsTimeouts: (packageDirectory) =>
      packageIn(describedPackage(packageDirectory.replace(/\/$/, '')))?.setsTimeouts() ?? false,
  };
}

interface Surroundings {
  readonly ts: ScriptParser;
  readonly files: PackageFilesPort;
  readonly catalogued: (packageName: string) => boolean;
  readonly packageIn: (directory: string) => InstalledPackage | undefined;
}

interface InstalledPackage {
  /** `depth` says how many dependencies of dependencies may still be looked into. */
  reachOf(name: string | undefined, depth: number): Reach;
  /** Whether any of its code opens connections. */
  reach(depth: number): Reach;
  setsTimeouts(): boolean;
  /** Whether an export or member of this name opens connections; `undefined` when nothing of that name can. */
  nameReaches(name: string, depth: number): boolean | undefined;
  /** Whether the text of a file of at most `longest` characters defines something of this name. */
  defines(name: string, longest: number): boolean;
}

function createInstalledPackage(
  directory: string,
  manifest: Manifest,
  { ts, files, catalogued, packageIn }: Surroundings,
): InstalledPackage {
  const modules = new Map<string, ModuleValues>();
  /** Files that could not be parsed: their text is only searched. */
  const unread = new Set<string>();
  const named = new Map<string, readonly Shape[]>();
  const answers = new Map<string | undefined, { readonly reaches: boolean | undefined; readonly depth: number }>();
  const dependencies = new Map<string, InstalledPackage | undefined>();
  let contents: PackageFiles | undefined;
  let overall: Reach | undefined;
  let hasTimeouts: boolean | undefined;
  /** How deep `overall` looked into dependencies: what is local there may be found to be otherwise further down. */
  let lookedInto = 0;
  let isOverBudget = false;
  let isBusy = false;
  let depthLeft = 0;

  const read = (): PackageFiles => (contents ??= readPackage(files, directory, manifest, READ));

  function moduleIn(file: PackageFile): ModuleValues {
    let module = modules.get(file.path);
    if (!module) modules.set(file.path, (module = readOrSkip(file)));
    return module;
  }

  /** Generated code may be nested deeper than the stack allows: one such file must not cost the judgement of all. */
  function readOrSkip(file: PackageFile): ModuleValues {
    try {
      return readModuleValues(ts, file.path, file.text);
    } catch {
      unread.add(file.path);
      return unreadModule();
    }
  }

  function modulesThatDefine(name: string): ModuleValues[] {
    return [...read().files.values()].filter((file) => definesName(file.text, name)).map(moduleIn);
  }

  function membersNamed(name: string): readonly Shape[] {
    let shapes = named.get(name);
    if (!shapes)
      named.set(name, (shapes = modulesThatDefine(name).flatMap((module) => module.members.get(name) ?? [])));
    return shapes;
  }

  function dependencyOf(specifier: string, from: string): InstalledPackage | undefined {
    const name = packageNameOf(specifier);
    if (name === undefined || name === manifest.name || catalogued(name)) return undefined;
    if (!dependencies.has(name)) {
      const folder = findPackage(files, from, name);
      dependencies.set(name, folder === undefined ? undefined : packageIn(folder));
    }
    return dependencies.get(name);
  }

  /** Whether another package opens connections at all. */
  function isNetworkPackage(specifier: string, from: string): boolean {
    const name = packageNameOf(specifier);
    if (name === undefined || name === manifest.name) return false;
    if (catalogued(name)) return true;
    return depthLeft > 0 && dependencyOf(specifier, from)?.reach(depthLeft - 1) === 'network';
  }

  const search: ReachSearch = createReachSearch({
    moduleOf(specifier, from) {
      const file = read().resolve(from, specifier);
      return file && moduleIn(file);
    },
    membersNamed,
    isNetworkDependency({ specifier, from, name, member }) {
      if (catalogued(packageNameOf(specifier) ?? '')) return true;
      if (!isNetworkPackage(specifier, from)) return false;
      const dependency = dependencyOf(specifier, from);
      const last = member ?? name;
      if (last !== undefined) return dependency?.nameReaches(last, depthLeft - 1);
      return dependency?.reachOf(undefined, depthLeft - 1) === 'network';
    },
    isNetworkMember: (name) => dependencyReaches(name, SKIMMED) === true,
  });

  function reach(depth: number): Reach {
    if (overall && (overall !== 'local' || depth <= lookedInto)) return overall;
    if (isBusy) return 'local';
    const found = withDepth(depth, findReach);
    overall = found;
    lookedInto = depth;
    if (found !== 'network' || isOverBudget) forget();
    return found;
  }

  /** Where the answer is the same for every name, the texts are not needed again. */
  function forget(): void {
    contents = undefined;
    modules.clear();
    named.clear();
  }

  function findReach(): Reach {
    const all = [...read().files.values()];
    if (all.length === 0) return 'unknown';
    isOverBudget =
      all.length > PARSED.files || all.reduce((sum, file) => sum + file.text.length, 0) > PARSED.characters;
    // The package's own code first: most clients need no look at their dependencies.
    const isNetwork = isOverBudget
      ? all.some((file) => readsAsSink(file.text)) || all.some(namesNetworkPackage)
      : all.some(opensConnections) || all.some(usesNetworkPackage);
    if (isNetwork) return 'network';
    return contents?.isOverBudget ? 'unknown' : 'local';
  }

  function namesNetworkPackage(file: PackageFile): boolean {
    return file.specifiers.some((specifier) => isNetworkPackage(specifier, file.path));
  }

  function opensConnections(file: PackageFile): boolean {
    if (file.text.length > SKIMMED) return readsAsSink(file.text);
    const isWorthParsing = mentionsSinkGlobal(file.text) || file.specifiers.some(isSinkModule);
    if (!isWorthParsing) return false;
    return (
      mentionsFromOutside(file, (specifier, name) => sinkOf(specifier, name) === 'network') ||
      (unread.has(file.path) && readsAsSink(file.text))
    );
  }

  function usesNetworkPackage(file: PackageFile): boolean {
    const specifiers = file.specifiers.filter((specifier) => isNetworkPackage(specifier, file.path));
    if (specifiers.length === 0) return false;
    return mentionsFromOutside(file, (specifier, name) => specifiers.includes(specifier) && !isHarmlessExport(name));
  }

  /** Whether the file itself mentions a global that opens connections, or an import that `accept` takes. */
  function mentionsFromOutside(
    file: PackageFile,
    accept: (specifier: string, name: string | undefined) => boolean,
  ): boolean {
    const { mentioned } = moduleIn(file);
    return mentioned.some((value) =>
      outside.meaningsOf(value).some((meaning) => {
        if (meaning.kind === 'network') return true;
        return meaning.kind === 'dependency' && accept(meaning.specifier, meaning.name);
      }),
    );
  }

  const outside: ReachSearch = createReachSearch({
    moduleOf: () => undefined,
    membersNamed: () => [],
    isNetworkDependency: () => false,
    isNetworkMember: () => false,
  });

  function reachOf(name: string | undefined, depth: number): Reach {
    const whole = reach(depth);
    if (whole !== 'network' || isOverBudget) return whole;
    const reaches = name === undefined ? partReaches(undefined, depth) : nameReaches(name, depth);
    return (reaches ?? true) ? 'network' : 'local';
  }

  function nameReaches(name: string, depth: number): boolean | undefined {
    if (reach(depth) !== 'network') return undefined;
    return isOverBudget ? true : partReaches(name, depth);
  }

  /** Whether the default export, or what has the name, opens connections; `undefined` when there is no such thing. */
  function partReaches(name: string | undefined, depth: number): boolean | undefined {
    const answer = answers.get(name);
    if (answer && (answer.reaches || depth <= answer.depth)) return answer.reaches;
    if (isBusy) return false;
    const reaches = withDepth(depth, () => (name === undefined ? defaultReaches() : findName(name)));
    answers.set(name, { reaches, depth });
    return reaches;
  }

  function defaultReaches(): boolean | undefined {
    const [entry] = read().entries;
    return entry && reachesIfKnown([{ kind: 'member', of: moduleIn(entry).exports, name: 'default' }]);
  }

  function findName(name: string): boolean | undefined {
    const entries = read().entries.map((entry): Value => ({ kind: 'member', of: moduleIn(entry).exports, name }));
    return (
      reachesIfKnown([...entries, ...membersNamed(name)]) ??
      reachesIfKnown(modulesThatDefine(name).flatMap((module) => module.functions.get(name) ?? [])) ??
      dependencyReaches(name) ??
      (allDependencies().some((dependency) => dependency.defines(name, Infinity)) ? false : dynamicReaches())
    );
  }

  /** `undefined` when none of the values is anything that can be called. */
  function reachesIfKnown(values: readonly Value[]): boolean | undefined {
    return values.some((value) => search.meaningsOf(value).some(isCallable))
      ? search.reachesNetwork(values)
      : undefined;
  }

  function isCallable(meaning: Meaning): boolean {
    switch (meaning.kind) {
      case 'shape':
        return meaning.shape.code !== undefined;
      case 'network':
        return true;
      case 'dependency':
        return !meaning.isGuess || search.isNetwork(meaning, true);
      case 'unknown':
        return (
          !isEverydayMember(meaning.name) &&
          membersNamed(meaning.name).some((shape) => shape.code ?? shape.is.some(hasCode))
        );
      case 'global':
        return false;
    }
  }

  /** Inherited from another package, or handed through from it. */
  function dependencyReaches(name: string, longest = Infinity): boolean | undefined {
    if (depthLeft === 0) return undefined;
    let answer: boolean | undefined;
    for (const dependency of allDependencies()) {
      if (dependency.reach(depthLeft - 1) !== 'network' || !dependency.defines(name, longest)) continue;
      const reaches = dependency.nameReaches(name, depthLeft - 1);
      if (reaches) return true;
      answer ??= reaches;
    }
    return answer;
  }

  function allDependencies(): readonly InstalledPackage[] {
    for (const file of read().files.values()) {
      for (const specifier of file.specifiers) dependencyOf(specifier, file.path);
    }
    return [...dependencies.values()].filter((dependency) => dependency !== undefined);
  }

  /** Methods that a loop makes have no name of their own in the text. */
  function dynamicReaches(): boolean | undefined {
    // Asked for itself only: for the sake of another package it would be a guess upon a guess.
    if (depthLeft < DEPENDENCY_LIMIT) return undefined;
    const makers = [...read().files.values()].filter((file) => DYNAMIC_MEMBER.test(file.text)).map(moduleIn);
    return reachesIfKnown(makers.flatMap((module) => module.dynamicMembers));
  }

  /** Packages that need each other: the one that was asked first decides. */
  function withDepth<T>(depth: number, body: () => T): T {
    const outer = depthLeft;
    depthLeft = depth;
    isBusy = true;
    try {
      return body();
    } finally {
      depthLeft = outer;
      isBusy = false;
    }
  }

  function defines(name: string, longest: number): boolean {
    return [...read().files.values()].some(({ text }) => text.length <= longest && definesName(text, name));
  }

  function setsTimeouts(): boolean {
    return (hasTimeouts ??= [...read().files.values()].some(({ text }) => TIMEOUT.test(text)));
  }

  return { reach, reachOf, setsTimeouts, nameReaches, defines };
}

/** Spares the parsing of files that only use the name. */
function definesName(text: string, name: string): boolean {
  if (!text.includes(name)) return false;
  const literal = name.replace(/[^\w]/g, '\\$&');
  const definition = `(?<![.\\w$])${literal}\\s*[(,}]|(?<![\\w$])${literal}\\s*(?:=(?!=)|:)|["']${literal}["']`;
  return new RegExp(definition).test(text);
}

function hasCode(value: Value): boolean {
  return value.kind === 'shape' && value.code !== undefined;
}

/** `node_modules/@types/a__b` describes `node_modules/@a/b`. */
function describedPackage(directory: string): string {
  return directory.replace(/\/@types\/([^/]+)$/, (_, name: string) => {
    return name.includes('__') ? `/@${name.replace('__', '/')}` : `/${name}`;
  });
}
