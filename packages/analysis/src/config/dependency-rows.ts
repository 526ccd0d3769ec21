import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packageName } from '../catalogue/catalogue-index.js';
import type { Catalogue, CatalogueModule } from '../catalogue/catalogue.js';
import { defaultCatalogue } from '../catalogue/default-catalogue.js';
import { ConfigError } from './config-error.js';
import { parseCatalogue } from './parse-config.js';
import { messageOf, readJson, type ConfigCompiler } from './read-source.js';

/** The little of a package.json that is read. */
interface Manifest {
  readonly holdfast?: { readonly catalogue?: unknown };
  readonly dependencies?: unknown;
  readonly devDependencies?: unknown;
  readonly optionalDependencies?: unknown;
  readonly peerDependencies?: unknown;
}

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;
const described = new Set(defaultCatalogue.flatMap(({ module, also = [] }) => [module, ...also]));

/** Whether a package.json is that of a project, and not only there to say `"type": "module"`. */
export function namesDependencies(file: string, ts: ConfigCompiler): boolean {
  const manifest = manifestOf(file, ts);
  return manifest !== undefined && kinds.some((kind) => manifest[kind] !== undefined);
}

/**
 * The rows that the dependencies of a project bring: `"holdfast": { "catalogue": "./holdfast.catalogue.json" }` in
 * their package.json. Only data, never code. Nobody but us and the project itself says what a package of ours does; a
 * dependency says it of itself, and of packages that nobody describes.
 *
 * @param note Hears of every file that was read for its rows.
 * @param warn Hears of rows that cannot be used: they are no mistake of the project.
 */
export function dependencyRows(
  file: string,
  ts: ConfigCompiler,
  note: (file: string) => void,
  warn: (message: string) => void,
): Catalogue {
  const manifest = manifestOf(file, ts) ?? {};
  const names = new Set(kinds.flatMap((kind) => Object.keys((manifest[kind] ?? {}) as object)));
  return [...names].flatMap((name) => {
    const folder = packageFolder(dirname(file), name);
    const catalogue = folder && manifestOf(join(folder, 'package.json'), ts)?.holdfast?.catalogue;
    if (!folder || catalogue === undefined) return [];
    note(join(folder, 'package.json'));
    try {
      return rowsOf(name, folder, catalogue, ts, note);
    } catch (error) {
      warn(`the rows of ${name} are left out: ${messageOf(error)}`);
      return [];
    }
  });
}

function rowsOf(
  name: string,
  folder: string,
  catalogue: unknown,
  ts: ConfigCompiler,
  note: (file: string) => void,
): Catalogue {
  const manifest = join(folder, 'package.json');
  if (typeof catalogue !== 'string' || !catalogue.endsWith('.json')) {
    throw new ConfigError(`${manifest}: holdfast.catalogue is not the name of a JSON file`, {
      file: manifest,
      path: 'holdfast.catalogue',
    });
  }
  const file = join(folder, catalogue);
  if (relative(folder, file).startsWith('..')) {
    throw new ConfigError(`${manifest}: holdfast.catalogue is not in the package`, {
      file: manifest,
      path: 'holdfast.catalogue',
    });
  }
  note(file);
  const mayDescribe = (module: string): boolean => packageName(module) === name || !described.has(module);
  return parseCatalogue(readJson(file, ts), file)
    .filter(({ module }) => mayDescribe(module))
    .map(({ also, ...row }): CatalogueModule => (also ? { ...row, also: also.filter(mayDescribe) } : row));
}

/** A package.json that is broken or not there says nothing. */
function manifestOf(file: string, ts: ConfigCompiler): Manifest | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const manifest = readJson(file, ts);
    return typeof manifest === 'object' && manifest !== null ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function packageFolder(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}
