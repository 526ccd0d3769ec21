import type ts from 'typescript';

/** Tests call what they like; mocks stand in for the dependency. */
const testFile = /\.(?:test|spec)\.[cm]?[jt]sx?$|\/__(?:tests|mocks)__\//;

/** Whether a file is the user's own code: no declarations, no packages, no tests. */
export function isOwnSource(file: Pick<ts.SourceFile, 'fileName' | 'isDeclarationFile'>): boolean {
  const name = file.fileName.replaceAll('\\', '/');
  return !file.isDeclarationFile && !name.includes('/node_modules/') && !name.endsWith('.json') && !testFile.test(name);
}
