import type { NamedFinding } from './fingerprint.js';

/**
 * Findings as workflow commands, which GitHub shows as annotations beside the code.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function github(findings: readonly NamedFinding[]): string {
  return findings
    .map(({ finding, file }) => {
      const { line, column, endLine, endColumn, ruleId, message, path } = finding;
      const columns = line === endLine ? { col: column, endColumn } : {};
      const properties = Object.entries({ file, line, endLine, ...columns, title: `holdfast ${ruleId}` })
        .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
        .join(',');
      const way = path.length > 2 ? `\nReached by ${path.map(({ text }) => text).join(' → ')}` : '';
      return `::error ${properties}::${escape(message + way)}\n`;
    })
    .join('');
}

function escape(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escape(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
