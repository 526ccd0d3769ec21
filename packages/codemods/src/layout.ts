import { ts } from 'ts-morph';

/** How a file is written, so that what is added looks as if its author had written it. */
export interface Layout {
  readonly eol: string;
  readonly quote: string;
  readonly semicolon: string;
  /** The space inside `{ }` of an import. */
  readonly braceSpace: string;
  /** One step of indentation. */
  readonly indent: string;
  readonly printWidth: number;
}

export function layoutOf(file: ts.SourceFile): Layout {
  const { text } = file;
  const imports = file.statements.filter(ts.isImportDeclaration);
  const nearest = imports.at(-1);
  const crlf = text.match(/\r\n/g)?.length ?? 0;
  const lines = text.match(/\n/g)?.length ?? 0;
  return {
    eol: crlf * 2 > lines ? '\r\n' : '\n',
    quote: nearest ? nearest.moduleSpecifier.getText(file).charAt(0) : majorityQuote(text),
    semicolon: usesSemicolons(file, nearest) ? ';' : '',
    braceSpace: imports.some((statement) => /^import\s*(?:type\s*)?\{\S/.test(statement.getText(file))) ? '' : ' ',
    indent: /^(\t+| {2,8})\S/m.exec(text)?.[1] ?? '  ',
    printWidth: Math.min(120, Math.max(80, ...text.split(/\r?\n/).map(({ length }) => length))),
  };
}

/** The white space that a position's line starts with. */
export function indentAt(text: string, position: number): string {
  const lineStart = text.lastIndexOf('\n', position - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, position))?.[0] ?? '';
}

/** Whether only white space precedes a position on its line. */
export function startsLine(text: string, position: number): boolean {
  return text.slice(text.lastIndexOf('\n', position - 1) + 1, position).trim() === '';
}

/** The end of a position's line, its line break left out. */
export function lineEnd(text: string, position: number): number {
  const end = text.indexOf('\n', position);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

function majorityQuote(text: string): string {
  const double = text.match(/"/g)?.length ?? 0;
  const single = text.match(/'/g)?.length ?? 0;
  return double > single ? '"' : "'";
}

function usesSemicolons(file: ts.SourceFile, nearest: ts.Statement | undefined): boolean {
  const sample =
    nearest ??
    file.statements.find((statement) => ts.isVariableStatement(statement) || ts.isExpressionStatement(statement));
  return sample ? sample.getText(file).endsWith(';') : /;\s*$/m.test(file.text) || !file.text.includes('\n');
}
