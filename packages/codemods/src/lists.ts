import type { ts } from 'ts-morph';
import { indentAt, lineEnd, startsLine, type Layout } from './layout.js';
import type { Edit } from './plan.js';

/**
 * Adds to a comma-separated list that has at least one element, in the list's own style: on one line or one per
 * line, with or without a trailing comma, end-of-line comments left with their element.
 */
export function insertIntoList(
  file: ts.SourceFile,
  elements: ts.NodeArray<ts.Node>,
  index: number,
  added: string,
  { eol }: Layout,
): Edit[] {
  const { text } = file;
  const before = elements[index];
  if (before) {
    const start = before.getStart(file);
    const separator = startsLine(text, start) ? `,${eol}${indentAt(text, start)}` : ', ';
    return [{ start, end: start, text: added + separator }];
  }
  const last = elements[elements.length - 1]!;
  const start = last.getStart(file);
  if (!startsLine(text, start)) return [{ start: last.end, end: last.end, text: `, ${added}` }];
  const end = lineEnd(text, last.end);
  const rest = text.slice(last.end, end);
  // `}` on the last line: the list closes right after its last element.
  if (!/^\s*,?\s*(?:\/\/.*|\/\*.*\*\/\s*)?$/.test(rest)) {
    return [{ start: last.end, end: last.end, text: `,${eol}${indentAt(text, start)}${added}` }];
  }
  const line = eol + indentAt(text, start) + added;
  if (elements.hasTrailingComma) return [{ start: end, end, text: `${line},` }];
  return [
    { start: last.end, end: last.end, text: ',' },
    { start: end, end, text: line },
  ];
}
