import { readModuleValues, type ModuleValues, type ScriptParser, type Shape, type Value } from './module-values.js';
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
import { createReachSearch, type ReachSearch } from './reach-search.js';

/** Where a call into a package ends: outside the process, inside it, or nobody can tell. */
export type Reach = 'network' | 'local' | 'unknown';

export interface PackageReach {
  /**
   * What calling `name` (the last member or export name that is called) of an installed package does; without a name
   * the package's default export itself is called. A folder of `@types` stands for the package that it describes.
   */
  of(packageDirectory: string, name: string | undefined): Reach;
}

export interface PackageReachOptions {
  readonly ts: ScriptParser;
  /** Answers are shared by all that pass the same object. */
  readonly files: PackageFilesPort;
  /** Known clients: using one is leaving the process. */
  readonly catalogued: (packageName: string) => boolean;
}

/** More than nearly all packages have. What is larger is generated, or a program of its own. */
const BUDGET = { files: 400, characters: 4_000_000 };
/** The dependencies' dependencies are still looked into, theirs no longer. */
const DEPENDENCY_LIMIT = 3;

const DYNAMIC_MEMBER = /\]\s*=\s*(?:async\s*)?(?:function\b|\([^()]*\)\s*=>|[\w$]+\s*=>)/;

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
  /** Whether a member of this name opens connections; `undefined` when there is none. */
  memberReaches(name: string, depth: number): boolean | undefined;
}

