import { checks } from '@holdfast/analysis';
import { migrationSkipMessages, skipMessages as guardSkipMessages } from '@holdfast/codemods';
import { exitCodes } from '../exit-codes.js';
import { errorCodes, errorSection, rulePage } from '../pages.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

const skipMessages: Readonly<Record<string, string>> = { ...migrationSkipMessages, ...guardSkipMessages };

/** `holdfast explain`: what a rule, a reason of the codemods or an error code means. Returns the exit code. */
export function explain(id: string, { out }: Terminal): number {
  const name = id.replace(/^@?holdfast\//, '');
  const skip = Object.hasOwn(skipMessages, name) ? skipMessages[name] : undefined;
  const text = rulePage(name) ?? errorSection(name) ?? (skip && `# ${name}\n\nA call is skipped: ${skip}`);
  if (text === undefined) throw new UsageError(unknown(id));
  out(`${text.trim()}\n`);
  return exitCodes.clean;
}

function unknown(id: string): string {
  const known = [...checks.map(({ id }) => id), ...errorCodes(), ...Object.keys(skipMessages)];
  const near = known.filter((name) => distance(id, name) <= Math.max(2, name.length / 4));
  if (near.length > 0) return `explain ${id}: unknown. Did you mean ${near.join(' or ')}?`;
  return `explain ${id}: unknown. There are the rules ${checks.map(({ id }) => id).join(', ')}; error codes (${errorCodes().join(', ')}); and the reasons for skipping a call (${Object.keys(skipMessages).join(', ')}).`;
}

/** How many letters have to be added, taken away or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column += 1) {
      const change = row[column - 1]! + (letter === b[column - 1] ? 0 : 1);
      next.push(Math.min(change, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
