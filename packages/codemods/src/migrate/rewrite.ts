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
  layout: Layout,
): Edit {
  const at = given?.getStart(file) ?? operation.end;
  const lead = given ? '' : ', ';
  return { start: at, end: given?.end ?? at, text: lead + objectText(file.text, at, lead.length, properties, layout) };
}

/** An object with these properties, `ahead` characters behind a position: on one line where that is short enough. */
export function objectText(
  text: string,
  position: number,
  ahead: number,
  properties: readonly string[],
  { eol, indent, printWidth }: Layout,
): string {
  const line = `{ ${properties.join(', ')} }`;
  const column = position - (text.lastIndexOf('\n', position - 1) + 1);
  if (column + ahead + line.length + 2 <= printWidth) return line;
  const outer = indentAt(text, position);
  return `{${eol}${properties.map((property) => `${outer}${indent}${property},${eol}`).join('')}${outer}}`;
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
