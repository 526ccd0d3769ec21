import type ts from 'typescript';
import type { TypeScript } from '../typescript.js';
import type { CatalogueIndex } from '../catalogue/catalogue-index.js';
import type { CheckerPort } from './checker-port.js';
import type { FileFacts } from '../facts/file-facts.js';

/** Names the package that a declaration comes from. */
export type DeclaringPackage = (declaration: ts.Node) => string | undefined;

/**
 * A package is known by its folder under `node_modules`, or by `declare module`. A workspace links its own packages
 * by their real path, so the folders that catalogued imports lead to count as well.
 */
export function createDeclaringPackage(
  ts: TypeScript,
  program: ts.Program,
  checker: CheckerPort,
  catalogue: CatalogueIndex,
  facts: (file: ts.SourceFile) => FileFacts,
): DeclaringPackage {
  let linked: ReadonlyMap<string, string> | undefined;

  function linkedFolders(): ReadonlyMap<string, string> {
    const folders = new Map<string, string>();
    for (const file of program.getSourceFiles()) {
      if (file.isDeclarationFile) continue;
      for (const specifier of facts(file).specifiers) {
        const name = catalogue.packageOf(specifier.text);
        if (name === undefined) continue;
        const entry = checker.declarationOf(specifier)?.getSourceFile();
        if (entry && !installedPackage(entry.fileName)) {
          folders.set(entry.fileName.slice(0, entry.fileName.lastIndexOf('/') + 1), name);
        }
      }
    }
    return folders;
  }

  return (declaration) => {
    for (let node: ts.Node | undefined = declaration; node; node = node.parent) {
      if (ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name)) {
        return catalogue.packageOf(node.name.text) ?? node.name.text;
      }
    }
    const { fileName } = declaration.getSourceFile();
    const installed = installedPackage(fileName);
    if (installed) return installed;
    linked ??= linkedFolders();
    let folder = fileName.lastIndexOf('/');
    while (folder > 0) {
      const name = linked.get(fileName.slice(0, folder + 1));
      if (name !== undefined) return name;
      folder = fileName.lastIndexOf('/', folder - 1);
    }
    return undefined;
  };
}

function installedPackage(fileName: string): string | undefined {
  const folder = fileName.lastIndexOf('/node_modules/');
  if (folder < 0) return undefined;
  const [scope = '', name = ''] = fileName.slice(folder + '/node_modules/'.length).split('/');
  if (scope === '@types') return name.includes('__') ? `@${name.replace('__', '/')}` : name;
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}
