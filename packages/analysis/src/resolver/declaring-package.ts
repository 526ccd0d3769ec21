import type ts from 'typescript';
import type { TypeScript } from '../typescript.js';
import type { CatalogueIndex } from '../catalogue/catalogue-index.js';
import { packageName } from '../catalogue/catalogue-index.js';
import type { FileFacts } from '../facts/file-facts.js';
import type { CheckerPort } from './checker-port.js';
import { folderOf } from './module-paths.js';

/** Names the package that a declaration comes from; `global` for what the language itself declares. */
export type DeclaringPackage = (declaration: ts.Node) => string | undefined;

/**
 * A package is known by its folder under `node_modules`, or by `declare module`. A workspace links its own packages
 * by their real path, so the folders that catalogued imports lead to count as well.
 */
export function createDeclaringPackage(
  ts: TypeScript,
  ownFiles: () => readonly ts.SourceFile[],
  checker: CheckerPort,
  catalogue: CatalogueIndex,
  facts: (file: ts.SourceFile) => FileFacts,
): DeclaringPackage {
  let linked: ReadonlyMap<string, string> | undefined;

  function linkedFolders(): ReadonlyMap<string, string> {
    const folders = new Map<string, string>();
    const seen = new Set<string>();
    for (const file of ownFiles()) {
      for (const specifier of facts(file).specifiers) {
        const name = catalogue.moduleOf(specifier.text);
        if (name === undefined || seen.has(specifier.text)) continue;
        seen.add(specifier.text);
        const entry = checker.moduleOf(specifier);
        if (entry && installedPackage(entry.fileName) === undefined) {
          folders.set(folderOf(entry.fileName), packageName(name));
        }
      }
    }
    return folders;
  }

  return (declaration) => {
    for (let node: ts.Node | undefined = declaration; node; node = node.parent) {
      if (ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name)) {
        return catalogue.moduleOf(node.name.text) ?? node.name.text;
      }
    }
    const { fileName } = declaration.getSourceFile();
    const installed = installedPackage(fileName);
    if (installed !== undefined) return installed;
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
  if (/\/lib\.[\w.]+\.d\.ts$/.test(fileName)) return 'global';
  const folder = fileName.lastIndexOf('/node_modules/');
  if (folder < 0) return undefined;
  const [scope = '', name = ''] = fileName.slice(folder + '/node_modules/'.length).split('/');
  if (scope === '@types') return name.includes('__') ? `@${name.replace('__', '/')}` : name;
  // Prisma writes the client it generates into a folder of its own.
  if (scope === '.prisma') return '@prisma/client';
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}
