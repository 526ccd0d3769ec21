import type ts from 'typescript';
import type { TypeScript } from '../typescript.js';

/** A `// holdfast-ignore <rule>: <reason>` comment. It silences the rule on its own line, or on the next line when it stands alone. */
export interface Ignore {
  readonly ruleId: string;
  readonly reason: string;
  /** The line it silences, from 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

const directive = /\/\/[ \t]*holdfast-ignore[ \t]+([\w-]+)[ \t]*(?::[ \t]*([^\r\n]*))?/g;

export function readIgnores(ts: TypeScript, file: ts.SourceFile): Ignore[] {
  const { text } = file;
  if (!text.includes('holdfast-ignore')) return [];
  const ignores: Ignore[] = [];
  for (const match of text.matchAll(directive)) {
    if (isInsideToken(ts, file, match.index)) continue;
    const { line } = file.getLineAndCharacterOfPosition(match.index);
    const lineStart = file.getPositionOfLineAndCharacter(line, 0);
    let silenced = line + 1;
    if (text.slice(lineStart, match.index).trim() === '') {
      // Several ignores may stand above one line.
      do silenced += 1;
      while (isIgnoreLine(file, silenced));
    }
    ignores.push({
      ruleId: match[1]!,
      reason: match[2]?.trim() ?? '',
      line: silenced,
      start: match.index,
      end: match.index + match[0].trimEnd().length,
    });
  }
  return ignores;
}

function isIgnoreLine(file: ts.SourceFile, line: number): boolean {
  const starts = file.getLineStarts();
  const from = starts[line - 1];
  return from !== undefined && /^[ \t]*\/\/[ \t]*holdfast-ignore\b/.test(file.text.slice(from, starts[line]));
}

/** The same letters in a string, a template or a regular expression are no comment. */
function isInsideToken(ts: TypeScript, file: ts.SourceFile, position: number): boolean {
  let node: ts.Node = file;
  for (;;) {
    const inner = ts.forEachChild(node, (child) => (child.pos <= position && position < child.end ? child : undefined));
    if (!inner) break;
    node = inner;
  }
  return !ts.isSourceFile(node) && node.getChildCount(file) === 0 && node.getStart(file) <= position;
}
