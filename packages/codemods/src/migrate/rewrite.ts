import type { ts } from 'ts-morph';
import { indentAt, lineEnd, type Layout } from '../layout.js';
import type { Edit } from '../plan.js';

/** Puts an object with these properties in place of the options, or behind the operation where there are none. */
export function replaceArguments(
  file: ts.SourceFile,
  operation: ts.Expression,
  given: ts.Expression | undefined,
  properties: readonly string[],
  { eol, indent, printWidth }: Layout,
): Edit {
  const at = given?.getStart(file) ?? operation.end;
  const lead = given ? '' : ', ';
  const line = `{ ${properties.join(', ')} }`;
  const column = at - (file.text.lastIndexOf('\n', at - 1) + 1);
  const outer = indentAt(file.text, at);
  const isShort = column + lead.length + line.length + 2 <= printWidth;
  const text = isShort
    ? line
    : `{${eol}${properties.map((property) => `${outer}${indent}${property},${eol}`).join('')}${outer}}`;
  return { start: at, end: given?.end ?? at, text: lead + text };
}

/** Takes the default import away, together with what else is left without use; `added` takes its place where it fits. */
export function dropDefaultImport(
  file: ts.SourceFile,
  declaration: ts.ImportDeclaration,
  added: readonly Edit[],
): Edit[] {
  const clause = declaration.importClause;
  const start = declaration.getStart(file);
  const bindings = clause?.namedBindings;
  if (clause?.name && bindings) {
    // `import pRetry, { type Options }`: the types stay.
    return [...added, { start: clause.name.getStart(file), end: bindings.getStart(file), text: '' }];
  }
  const end = lineEnd(file.text, declaration.end);
  const successor = added.find((edit) => edit.start === end && edit.end === end && /^\r?\nimport\b/.test(edit.text));
  if (successor) {
    const text = successor.text.replace(/^\r?\n/, '');
    return [...added.filter((edit) => edit !== successor), { start, end: declaration.end, text }];
  }
  const isWholeLine = file.text.slice(declaration.end, end).trim() === '';
  const next = file.text.indexOf('\n', end) + 1;
  return [...added, { start, end: isWholeLine && next > 0 ? next : declaration.end, text: '' }];
}
