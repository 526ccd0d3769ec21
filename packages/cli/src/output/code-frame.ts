import type { Location } from '@holdfast/analysis';
import type { Colors } from '../terminal.js';

/** The line a finding is on, with one line around it and a mark under the place. */
export function codeFrame(text: string, { line, column, endLine, endColumn }: Location, colors: Colors): string {
  const lines = text.split(/\r?\n/);
  const from = Math.max(1, line - 1);
  const to = Math.min(lines.length, line + 1);
  const width = String(to).length;
  const rows: string[] = [];
  for (let number = from; number <= to; number += 1) {
    const source = lines[number - 1] ?? '';
    const isMarked = number === line;
    const gutter = `${isMarked ? '>' : ' '} ${String(number).padStart(width)} | `;
    rows.push(colors.dim(gutter) + source.replaceAll('\t', ' '));
    if (!isMarked) continue;
    const length = Math.max(1, (endLine === line ? endColumn : source.length + 1) - column);
    rows.push(colors.dim(`  ${' '.repeat(width)} | `) + ' '.repeat(column - 1) + colors.red('^'.repeat(length)));
  }
  return rows.join('\n');
}
