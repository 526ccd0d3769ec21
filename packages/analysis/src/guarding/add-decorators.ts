import type ts from 'typescript';
import { insert } from '../edits.js';
import type { Edit } from '../finding.js';
import { aboveDirective, indentAt, layoutOf, startsLine } from '../layout.js';
import type { TypeScript } from '../typescript.js';

/** Below the decorators that are there, before modifiers, above a comment that speaks of the next line. */
export function addDecorators(
  ts: TypeScript,
  file: ts.SourceFile,
  member: ts.MethodDeclaration | ts.PropertyDeclaration,
  decorators: readonly string[],
): Edit {
  const { text } = file;
  const { eol } = layoutOf(ts, file);
  const existing = ts.getDecorators(member)?.at(-1);
  const asterisk = ts.isMethodDeclaration(member) ? member.asteriskToken : undefined;
  const head = (ts.getModifiers(member)?.[0] ?? asterisk ?? member.name).getStart(file);
  const start = aboveDirective(ts, text, existing ? existing.end : member.pos, head);
  if (startsLine(text, start)) {
    const indent = indentAt(text, start);
    return insert(start, decorators.map((decorator) => decorator + eol + indent).join(''));
  }
  // `@Get() find()`: each decorator gets a line, and so does the method.
  const owner = member.getStart(file);
  if (existing && startsLine(text, owner)) {
    const line = eol + indentAt(text, owner);
    return {
      start: existing.end,
      end: start,
      text: decorators.map((decorator) => line + decorator).join('') + line,
    };
  }
  return insert(start, `${decorators.join(' ')} `);
}
