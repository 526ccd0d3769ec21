import type ts from 'typescript';
import type { TypeScript } from './typescript.js';

/** How a file is written, so that what is added looks as if its author had written it. */
export interface Layout {
  readonly eol: string;
  readonly quote: string;
  /** `;`, or nothing. */
  readonly semicolon: string;
  /** The space inside `{ }` of an import. */
  readonly braceSpace: string;
}

const known = new WeakMap<ts.SourceFile, Layout>();

export function layoutOf(ts: TypeScript, file: ts.SourceFile): Layout {
  let layout = known.get(file);
  if (!layout) known.set(file, (layout = read(ts, file)));
  return layout;
}

function read(ts: TypeScript, file: ts.SourceFile): Layout {
  const { text } = file;
  const imports = file.statements.filter((statement) => ts.isImportDeclaration(statement));
  const nearest = imports.at(-1);
  return {
    eol: endOfLine(text),
    quote: nearest ? nearest.moduleSpecifier.getText(file).charAt(0) : quoteOf(text),
    semicolon: usesSemicolons(ts, file, nearest) ? ';' : '',
    braceSpace: imports.some((statement) => /^import\s*(?:type\s*)?\{\S/.test(statement.getText(file))) ? '' : ' ',
  };
}

export function endOfLine(text: string): string {
  const crlf = text.match(/\r\n/g)?.length ?? 0;
  return crlf * 2 > (text.match(/\n/g)?.length ?? 0) ? '\r\n' : '\n';
}

/** The space before the text of the line that a position is on. */
export function indentAt(text: string, position: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', position - 1) + 1, position))![0];
}

/** Whether only space precedes a position on its line. */
export function startsLine(text: string, position: number): boolean {
  return text.slice(text.lastIndexOf('\n', position - 1) + 1, position).trim() === '';
}

/** The end of a line, with the comment that ends it; of a statement that others follow on its line, its own. */
export function lineEnd(text: string, position: number): number {
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[ \t]*)?(?=\r?\n|$)/.exec(text.slice(position));
  return position + (rest ? rest[0].length : 0);
}

/** Where what is put before a place goes: `// eslint-disable-next-line` must stay right above the line it was written for. */
export function aboveDirective(ts: TypeScript, text: string, from: number, head: number): number {
  let start = head;
  for (const { pos, end } of [...(ts.getLeadingCommentRanges(text, from) ?? [])].reverse()) {
    const speaksOfNext = /-next-line|prettier-ignore|@ts-expect-error|@ts-ignore|holdfast-ignore/;
    if (!speaksOfNext.test(text.slice(pos, end))) break;
    start = pos;
  }
  return start;
}

function quoteOf(text: string): string {
  return (text.match(/"/g)?.length ?? 0) > (text.match(/'/g)?.length ?? 0) ? '"' : "'";
}

function usesSemicolons(ts: TypeScript, file: ts.SourceFile, nearest: ts.Statement | undefined): boolean {
  const sample =
    nearest ??
    file.statements.find((statement) => ts.isVariableStatement(statement) || ts.isExpressionStatement(statement));
  return sample ? sample.getText(file).endsWith(';') : /;\s*$/m.test(file.text) || !file.text.includes('\n');
}
