import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project as MorphProject, ts, type CompilerOptions } from 'ts-morph';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeFile, editedText, planGuard, projectOf, verify, type Project, type Verdict } from '../index.js';

const folder = fileURLToPath(new URL('../../fixtures/guard', import.meta.url));
/** Where `axios` and the runtime resolve. Nothing is written there. */
const place = fileURLToPath(new URL('../../../analysis/fixtures/guard', import.meta.url));
const cases = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

/** Every fixture in every shape: what holds for spaces and LF holds for the others. */
const shapes: Record<string, (text: string) => string> = {
  'LF and spaces': (text) => text,
  CRLF: (text) => text.replaceAll('\n', '\r\n'),
  tabs: (text) => text.replace(/^(?: {2})+/gm, (indent) => '\t'.repeat(indent.length / 2)),
};

function before(name: string): string {
  return readFileSync(join(folder, name, 'before.ts'), 'utf8');
}

/** `after.legacy.ts` where `experimentalDecorators` asks for another form. */
function afterFile(name: string, isLegacy: boolean): string {
  const legacy = join(folder, name, 'after.legacy.ts');
  return isLegacy && existsSync(legacy) ? legacy : join(folder, name, 'after.ts');
}

function load(isLegacy: boolean, textOf: (name: string) => string): Project {
  const compilerOptions: CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    types: ['node'],
    typeRoots: [fileURLToPath(new URL('../../../../node_modules/@types', import.meta.url))],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    experimentalDecorators: isLegacy,
  };
  const project = new MorphProject({ compilerOptions });
  project.createSourceFile(join(place, 'decorators.ts'), readFileSync(join(folder, 'decorators.ts'), 'utf8'));
  for (const name of cases) project.createSourceFile(join(place, name, 'index.mts'), textOf(name));
  return projectOf(project.getProgram().compilerObject);
}

function marks(text: string, kind: 'note' | 'skip'): string[] {
  return text.split('\n').flatMap((line, index) => {
    const code = new RegExp(`// ${kind}: ([\\w-]+)`).exec(line)?.[1];
    return code === undefined ? [] : [`${String(index + 1)} ${code}`];
  });
}

describe.each([
  ['standard decorators', false],
  ['experimentalDecorators', true],
])('planGuard with %s', (_, isLegacy) => {
  describe.each(Object.keys(shapes))('in %s', (shape) => {
    const change = shapes[shape]!;
    const verdicts = new Map<string, Verdict>();
    let again: Project;

    beforeAll(() => {
      const project = load(isLegacy, (name) => change(before(name)));
      const plans = cases.map((name) => planGuard(analyzeFile(project, join(place, name, 'index.mts'))));
      verify(project.program, plans).forEach((verdict, index) => verdicts.set(cases[index]!, verdict));
      again = load(isLegacy, (name) => editedText(verdicts.get(name)!.plan));
    });

    it.each(cases)('guards %s as its fixture shows', async (name) => {
      const { plan } = verdicts.get(name)!;
      const file = afterFile(name, isLegacy);
      // The plain shape is the master: `vitest -u` writes it anew.
      if (shape === 'LF and spaces') await expect(editedText(plan)).toMatchFileSnapshot(file);
      expect(editedText(plan)).toBe(change(readFileSync(file, 'utf8')));
      expect(plan.skips.map(({ call, reason }) => `${String(call.line)} ${reason}`)).toEqual(
        marks(before(name), 'skip'),
      );
      expect(plan.notes.map(({ call, code }) => `${String(call.line)} ${code}`)).toEqual(marks(before(name), 'note'));
    });

    it.each(cases)('keeps %s type-correct', (name) => {
      expect(verdicts.get(name)!.newErrors).toEqual([]);
    });

    it.each(cases)('finds nothing more to do in %s', (name) => {
      const second = planGuard(analyzeFile(again, join(place, name, 'index.mts')));
      expect(second.edits).toEqual([]);
      expect(second.skips.map(({ reason }) => reason)).toEqual(
        verdicts.get(name)!.plan.skips.map(({ reason }) => reason),
      );
    });
  });
});
