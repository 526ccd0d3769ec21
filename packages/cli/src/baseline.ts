import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { NamedFinding } from './output/fingerprint.js';
import { UsageError } from './usage-error.js';

/** A finding that was there when the baseline was made. */
interface Known {
  readonly fingerprint: string;
  readonly ruleId: string;
  readonly file: string;
  /** For people who read the file. */
  readonly message: string;
}

/** Findings that are not news, so that a team can start today and mend them later. */
export interface Baseline {
  readonly findings: readonly Known[];
}

const version = 1;

/** @throws {UsageError} When the file is missing or is no baseline. */
export function readBaseline(file: string, shown: string): Baseline {
  if (!existsSync(file)) {
    throw new UsageError(`--baseline ${shown}: there is no such file. Make it with --update-baseline.`);
  }
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--baseline ${shown}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { version: found, findings } = (read ?? {}) as { version?: unknown; findings?: unknown };
  if (found !== version) {
    throw new UsageError(`--baseline ${shown}: version is ${JSON.stringify(found)}, and only 1 is known.`);
  }
  if (!Array.isArray(findings)) throw new UsageError(`--baseline ${shown}: findings is not a list.`);
  for (const [index, known] of findings.entries()) {
    for (const field of ['fingerprint', 'ruleId', 'file', 'message']) {
      if (typeof (known as Record<string, unknown> | null)?.[field] !== 'string') {
        throw new UsageError(`--baseline ${shown}: findings[${String(index)}].${field} is not a text.`);
      }
    }
  }
  return { findings: findings as Known[] };
}

export interface Comparison {
  /** Not in the baseline. */
  readonly fresh: readonly NamedFinding[];
  /** In the baseline, in a file that was checked, and not found any more. */
  readonly gone: readonly Known[];
}

export function compare(
  { findings }: Baseline,
  found: readonly NamedFinding[],
  isChecked: (file: string) => boolean,
): Comparison {
  const known = new Set(findings.map(({ fingerprint }) => fingerprint));
  const present = new Set(found.map(({ fingerprint }) => fingerprint));
  return {
    fresh: found.filter(({ fingerprint }) => !known.has(fingerprint)),
    gone: findings.filter(({ fingerprint, file }) => isChecked(file) && !present.has(fingerprint)),
  };
}

/** Writes what was found, and keeps what the earlier baseline says about files that were not checked. */
export function writeBaseline(
  file: string,
  found: readonly NamedFinding[],
  earlier: Baseline | undefined,
  isChecked: (file: string) => boolean,
): void {
  const kept = earlier?.findings.filter((known) => !isChecked(known.file)) ?? [];
  const now = found.map(({ fingerprint, file, finding: { ruleId, message } }) => ({
    fingerprint,
    ruleId,
    file,
    message,
  }));
  const order = ({ file, ruleId, fingerprint }: Known): string => `${file}\n${ruleId}\n${fingerprint}`;
  const findings = [...kept, ...now].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  writeFileSync(file, `${JSON.stringify({ version, findings }, undefined, 2)}\n`);
}
