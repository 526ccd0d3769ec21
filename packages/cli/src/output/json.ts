import type { Finding } from '@holdfast/analysis';

/** Findings for programs. Fields are added, never renamed: `version` changes if they must. */
export function json(findings: readonly Finding[], fileCount: number): string {
  return `${JSON.stringify({ version: 1, files: fileCount, findings }, undefined, 2)}\n`;
}
