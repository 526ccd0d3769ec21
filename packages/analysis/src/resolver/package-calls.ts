import type ts from 'typescript';
import { packageName, type CatalogueIndex } from '../catalogue/catalogue-index.js';
import type { MemberRow } from '../catalogue/catalogue.js';
import type { CallLike } from '../facts/file-facts.js';
import { createKept } from '../facts/kept.js';
import { createPackageReach, type PackageReach } from '../packages/package-reach.js';
import type { TypeScript } from '../typescript.js';
import type { CheckerPort } from './checker-port.js';
import { folderOf } from './module-paths.js';
import type { Meaning } from './meaning.js';
import { quietMembers, type Target } from './targets.js';

/** Calls into packages that the catalogue does not know, judged by the code of the package itself. */
export interface PackageCalls {
  target(
    call: CallLike,
    callee: Meaning & { readonly module: string },
    isConsumed: (node: ts.Node) => boolean,
  ): Target | undefined;
  /** Whether an import leads to an installed package that no row describes and that opens connections. */
  isUnknown(specifier: string, file: Pick<ts.SourceFile, 'fileName'>): boolean;
}

/** Ending something, or waiting for others to call or for time to pass, is no call that can hang on the other side's answer. */
const lifecycle = /^(?:close|destroy|disconnect|end|quit|shutdown|stop|terminate|listen|unref|ref|delay|sleep)$/;

/** What it does there can only be guessed from the name. */
const inferred: MemberRow = { effect: { verb: 'member' } };

/** The packages around a project, looked up once for as long as it has the same files. */
interface Installed {
  readonly reach: PackageReach;
  /** The folder that an import of a package leads to from a folder. */
  folder(from: string, name: string): string | undefined;
}

const kept = createKept<object, CatalogueIndex, Installed>();

/** @param surroundings One object for as long as the same packages are around: what is found there is kept with it. */
export function createPackageCalls(
  ts: TypeScript,
  catalogue: CatalogueIndex,
  checker: CheckerPort | undefined,
  surroundings: () => object,
): PackageCalls {
  // An editor in a browser has no disk.
  const sys = ts.sys as ts.System | undefined;

  function installed(): Installed | undefined {
    return sys && kept(surroundings(), catalogue, () => lookAround(sys));
  }

  function lookAround(files: ts.System): Installed {
    const folders = new Map<string, string | undefined>();
    return {
      reach: createPackageReach({ ts, files, catalogued: (name) => catalogue.module(name)?.kind !== undefined }),
      folder(from, name) {
        const key = `${from} ${name}`;
        if (folders.has(key)) return folders.get(key);
        let found: string | undefined;
        for (let folder = from; found === undefined && folder.length > 1;) {
          const candidate = `${folder}node_modules/${name}`;
          if (files.directoryExists(candidate)) found = candidate;
          folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
        }
        folders.set(key, found);
        return found;
      },
    };
  }

  function isDescribed(name: string): boolean {
    const module = catalogue.module(name);
    return module !== undefined && !module.unnamed;
  }

  return {
    isUnknown(specifier, { fileName }) {
      if (specifier.startsWith('.') || specifier.startsWith('node:')) return false;
      const name = packageName(specifier);
      if (isDescribed(name)) return false;
      const around = installed();
      const folder = around?.folder(folderOf(fileName), name);
      return folder !== undefined && around!.reach.isNetworkPackage(folder);
    },
    target(call, callee, isConsumed) {
      const { module } = callee;
      if (module === 'global' || module.startsWith('node:')) return undefined;
      if (!ts.isCallExpression(call) || isDescribed(module)) return undefined;
      const name = callee.kind === 'member' ? callee.name : callee.kind === 'export' ? callee.name : undefined;
      if (name !== undefined && (quietMembers.has(name) || lifecycle.test(name))) return undefined;
      const awaited = isConsumed(call);
      // Without types only what is waited for here can be told from an ordinary function.
      if (!awaited && !checker) return undefined;
      const around = installed();
      const folder = around?.folder(folderOf(call.getSourceFile().fileName), module);
      if (folder === undefined || !around!.reach.isNetworkPackage(folder)) return undefined;
      // `any` says nothing: a package without types is taken at the word of the code that waits for it.
      if (checker && checker.isThenable(call) !== true && !(awaited && checker.isThenable(call) === undefined)) {
        return undefined;
      }
      if (around!.reach.of(folder, name === 'default' ? undefined : name) !== 'network') return undefined;
      const type = callee.kind === 'member' || callee.kind === 'instance' ? callee.type : (name ?? 'default');
      const owner = callee.kind === 'member' ? callee.owner : undefined;
      return {
        module,
        type,
        member: callee.kind === 'member' ? name : undefined,
        row: catalogue.module(module)?.unnamed ?? inferred,
        owner,
        isInferred: true,
        setsTimeouts: around!.reach.setsTimeouts(folder),
      };
    },
  };
}
