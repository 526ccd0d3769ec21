import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project as MorphProject, ts, type CompilerOptions } from 'ts-morph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost } from '../compiler-host.js';
import {
  accountFor,
  analyzeFile,
  applyPlans,
  editedText,
  planGuard,
  projectOf,
  verify,
  type AnalyzedFile,
  type PlanOptions,
  type Project,
  type Verdict,
} from '../index.js';
import { skipMessages } from './skip-messages.js';

const folder = fileURLToPath(new URL('../../fixtures/guard', import.meta.url));
/** Where `axios` and the runtime resolve. Nothing is written there. */
const place = fileURLToPath(new URL('../../../analysis/fixtures/guard', import.meta.url));

/** One folder of fixtures: what is planned for, and what it imports. */
interface Case {
  readonly name: string;
  readonly before: string;
  readonly extension: string;
}

const cases = readdirSync(folder, { withFileTypes: true }).flatMap((entry): Case[] => {
  if (!entry.isDirectory()) return [];
  const before = readdirSync(join(folder, entry.name)).find((file) => file.startsWith('before.'))!;
  return [{ name: entry.name, before, extension: before.slice('before.'.length) }];
});
const names = cases.map(({ name }) => name);
const decorators = join(place, 'decorators.ts');

/** Every fixture in every shape: what holds for spaces and LF holds for the others. */
const shapes: Record<string, (text: string) => string> = {
  'LF and spaces': (text) => text,
  CRLF: (text) => text.replaceAll('\n', '\r\n'),
  tabs: (text) => text.replace(/^(?: {2})+/gm, (indent) => '\t'.repeat(indent.length / 2)),
  'a byte order mark': (text) => text,
};

function before({ name, before }: Case): string {
  return readFileSync(join(folder, name, before), 'utf8');
}

