import { layoutOf as writtenLayoutOf, type Layout as WrittenLayout } from '@holdfast/analysis/writing';
import { ts } from 'ts-morph';

export { indentAt, startsLine } from '@holdfast/analysis/writing';

/** How a file is written, so that what is added looks as if its author had written it. */
export interface Layout extends WrittenLayout {
  /** One step of indentation. */
  readonly indent: string;
  readonly printWidth: number;
}

export function layoutOf(file: ts.SourceFile): Layout {
  const { text } = file;
  return {
    // The same compiler, declared a second time by ts-morph.
    ...writtenLayoutOf(ts as never, file as never),
    indent: /^(\t+| {2,8})\S/m.exec(text)?.[1] ?? '  ',
    printWidth: Math.min(120, Math.max(80, ...text.split(/\r?\n/).map(({ length }) => length))),
  };
}

/** The end of a position's line, its line break left out. */
export function lineEnd(text: string, position: number): number {
  const end = text.indexOf('\n', position);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}
