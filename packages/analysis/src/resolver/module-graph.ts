import type ts from 'typescript';
import { packageName, type CatalogueIndex } from '../catalogue/catalogue-index.js';
import type { FileFacts } from '../facts/file-facts.js';
import type { ModuleFiles } from './module-files.js';

/** Says whether a file can get hold of a package at all, through any chain of imports. */
export interface ModuleGraph {
  reaches(file: ts.SourceFile, module: string): boolean;
  /** Files that import this one directly. */
  importers(file: ts.SourceFile): readonly ts.SourceFile[];
}

/** A file that reaches no catalogued package is never asked about types: most files of most programs. */
export function createModuleGraph(
  ownFiles: () => readonly ts.SourceFile[],
  catalogue: CatalogueIndex,
  facts: (file: ts.SourceFile) => FileFacts,
  moduleFiles: ModuleFiles,
): ModuleGraph {
  let edges: ReadonlyMap<ts.SourceFile, readonly ts.SourceFile[]> | undefined;
  let direct: ReadonlyMap<string, readonly ts.SourceFile[]> | undefined;
  const reached = new Map<string, ReadonlySet<ts.SourceFile>>();

  function importerEdges(): ReadonlyMap<ts.SourceFile, readonly ts.SourceFile[]> {
    const importers = new Map<ts.SourceFile, ts.SourceFile[]>();
    for (const file of ownFiles()) {
      for (const specifier of facts(file).specifiers) {
        if (catalogue.moduleOf(specifier.text) !== undefined) continue;
        const imported = moduleFiles(specifier);
        if (imported) push(importers, imported, file);
      }
    }
    return importers;
  }

  function directImports(): ReadonlyMap<string, readonly ts.SourceFile[]> {
    const direct = new Map<string, ts.SourceFile[]>();
    for (const file of ownFiles()) {
      for (const { text } of facts(file).specifiers) {
        const module = catalogue.moduleOf(text);
        if (module === undefined) continue;
        push(direct, module, file);
        if (packageName(module) !== module) push(direct, packageName(module), file);
      }
    }
    return direct;
  }

  return {
    importers: (file) => (edges ??= importerEdges()).get(file) ?? [],
    reaches(file, module) {
      direct ??= directImports();
      const files = direct.get(module);
      if (!files) return false;
      let all = reached.get(module);
      if (!all) {
        edges ??= importerEdges();
        const found = new Set(files);
        // A Set visits what is added while it is walked.
        for (const next of found) edges.get(next)?.forEach((importer) => found.add(importer));
        reached.set(module, (all = found));
      }
      return all.has(file);
    },
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
