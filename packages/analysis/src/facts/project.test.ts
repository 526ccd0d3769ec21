import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../index.js';

/** A small service whose judgement crosses its files: a client, a guard around it, a caller of each, an entry. */
const files: Record<string, readonly string[]> = {
  '/app/client.ts': [
    'export const load = (id: string) => fetch(`https://a.internal/${id}`);',
    'export const load = (id: string) => fetch(`https://a.internal/${id}`, { signal: AbortSignal.timeout(1_000) });',
    'export const load = (id: string) => id;\nexport const fetchAll = () => fetch("https://a.internal");',
    "export { load } from './other.js';",
    'export const load = (id: string) => fetch(`https://a.internal/${id}',
  ],
  '/app/other.ts': [
    'export const load = async (id: string) => fetch(`https://b.internal/${id}`);',
    'export class Loader {\n  load(id: string) {\n    return fetch(id);\n  }\n}',
    "import { load as own } from './client.js';\nexport const load = (id: string) => own(id);",
  ],
  '/app/guarded.ts': [
    "import { guard, timeout } from '@holdfast/runtime';\nimport { load } from './client.js';\nexport const read = guard(load, timeout(1_000));",
    "import { load } from './client.js';\nexport const read = (id: string) => load(id);",
    "import { load } from './other.js';\nexport const read = async () => {\n  for (const id of ['1', '2']) await load(id);\n};",
    '',
  ],
  '/app/main.ts': [
    "import { read } from './guarded.js';\nvoid read('1');",
    "import { read } from './guarded.js';\nimport { load } from './client.js';\nvoid read('1');\nvoid load('2');",
    "import { read } from './guarded';\nimport './missing.js';\nexport const load = () => read('3');",
  ],
};
const names = Object.keys(files);

function host(texts: Map<string, string>): ts.CompilerHost {
  const parsed = new Map<string, { text: string; file: ts.SourceFile }>();
  return {
    ...ts.createCompilerHost({}),
    fileExists: (name) => texts.has(name),
    readFile: (name) => texts.get(name),
    directoryExists: () => true,
    getSourceFile(name) {
      const text = texts.get(name);
      if (text === undefined) return undefined;
      let known = parsed.get(name);
      // A file that nobody edited keeps its source file, as in an editor.
      if (known?.text !== text) {
        known = { text, file: ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true) };
        parsed.set(name, known);
      }
      return known.file;
    },
  };
}

function judge(program: ts.Program): unknown {
  const onError = (error: unknown): never => {
    throw error;
  };
  const analyzer = createAnalyzer({ ts, program, preset: 'strict', onError });
  return names.map((name) => [name, analyzer.analyze(name), analyzer.outboundCalls(name)]);
}

describe('a project that is edited', () => {
  it('is judged like one that was opened just now', () => {
    const edit = fc
      .constantFrom(...names)
      .chain((name) => fc.record({ name: fc.constant(name), text: fc.constantFrom(...files[name]!) }));
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
        const texts = new Map(names.map((name) => [name, files[name]![0]!]));
        const options: ts.CompilerOptions = { noLib: true, types: [], module: ts.ModuleKind.NodeNext };
        const editor = host(texts);
        judge(ts.createProgram(names, options, editor));
        for (const { name, text } of edits) {
          texts.set(name, text);
          const kept = judge(ts.createProgram(names, options, editor));
          // Other options are another project, of which nothing is known.
          expect(kept).toEqual(judge(ts.createProgram(names, { ...options }, host(texts))));
          seen.add(JSON.stringify(kept));
        }
      }),
      { numRuns: 40 },
    );
    // The edits must matter, or the law is empty.
    expect(seen.size).toBeGreaterThan(20);
  });

  it('with a file more or less is another project', () => {
    const texts = new Map(names.map((name) => [name, files[name]![0]!]));
    const options: ts.CompilerOptions = { noLib: true, types: [] };
    const editor = host(texts);
    const before = judge(ts.createProgram(names, options, editor));
    const added = '/app/added.ts';
    texts.set(added, "import { load } from './client.js';\nvoid load('4');");
    judge(ts.createProgram([...names, added], options, editor));
    texts.delete(added);
    expect(judge(ts.createProgram(names, options, editor))).toEqual(before);
  });
});
