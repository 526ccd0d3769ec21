import type { ts } from 'ts-morph';
import { indentAt, lineEnd, startsLine, type Layout } from '../layout.js';
import type { Edit } from '../plan.js';
import { Obstacle } from './migration.js';

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

/**
 * Takes a statement or member away with its lines.
 *
 * @throws {Obstacle} When a comment would be lost, or something else stands on the same line.
 */
export function statementRemoval(node: ts.Statement | ts.ClassElement): Edit {
  const file = node.getSourceFile();
  const [from, start] = [node.getFullStart(), node.getStart(file)];
  const rest = file.text.slice(node.end, lineEnd(file.text, node.end));
  if (file.text.slice(from, start).trim() !== '' || !startsLine(file.text, start) || rest.trim() !== '') {
    throw new Obstacle('comment');
  }
  return { start: from, end: node.end, text: '' };
}
