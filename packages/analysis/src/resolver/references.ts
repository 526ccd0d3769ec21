import type ts from 'typescript';
import type { FileFacts } from '../facts/file-facts.js';
import type { Scopes } from '../facts/scopes.js';
import type { TypeScript } from '../typescript.js';

interface Tools {
  readonly ts: TypeScript;
  readonly scopes: Scopes;
  facts(file: ts.SourceFile): FileFacts;
}

/** Where a variable or parameter is named again. A member that happens to have its name is another thing. */
export function referencesTo(
  name: ts.Identifier,
  declaration: ts.Node,
  { ts, facts, scopes }: Tools,
): readonly ts.Node[] {
  return (facts(name.getSourceFile()).mentions.get(name.text) ?? []).filter(
    (mention) => mention !== name && !isMemberName(mention, ts) && scopes.find(name.text, mention) === declaration,
  );
}

function isMemberName(mention: ts.Node, ts: TypeScript): boolean {
  const { parent } = mention;
  if (ts.isBindingElement(parent)) return parent.propertyName === mention;
  const hasName =
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent);
  return hasName && parent.name === mention;
}
