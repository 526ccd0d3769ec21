import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { actionsAt, editsForAll } from '../editor.js';
import { createAnalyzer, type Edit, type Finding } from '../index.js';

function found(text: string, name = '/app/service.ts'): { file: ts.SourceFile; findings: readonly Finding[] } {
  const kind = name.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, kind);
  return { file, findings: createAnalyzer({ ts }).analyze(file) };
}

function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, text }) => now.slice(0, start) + text + now.slice(end), text);
}

/** What the file is after a finding in it is ignored for a reason. */
function ignored(text: string, name?: string): string | undefined {
  const { file, findings } = found(text, name);
  const [finding] = findings;
  const action = actionsAt(ts, file, findings, finding!).find(({ title }) => title.startsWith('Ignore'));
  return action && edited(text, action.edits);
}

describe('an ignore comment', () => {
  it.each([
    [
      'in the indentation of its line',
      'if (a) {\n\tvoid fetch("/a");\n}\n',
      '\t// holdfast-ignore no-unguarded-outbound-call: \n\tvoid',
    ],
    [
      'with the line ends of the file',
      'let a = 1;\r\nvoid fetch("/a");\r\n',
      '// holdfast-ignore no-unguarded-outbound-call: \r\nvoid',
    ],
  ])('stands %s', (_, text, expected) => {
    expect(ignored(text)).toContain(expected);
  });

  it('silences what it stands above, once it says why', () => {
    const text = 'export const load = () =>\n  fetch("/a");\n';
    const silent = ignored(text)!.replace('outbound-call: ', 'outbound-call: it is local');
    expect(found(silent).findings).toEqual([]);
  });

  it.each([
    ['a template', 'const a = `\n${await fetch("/a")}`;\n', undefined],
    ['the text of JSX', 'const a = <b>\n  some text {await fetch("/a")}\n</b>;\n', '/app/page.tsx'],
  ])('is not offered inside of %s, where it would be none', (_, text, name) => {
    expect(found(text, name).findings).not.toEqual([]);
    expect(ignored(text, name)).toBeUndefined();
  });
});

describe('what is done to all of a file', () => {
  it('is done to each finding that it cures, and what several need is brought once', () => {
    const text = `import axios from 'axios';
const a = axios.create();
const b = axios.create({});
export const load = async () => [await a.get('/a'), await b.get('/b')];
`;
    const { file, findings } = found(text);
    const [action] = actionsAt(ts, file, findings, { start: 0, end: text.length });
    expect(action?.all?.id).toBe('holdfast:no-unguarded-outbound-call:setOption');
    const cured = edited(text, editsForAll(findings, action!.all!.id));
    expect(cured.match(/timeout: 5_000/g)).toHaveLength(2);
    expect(found(cured).findings).toEqual([]);
  });

  it('is nothing for a cure that no finding has', () => {
    expect(editsForAll(found('void fetch("/a");').findings, 'holdfast:policy-order:reorder')).toEqual([]);
  });
});
