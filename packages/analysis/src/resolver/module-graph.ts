import type ts from 'typescript';
import type { CatalogueIndex } from '../catalogue/catalogue-index.js';
import type { FileFacts } from '../facts/file-facts.js';
import type { CheckerPort } from './checker-port.js';

/** Says whether a file can get hold of a package at all, through any chain of imports. */
export interface ModuleGraph {
  reaches(file: ts.SourceFile, packageName: string): boolean;
}

/** A file that reaches no catalogued package is never asked about types: most files of most programs. */
export function createModuleGraph(
  program: ts.Program,
  checker: CheckerPort,
  catalogue: CatalogueIndex,
  facts: (file: ts.SourceFile) => FileFacts,
): ModuleGraph {
  let reachable: ReadonlyMap<string, ReadonlySet<ts.SourceFile>> | undefined;

  function build(): ReadonlyMap<string, ReadonlySet<ts.SourceFile>> {
    const importers = new Map<ts.SourceFile, ts.SourceFile[]>();
    const direct = new Map<string, ts.SourceFile[]>();
    for (const file of program.getSourceFiles()) {
      if (program.isSourceFileDefaultLibrary(file)) continue;
      for (const specifier of facts(file).specifiers) {
        const packageName = catalogue.packageOf(specifier.text);
        if (packageName !== undefined) push(direct, packageName, file);
        const imported = checker.declarationOf(specifier)?.getSourceFile();
        if (imported) push(importers, imported, file);
      }
    }
    const result = new Map<string, ReadonlySet<ts.SourceFile>>();
    for (const [packageName, files] of direct) {
      const reached = new Set(files);
      // A Set visits what is added while it is walked.
      for (const file of reached) importers.get(file)?.forEach((importer) => reached.add(importer));
      result.set(packageName, reached);
    }
    return result;
  }

  return {
    reaches(file, packageName) {
      reachable ??= build();
      return reachable.get(packageName)?.has(file) ?? false;
    },
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
