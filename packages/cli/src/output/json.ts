import type { NamedFinding } from './fingerprint.js';

/** Findings for programs. Fields are added, never renamed: `version` changes if they must. */
export function json(named: readonly NamedFinding[], fileCount: number): string {
  const findings = named.map(({ finding, fingerprint }) => ({ ...finding, fingerprint }));
  return `${JSON.stringify({ version: 1, files: fileCount, findings }, undefined, 2)}\n`;
}
