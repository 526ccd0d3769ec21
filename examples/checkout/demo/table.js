import { width } from './terminal.js';
import { color } from './colors.js';

/**
 * @typedef {{ label: string, values: [number, number], show?: (value: number) => string, better?: 'more' | 'less' }} Row
 * @typedef {{ title: string, rows: Row[] }} Section
 */

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * Two measurements beside each other, each with a bar. The bars of a row share one scale.
 *
 * @param {[string, string]} names
 * @param {Section[]} sections
 * @param {number} [columns]
 * @returns {string}
 */
export function drawTable(names, sections, columns = width) {
  const rows = sections.flatMap((section) => section.rows);
  const labelWidth = Math.max(...rows.map((row) => row.label.length)) + 2;
  const valueWidth = Math.max(...rows.flatMap((row) => row.values.map((value) => format(row, value).length)));
  const barWidth = Math.max(4, Math.floor((columns - labelWidth) / 2) - valueWidth - 3);
  const cellWidth = barWidth + valueWidth + 1;

  const lines = [
    `${' '.repeat(labelWidth)}${names.map((name) => color.bold(name.padEnd(cellWidth))).join('  ')}`.trimEnd(),
  ];
  for (const { title, rows } of sections) {
    lines.push('', color.bold(title));
    for (const row of rows) {
      const cells = row.values.map((value, side) => {
        const paint = colourOf(row, side);
        const length = bar(value / Math.max(...row.values, Number.MIN_VALUE), barWidth);
        return `${paint(length.padEnd(barWidth))} ${format(row, value).padStart(valueWidth)}`;
      });
      lines.push(`${row.label.padEnd(labelWidth)}${cells.join('  ')}`);
    }
  }
  return lines.join('\n');
}

/** @type {(row: Row, value: number) => string} */
const format = (row, value) => (row.show ?? String)(value);

/** @type {(share: number, columns: number) => string} */
function bar(share, columns) {
  const eighths = Math.round(share * columns * 8);
  return '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}

/** @type {(row: Row, side: number) => (text: string) => string} */
function colourOf({ values, better }, side) {
  const [mine, other] = side === 0 ? values : [values[1], values[0]];
  if (!better || mine === other) return color.cyan;
  return mine > other === (better === 'more') ? color.green : color.red;
}
