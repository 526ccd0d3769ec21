import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analyzeFile, loadProject, planGuard, verify, type Plan, type Verdict } from './index.js';

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const service =
  'export async function ping(): Promise<boolean> {\n  return (await fetch("https://a.internal")).ok;\n}\n';

let folder: string;

function write(name: string, text: string, mode = 0o644): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode });
  return file;
}

/** What the command does, short of writing. */
function plan(file: string): Verdict {
  const project = loadProject(join(folder, 'tsconfig.json'));
  return verify(project.program, [planGuard(analyzeFile(project, file))])[0]!;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  mkdirSync(join(folder, 'node_modules/@holdfast'), { recursive: true });
  symlinkSync(join(modules, '@holdfast/runtime'), join(folder, 'node_modules/@holdfast/runtime'));
  symlinkSync(join(modules, '@types'), join(folder, 'node_modules/@types'));
  const compilerOptions = {
    target: 'es2023',
    module: 'nodenext',
    lib: ['es2023'],
    types: ['node'],
    noEmit: true,
    strict: true,
  };
  write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  write('package.json', '{ "type": "module" }');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('verify', () => {
  it('names the errors that a plan would add, and only those', () => {
    rmSync(join(folder, 'node_modules/@holdfast/runtime'));
    const file = write('ping.ts', `${service}export const wrong: number = 'before';\n`);
    const { newErrors } = plan(file);
    expect(newErrors[0]).toMatchObject({ code: 2307, line: 1 });
    expect(newErrors[0]?.message).toContain("'@holdfast/runtime'");
    expect(newErrors.some(({ message }) => message.includes('number'))).toBe(false);
  });

  /** A plan that replaces the first occurrence of a piece of text. */
  function replacing(name: string, from: string, to: string): Plan {
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    const start = text.indexOf(from);
    return { file, text, edits: [{ start, end: start + from.length, text: to }], changes: [], skips: [], notes: [] };
  }

  function verdicts(...plans: Plan[]): string[][] {
    const { program } = loadProject(join(folder, 'tsconfig.json'));
    return verify(program, plans).map(({ newErrors }) =>
      newErrors.map(({ file, code, line }) => `${basename(file)}:${String(line)} ${String(code)}`),
    );
  }

  it('refuses a guard under which a narrowed variable is wide again', () => {
    write(
      'ping.ts',
      `export async function ping(url: string | undefined): Promise<boolean> {
  url ??= process.env['URL'];
  if (url === undefined) return false;
  const { ok } = await fetch(url);
  url = undefined;
  return ok;
}
`,
    );
    expect(verdicts(replacing('ping.ts', 'fetch(url)', 'Promise.resolve().then(() => fetch(url))'))).toEqual([
      ['ping.ts:4 2345'],
    ]);
  });

  it('refuses a change that breaks a file which only feels it through an inferred type', () => {
    write('price.ts', 'export function price() {\n  return 1;\n}\n');
    write('total.ts', "import { price } from './price.js';\nexport const total = () => price();\n");
    write('bill.ts', "import { total } from './total.js';\nexport const bill: number = total();\n");
    const innocent = (): Plan => replacing('other.ts', '1', '2');
    write('other.ts', 'export const other = 1;\n');
    expect(verdicts(replacing('price.ts', 'function', 'async function'), innocent())).toEqual([['bill.ts:2 2322'], []]);
    expect(verdicts(replacing('price.ts', '1', '2'), innocent())).toEqual([[], []]);
  });

  it('leaves errors alone that were there before', () => {
    write('price.ts', 'export function price() {\n  return 1;\n}\n');
    write('bill.ts', "import { price } from './price.js';\nexport const bill: string = price();\n");
    expect(verdicts(replacing('price.ts', 'price()', 'price(_unused?: number)'))).toEqual([[]]);
  });

  it('refuses what can only stand with a change that is refused', () => {
    write('a.ts', 'export const a: number = 1;\n');
    write('b.ts', 'export const b = 1;\n');
    const wrong = replacing('a.ts', 'a: number = 1', "a: number = 'one', extra = 2");
    const needsIt = replacing('b.ts', 'export const b = 1', "export { extra as b } from './a.js'");
    expect(verdicts(wrong, needsIt)).toEqual([['a.ts:1 2322'], ['b.ts:1 2305']]);
  });

  it('finds out which of several changes breaks a file that feels all of them', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) write(`${name}.ts`, `export const ${name} = () => 1;\n`);
    const imports = names.map((name) => `import { ${name} } from './${name}.js';\n`).join('');
    write('sum.ts', `${imports}export const sum: number = ${names.map((name) => `${name}()`).join(' + ')};\n`);
    const wider = (name: string): Plan => replacing(`${name}.ts`, '() => 1', '(_unused?: string) => 1');
    const wrong = (name: string): Plan => replacing(`${name}.ts`, '() => 1', 'async () => 1');
    expect(verdicts(wider('a'), wrong('b'), wider('c'), wrong('d'), wider('e'))).toEqual([
      [],
      ['sum.ts:6 2365'],
      [],
      ['sum.ts:6 2365'],
      [],
    ]);
  });

  it('does not blame a change for what another one breaks in the same file', () => {
    write('price.ts', 'export const price = () => 1;\n');
    write('bill.ts', "import { price } from './price.js';\nexport const bill: number = price() * 1;\n");
    const [wrong, innocent] = [replacing('price.ts', '() =>', 'async () =>'), replacing('bill.ts', '* 1', '* 2')];
    expect(verdicts(wrong, innocent)).toEqual([['bill.ts:2 2362'], []]);
  });

  it('refuses to make a module of a script whose names others use', () => {
    const compilerOptions = {
      target: 'es2023',
      module: 'commonjs',
      lib: ['es2023', 'dom'],
      types: [],
      moduleDetection: 'legacy',
    };
    write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    write('names.ts', 'function price() {\n  return 1;\n}\n');
    write('bill.ts', 'const bill = price();\n');
    write('other.ts', 'export const other = 1;\n');
    expect(verdicts(replacing('names.ts', 'function', "import './other';\nfunction"))).toEqual([['bill.ts:1 2304']]);
  });

  it('checks every file when an import brings names that all of them see', () => {
    mkdirSync(join(folder, 'node_modules/greedy'));
    write('node_modules/greedy/package.json', '{ "name": "greedy", "types": "./index.d.ts" }');
    write(
      'node_modules/greedy/index.d.ts',
      '/// <reference path="./globals.d.ts" />\nexport declare const greedy: number;\n',
    );
    write('node_modules/greedy/globals.d.ts', 'declare function price(): string;\ninterface Array<T> { last(): T }\n');
    write(
      'bill.ts',
      'class Bills extends Array<number> {\n  override toString(): string { return ""; }\n  last = 1;\n}\nexport { Bills };\n',
    );
    write('other.ts', 'export const other = 1;\n');
    expect(verdicts(replacing('other.ts', 'export', "import 'greedy';\nexport"))).toEqual([['bill.ts:3 2416']]);
  });

  it.each([
    [true, ['price.ts:1 4094']],
    [false, []],
  ])('where declarations are wanted (%s), refuses what cannot be declared', (declaration, expected) => {
    const compilerOptions = {
      target: 'es2023',
      module: 'nodenext',
      lib: ['es2023'],
      types: [],
      strict: true,
      declaration,
    };
    write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    write('price.ts', 'export const Price = undefined;\n');
    expect(verdicts(replacing('price.ts', 'undefined', 'class { private a = 1; b = this.a }'))).toEqual([expected]);
  });
});