/** `options.json`, where a case asks for more than the command does by itself. */
function optionsOf({ name }: Case): PlanOptions {
  const file = join(folder, name, 'options.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PlanOptions) : {};
}

/** `after.legacy.ts` where `experimentalDecorators` asks for another form. */
function afterFile({ name, extension }: Case, isLegacy: boolean): string {
  const legacy = join(folder, name, `after.legacy.${extension}`);
  return isLegacy && existsSync(legacy) ? legacy : join(folder, name, `after.${extension}`);
}

/** Modules, whatever the nearest package.json says, unless the fixture says otherwise. */
function pathOf({ name, extension }: Case): string {
  return join(place, name, `index.${extension === 'ts' ? 'mts' : extension === 'js' ? 'mjs' : extension}`);
}

function optionsFor(isLegacy: boolean): CompilerOptions {
  return {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    types: ['node'],
    typeRoots: [fileURLToPath(new URL('../../../../node_modules/@types', import.meta.url))],
    jsx: ts.JsxEmit.Preserve,
    allowJs: true,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    experimentalDecorators: isLegacy,
  };
}

/** The packages that fixtures use are read once for each mode. */
const bases = new Map<boolean, ts.Program>();

function load(isLegacy: boolean, textOf: (one: Case) => string): Project {
  const options = optionsFor(isLegacy);
  let base = bases.get(isLegacy);
  if (!base) {
    const project = new MorphProject({ compilerOptions: options });
    project.createSourceFile(decorators, readFileSync(join(folder, 'decorators.ts'), 'utf8'));
    for (const one of cases) project.createSourceFile(pathOf(one), before(one));
    bases.set(isLegacy, (base = project.getProgram().compilerObject));
  }
  const texts = new Map(cases.map((one) => [pathOf(one), textOf(one)]));
  const rootNames = [decorators, ...texts.keys()];
  return projectOf(ts.createProgram({ rootNames, options, host: createHost(options, base, texts) }));
}

function marks(text: string, kind: 'note' | 'skip'): string[] {
  return text.split('\n').flatMap((line, index) => {
    const codes = new RegExp(`// ${kind}: ([\\w-]+(?:, [\\w-]+)*)`).exec(line)?.[1]?.split(', ') ?? [];
    return codes.map((code) => `${String(index + 1)} ${code}`);
  });
}

function planned<T extends { readonly call: { readonly line: number } }>(
  all: readonly T[],
  code: (one: T) => string,
): string[] {
  return all.map((one) => `${String(one.call.line)} ${code(one)}`);
}

describe.each([
  ['standard decorators', false],
  ['experimentalDecorators', true],
])('planGuard with %s', (_, isLegacy) => {
  afterAll(() => void bases.delete(isLegacy));

  describe.each(Object.keys(shapes))('in %s', (shape) => {
    const change = shapes[shape]!;
    const files = new Map<string, AnalyzedFile>();
    const verdicts = new Map<string, Verdict>();
    let again: Project;

    beforeAll(() => {
      const project = load(isLegacy, (one) => change(before(one)));
      for (const one of cases) files.set(one.name, analyzeFile(project, pathOf(one)));
      const plans = cases.map((one) => planGuard(files.get(one.name)!, undefined, optionsOf(one)));
      verify(project.program, plans).forEach((verdict, index) => verdicts.set(names[index]!, verdict));
      again = load(isLegacy, ({ name }) => editedText(verdicts.get(name)!.plan));
    });

    it.each(cases)('guards $name as its fixture shows', async (one) => {
      const { plan } = verdicts.get(one.name)!;
      const file = afterFile(one, isLegacy);
      // The plain shape is the master: `vitest -u` writes it anew.
      if (shape === 'LF and spaces') await expect(editedText(plan)).toMatchFileSnapshot(file);
      expect(editedText(plan)).toBe(change(readFileSync(file, 'utf8')));
      expect(planned(plan.skips, ({ reason }) => reason).sort()).toEqual(marks(before(one), 'skip').sort());
      expect(planned(plan.notes, ({ code }) => code).sort()).toEqual(marks(before(one), 'note').sort());
    });

    it.each(names)('keeps %s type-correct', (name) => {
      expect(verdicts.get(name)!.newErrors).toEqual([]);
    });

    it.each(cases)('finds nothing more to do in $name', (one) => {
      const second = planGuard(analyzeFile(again, pathOf(one)), undefined, optionsOf(one));
      expect(second.edits).toEqual([]);
      expect(second.skips.map(({ reason }) => reason)).toEqual(
        verdicts.get(one.name)!.plan.skips.map(({ reason }) => reason),
      );
    });

    it.each(names)('accounts for every call of %s', (name) => {
      const file = files.get(name)!;
      const account = accountFor(file, verdicts.get(name)!.plan);
      expect(account).toHaveLength(file.outboundCalls.length);
      const open = new Set(file.unguardedCalls.map(({ start }) => start));
      const left = account.filter(
        ({ call, state }) => open.has(call.start) && state !== 'changed' && state !== 'skipped',
      );
      expect(left).toEqual([]);
    });

    it.each(cases)('writes nothing in $name but its edits', (one) => {
      const { plan } = verdicts.get(one.name)!;
      const mark = shape === 'a byte order mark' ? '\uFEFF' : '';
      const root = mkdtempSync(join(tmpdir(), 'holdfast-'));
      try {
        const file = join(root, `index.${one.extension}`);
        writeFileSync(file, mark + plan.text);
        applyPlans([{ ...plan, file }], { root, command: 'guard', now: new Date(0) });
        const bytes = readFileSync(file, 'utf8');
        expect(bytes.startsWith(mark + mark)).toBe(mark === '');
        expect(withoutEdits(bytes.slice(mark.length), plan)).toBe(plan.text);
        const visible = readdirSync(root).filter((name) => !name.startsWith('.'));
        expect(visible).toEqual([`index.${one.extension}`]);
      } finally {
        rmSync(root, { recursive: true });
      }
    });
  });
});

/** What is left of a text when the inserted spans are taken away, and `undefined`, `{}` and spaces put back. */
function withoutEdits(text: string, { edits, text: original }: Verdict['plan']): string {
  let shift = 0;
  let result = '';
  let from = 0;
  for (const { start, end, text: inserted } of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const replaced = original.slice(start, end);
    expect(replaced).toMatch(/^(?:undefined|\{\s*\}|\s*)$/);
    result += text.slice(from, start + shift) + replaced;
    from = start + shift + inserted.length;
    shift += inserted.length - (end - start);
  }
  return result + text.slice(from);
}

describe('reasons to leave a call alone', () => {
  const shown = new Set(cases.flatMap((one) => marks(before(one), 'skip').map((mark) => mark.split(' ')[1])));

  it.each(Object.keys(skipMessages).filter((reason) => !['declined', 'no-project'].includes(reason)))(
    'a fixture shows %s',
    (reason) => {
      expect(shown).toContain(reason);
    },
  );

  it('those of a person are told apart from ours', () => {
    const one = cases.find(({ name }) => name === 'methods')!;
    const file = analyzeFile(load(false, before), pathOf(one));
    const { edits, skips } = planGuard(file, undefined, { wants: () => false });
    expect(edits).toEqual([]);
    expect(new Set(skips.map(({ reason }) => reason))).toEqual(new Set(['declined']));
  });
});
