import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Plan } from '@holdfast/codemods';
import picocolors from 'picocolors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loneFiles } from './lone-files.js';
import { scopesOf } from './program.js';
import { planProjects, type Planned } from './projects.js';

const compilerOptions = {
  target: 'es2023',
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2023', 'dom'],
  types: [],
  strict: true,
};
let folder: string;
/** Which file was planned in which project, in order. */
let planned: string[];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-projects-')));
  planned = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | object): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

/** Plans to replace text in files, and says which plans still stand. */
async function plan(edits: Record<string, [from: string, to: string]>, ...paths: string[]): Promise<Planned> {
  const terminal = {
    cwd: folder,
    colors: picocolors.createColors(false),
    out: () => undefined,
    notes: () => undefined,
  };
  return planProjects(
    scopesOf(paths, undefined, folder),
    async ({ program }, file) => {
      planned.push(
        `${relative(folder, String(program.getCompilerOptions()['configFilePath']))}: ${relative(folder, file)}`,
      );
      const text = readFileSync(file, 'utf8');
      const [from, to] = edits[relative(folder, file)] ?? ['', ''];
      const start = text.indexOf(from);
      const edit = { start, end: start + from.length, text: to };
      const plan: Plan = { file, text, edits: from === '' ? [] : [edit], changes: [], skips: [], notes: [] };
      return Promise.resolve({ plan, newErrors: [], calls: [] });
    },
    terminal,
  );
}

const refused = ({ outcomes }: Planned): string[] =>
  [...outcomes.values()].flatMap(({ plan, newErrors }) =>
    newErrors.map(({ file, code }) => `${relative(folder, plan.file)}: ${relative(folder, file)} ${String(code)}`),
  );

describe('projects that refer to each other', () => {
  beforeEach(() => {
    write('tsconfig.json', { files: [], references: [{ path: './app' }, { path: './lib' }] });
    write('app/tsconfig.json', { compilerOptions, include: ['.'], references: [{ path: '../lib' }] });
    write('lib/tsconfig.json', { compilerOptions: { ...compilerOptions, composite: true }, include: ['.'] });
    write('app/bill.ts', "import { price } from '../lib/price';\nexport const bill: number = price() * 1;\n");
    write('lib/price.ts', "import { one } from './one';\nexport const price = () => one;\n");
    write('lib/one.ts', 'export const one = 1;\n');
  });

  it('have each file planned once, where it is listed', async () => {
    await plan({});
    expect(planned.sort()).toEqual([
      'app/tsconfig.json: app/bill.ts',
      'lib/tsconfig.json: lib/one.ts',
      'lib/tsconfig.json: lib/price.ts',
    ]);
  });

  it('refuse what breaks one of them, also one that was looked at before', async () => {
    expect(refused(await plan({ 'lib/price.ts': ['() =>', 'async () =>'], 'app/bill.ts': ['* 1', '* 2'] }))).toEqual([
      'lib/price.ts: app/bill.ts 2362',
    ]);
  });

  it('have what is left proven again when one of them refuses something', async () => {
    const result = await plan({
      'lib/one.ts': ['one = 1', 'two = 1'],
      'lib/price.ts': [
        "{ one } from './one';\nexport const price = () => one",
        "{ two } from './one';\nexport const price = async () => two",
      ],
    });
    expect(refused(result).sort()).toEqual(['lib/one.ts: lib/price.ts 2305', 'lib/price.ts: app/bill.ts 2362']);
  });

  it('count also where the project that refers to others has files of its own', async () => {
    await plan({}, 'app');
    expect(planned).toEqual(['app/tsconfig.json: app/bill.ts']);
    planned = [];
    await plan({}, 'app', 'lib');
    expect(planned).toHaveLength(3);
  });

  it('plan what one imports from another with the options of that one, and nothing else of it', async () => {
    write('lib/unused.ts', 'export const unused = 1;\n');
    folder = join(folder, 'app');
    await plan({});
    folder = dirname(folder);
    expect(planned.sort()).toEqual([
      '../lib/tsconfig.json: ../lib/one.ts',
      '../lib/tsconfig.json: ../lib/price.ts',
      'tsconfig.json: bill.ts',
    ]);
  });
});

it('a configuration for tests beside the other one has a say, and owns nothing that the other one has', async () => {
  write('tsconfig.json', { compilerOptions, include: ['src'] });
  write('tsconfig.spec.json', { compilerOptions, include: ['src', 'test'] });
  write('src/price.ts', 'export const price = () => 1;\n');
  write('test/uses-price.ts', "import { price } from '../src/price';\nexport const bill: number = price();\n");
  expect(refused(await plan({ 'src/price.ts': ['() =>', 'async () =>'] }))).toEqual([
    'src/price.ts: test/uses-price.ts 2322',
  ]);
  expect(planned).toEqual(['tsconfig.json: src/price.ts']);
});

it('a path belongs to the nearest project that lists it, and not to a nearer one that does not', async () => {
  write('tsconfig.json', { compilerOptions, include: ['app/src'] });
  write('app/tsconfig.json', { compilerOptions, include: ['test'] });
  write('app/src/price.ts', 'export const price = 1;\n');
  write('app/test/price.ts', 'export const price = 1;\n');
  await plan({}, 'app/src');
  expect(planned).toEqual(['tsconfig.json: app/src/price.ts']);
});

it('a reference that leads nowhere is no obstacle for a project with files of its own', async () => {
  write('tsconfig.json', { compilerOptions, include: ['src'], references: [{ path: './gone' }] });
  write('src/price.ts', 'export const price = 1;\n');
  await plan({}, 'src');
  expect(planned).toEqual(['tsconfig.json: src/price.ts']);
});

it('options that only another version of TypeScript knows are no obstacle', async () => {
  write('tsconfig.json', {
    compilerOptions: { ...compilerOptions, target: 'es2099', fromTheFuture: true },
    include: ['src'],
  });
  write('src/price.ts', 'export const price = 1;\n');
  await plan({});
  expect(planned).toEqual(['tsconfig.json: src/price.ts']);
});

it('files that no project has are named, with the calls that stay unguarded', async () => {
  write('tsconfig.json', { compilerOptions, include: ['src'] });
  write('src/price.ts', 'export const price = 1;\n');
  write('scripts/load.ts', "export const load = async () => fetch('https://a.internal');\n");
  write('scripts/load.test.ts', "export const load = async () => fetch('https://a.internal');\n");
  write('other/tsconfig.json', { compilerOptions });
  write('other/load.ts', "export const load = async () => fetch('https://a.internal');\n");
  const { projectFiles } = await plan({});
  const lone = loneFiles(scopesOf([], undefined, folder), projectFiles, folder);
  expect(lone.map(({ plan, calls }) => [relative(folder, plan.file), ...calls.map(({ state }) => state)])).toEqual([
    ['scripts/load.ts', 'skipped'],
  ]);
  expect(lone[0]?.plan.skips).toMatchObject([{ reason: 'no-project', call: { text: 'fetch', line: 1 } }]);
});
