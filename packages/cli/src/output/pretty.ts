import type { Finding } from '@holdfast/analysis';
import { displayPath } from '../program.js';
import type { Terminal } from '../terminal.js';
import { codeFrame } from './code-frame.js';

/** Findings for people: where, what, the code, and the way that leads there. */
export function pretty(findings: readonly Finding[], textOf: (file: string) => string, terminal: Terminal): string {
  const { colors, cwd } = terminal;
  return findings
    .map((finding) => {
      const { file, line, column, message, ruleId, path } = finding;
      const place = `${colors.cyan(displayPath(file, cwd))}:${String(line)}:${String(column)}`;
      const way = path.length > 2 ? `\n${colors.dim(`  reached by ${path.map(({ text }) => text).join(' → ')}`)}` : '';
      return `${place} ${colors.bold(message)} ${colors.dim(ruleId)}\n\n${codeFrame(textOf(file), finding, colors)}${way}\n\n`;
    })
    .join('');
}

export function summary(findings: readonly Finding[], fileCount: number, { colors }: Terminal): string {
  const checked = `${count(fileCount, 'file')} checked`;
  if (findings.length === 0) return `${colors.green('✓')} ${checked}, nothing found\n`;
  const files = new Set(findings.map(({ file }) => file)).size;
  return `${colors.red('✗')} ${count(findings.length, 'finding')} in ${count(files, 'file')} (${checked})\n`;
}

export function count(number: number, thing: string): string {
  return `${String(number)} ${thing}${number === 1 ? '' : 's'}`;
}