function createInstalledPackage(
  directory: string,
  manifest: Manifest,
  { ts, files, catalogued, packageIn }: Surroundings,
): InstalledPackage {
  const modules = new Map<string, ModuleValues>();
  const named = new Map<string, readonly Shape[]>();
  const answers = new Map<string | undefined, Reach>();
  const dependencies = new Map<string, InstalledPackage | undefined>();
  let contents: PackageFiles | undefined;
  let overall: Reach | undefined;
  let isBusy = false;
  let depthLeft = 0;

  const read = (): PackageFiles => (contents ??= readPackage(files, directory, manifest, BUDGET));

  function moduleIn(file: PackageFile): ModuleValues {
    let module = modules.get(file.path);
    if (!module) modules.set(file.path, (module = readModuleValues(ts, file.path, file.text)));
    return module;
  }

  function modulesThatMention(name: string): ModuleValues[] {
    const mentioning = [...read().files.values()].filter((file) => file.text.includes(name));
    return mentioning.map(moduleIn);
  }

  function membersNamed(name: string): readonly Shape[] {
    let shapes = named.get(name);
    if (!shapes) named.set(name, (shapes = modulesThatMention(name).flatMap((module) => module.members.get(name) ?? [])));
    return shapes;
  }

  function dependencyOf(specifier: string, from: string): InstalledPackage | undefined {
    const name = packageNameOf(specifier);
    if (name === undefined || name === manifest.name) return undefined;
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
    isNetworkDependency(specifier, from, name) {
      if (catalogued(packageNameOf(specifier) ?? '')) return true;
      if (!isNetworkPackage(specifier, from)) return false;
      return dependencyOf(specifier, from)?.reachOf(name, depthLeft - 1) === 'network';
    },
    isNetworkMember(name) {
      if (depthLeft === 0) return false;
      return [...dependencies.values()].some(
        (dependency) =>
          dependency?.reach(depthLeft - 1) === 'network' && dependency.memberReaches(name, depthLeft - 1) === true,
      );
    },
  });

  function reach(depth: number): Reach {
    if (overall) return overall;
    // Packages that need each other: the one that was asked first decides.
    if (isBusy) return 'local';
    isBusy = true;
    const outerDepth = depthLeft;
    depthLeft = depth;
    const found = findReach();
    depthLeft = outerDepth;
    isBusy = false;
    if (found !== 'local' || depth === DEPENDENCY_LIMIT) overall = found;
    return found;
  }

  function findReach(): Reach {
    const { files: own, isOverBudget } = read();
    if (own.size === 0) return 'unknown';
    const all = [...own.values()];
    if (isOverBudget) {
      const isNetwork = all.some((file) => readsAsSink(file.text) || file.specifiers.some((specifier) => isNetworkPackage(specifier, file.path)));
      return isNetwork ? 'network' : 'unknown';
    }
    // The package's own code first: most clients need no look at their dependencies.
    return all.some(opensConnections) || all.some(usesNetworkPackage) ? 'network' : 'local';
  }

  function opensConnections(file: PackageFile): boolean {
    const isWorthParsing = mentionsSinkGlobal(file.text) || file.specifiers.some(isSinkModule);
    return isWorthParsing && mentionsFromOutside(file, (specifier, name) => sinkOf(specifier, name) === 'network');
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
    if (whole !== 'network' || read().isOverBudget) return whole;
    const answer = answers.get(name);
    if (answer) return answer;
    if (isBusy) return 'local';
    isBusy = true;
    const outerDepth = depthLeft;
    depthLeft = depth;
    const reaches = name === undefined ? defaultReaches() : nameReaches(name);
    depthLeft = outerDepth;
    isBusy = false;
    const found = (reaches ?? true) ? 'network' : 'local';
    if (found === 'network' || depth === DEPENDENCY_LIMIT) answers.set(name, found);
    return found;
  }

  function defaultReaches(): boolean | undefined {
    const values = read().entries.slice(0, 1).map((entry): Value => {
      const { exports } = moduleIn(entry);
      return { kind: 'member', of: exports, name: 'default' };
    });
    return reachesIfKnown(values);
  }

  function nameReaches(name: string): boolean | undefined {
    const entries = read().entries.map((entry): Value => ({ kind: 'member', of: moduleIn(entry).exports, name }));
    return (
      reachesIfKnown([...entries, ...membersNamed(name)]) ??
      reachesIfKnown(modulesThatMention(name).flatMap((module) => module.functions.get(name) ?? [])) ??
      dependencyReaches(name) ??
      dynamicReaches()
    );
  }

  /** `undefined` when none of the values is anything that can be called. */
  function reachesIfKnown(values: readonly Value[]): boolean | undefined {
    const isKnown = values.some((value) =>
      search.meaningsOf(value).some((meaning) => {
        if (meaning.kind === 'shape') return meaning.shape.code !== undefined;
        return meaning.kind === 'network' || meaning.kind === 'dependency';
      }),
    );
    return isKnown ? search.reachesNetwork(values) : undefined;
  }

  /** Inherited from another package, or handed through from it. */
  function dependencyReaches(name: string): boolean | undefined {
    if (depthLeft === 0) return undefined;
    let answer: boolean | undefined;
    for (const dependency of dependencies.values()) {
      if (dependency?.reach(depthLeft - 1) !== 'network') continue;
      const reaches = dependency.memberReaches(name, depthLeft - 1);
      if (reaches) return true;
      answer ??= reaches;
    }
    return answer;
  }

  /** Methods that a loop makes have no name of their own in the text. */
  function dynamicReaches(): boolean | undefined {
    const makers = [...read().files.values()].filter((file) => DYNAMIC_MEMBER.test(file.text)).map(moduleIn);
    return reachesIfKnown(makers.flatMap((module) => module.dynamicMembers));
  }

  function memberReaches(name: string, depth: number): boolean | undefined {
    if (isBusy || read().isOverBudget || membersNamed(name).length === 0) return undefined;
    return reachOf(name, depth) === 'network';
  }

  return { reach, reachOf, memberReaches };
}

/** `node_modules/@types/a__b` describes `node_modules/@a/b`. */
function describedPackage(directory: string): string {
  return directory.replace(/\/@types\/([^/]+)$/, (_, name: string) => {
    return name.includes('__') ? `/@${name.replace('__', '/')}` : `/${name}`;
  });
}
