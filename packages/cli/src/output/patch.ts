import { editedText, type Plan } from '@holdfast/codemods';
import { createTwoFilesPatch } from 'diff';
import { displayPath } from '../program.js';
import type { Terminal } from '../terminal.js';

/** A plan as a unified diff. */
export function patchOf(plan: Plan, { cwd, colors }: Terminal): string {
  const name = displayPath(plan.file, cwd);
  // The first two lines are a heading for patch files of other tools.
  return createTwoFilesPatch(name, name, plan.text, editedText(plan))
    .split('\n')
    .filter((line) => !/^(?:Index: |={20})/.test(line))
    .map((line) => {
      if (/^(?:---|\+\+\+)/.test(line)) return colors.bold(line);
      if (line.startsWith('+')) return colors.green(line);
      if (line.startsWith('-')) return colors.red(line);
      return line.startsWith('@@') ? colors.cyan(line) : line;
    })
    .join('\n');
}
