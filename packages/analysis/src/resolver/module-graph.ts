import type ts from 'typescript';
import { packageName, type CatalogueIndex } from '../catalogue/catalogue-index.js';
import type { FileFacts } from '../facts/file-facts.js';
import { createKept } from '../facts/kept.js';
import type { Project } from '../facts/project.js';
import type { ModuleFiles } from './module-files.js';

/** Says whether a file can get hold of a package at all, through any chain of imports. */
export interface ModuleGraph {
  reaches(file: ts.SourceFile, module: string): boolean;
  reachesAny(file: ts.SourceFile, modules: ReadonlySet<string>): boolean;
  /** Whether any file of the project imports this one. */
  isImported(file: ts.SourceFile): boolean;
}

/** Files are numbers, so that the graph holds for the next version of each. */
interface Edges {
  readonly importers: ReadonlyMap<number, readonly number[]>;
  readonly direct: ReadonlyMap<string, readonly number[]>;
  readonly reached: Map<string, ReadonlySet<number>>;
  /** The catalogued modules that a file reaches. */
  readonly modules: Map<number, readonly string[]>;
}

const kept = createKept<object, CatalogueIndex, Edges>();

/** A file that reaches no catalogued package is never asked about types: most files of most programs. */
export function createModuleGraph(
  project: () => Project,
  catalogue: CatalogueIndex,
  facts: (file: ts.SourceFile) => FileFacts,
  moduleFiles: ModuleFiles,
): ModuleGraph {
  const edges = (): Edges => kept(project().imports, catalogue, () => collect(project()));

  function collect({ files, indexOf }: Project): Edges {
    const importers = new Map<number, number[]>();
    const direct = new Map<string, number[]>();
    for (const [position, file] of files.entries()) {
      for (const specifier of facts(file).specifiers) {
        const module = catalogue.moduleOf(specifier.text);
        if (module !== undefined) {
          push(direct, module, position);
          if (packageName(module) !== module) push(direct, packageName(module), position);
          continue;
        }
        const imported = moduleFiles(specifier);
        const target = imported && indexOf(imported);
        if (target !== undefined) push(importers, target, position);
      }
    }
    return { importers, direct, reached: new Map(), modules: new Map() };
  }

  function reached({ importers, direct, reached }: Edges, module: string): ReadonlySet<number> {
    let all = reached.get(module);
    if (!all) {
      const found = new Set(direct.get(module));
      // A Set visits what is added while it is walked.
      for (const next of found) importers.get(next)?.forEach((importer) => found.add(importer));
      reached.set(module, (all = found));
    }
    return all;
  }

  function modulesOf(edges: Edges, position: number): readonly string[] {
    let modules = edges.modules.get(position);
    if (!modules) {
      modules = [...edges.direct.keys()].filter((module) => reached(edges, module).has(position));
      edges.modules.set(position, modules);
    }
    return modules;
  }

  return {
    isImported(file) {
      const position = project().indexOf(file);
      return position !== undefined && edges().importers.has(position);
    },
    reaches(file, module) {
      const position = project().indexOf(file);
      return position !== undefined && reached(edges(), module).has(position);
    },
    reachesAny(file, modules) {
      const position = project().indexOf(file);
      return position !== undefined && modulesOf(edges(), position).some((module) => modules.has(module));
    },
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
