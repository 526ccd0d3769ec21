import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import picocolors from 'picocolors';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../run.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  write('package.json', '{}');
  write('.git', '');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const text = (name: string): string => readFileSync(join(folder, name), 'utf8');

async function holdfast(...args: string[]): Promise<{ code: number; out: string; notes: string }> {
  let [out, notes] = ['', ''];
  const terminal = {
    cwd: folder,
    colors: picocolors.createColors(false),
    out: (part: string) => void (out += part),
    notes: (part: string) => void (notes += part),
  };
  return { code: await run(args, terminal, '1.2.3'), out, notes };
}

const tsconfig = `{
    // What the service needs.
    "compilerOptions": {
        "strict": true, /* always */
        "target": "es2023",
    }
}
`;

describe('holdfast init', () => {
  it('shows everything a new project needs, and writes nothing', async () => {
    write('tsconfig.json', tsconfig);
    const { code, out } = await holdfast('init');
    expect(code).toBe(1);
    expect(out).toContain("+import holdfast from '@holdfast/eslint-plugin';");
    expect(out).toContain('+        "plugins": [');
    expect(out).toContain(
      'install npm install @holdfast/runtime && npm install --save-dev @holdfast/eslint-plugin @holdfast/typescript-plugin holdfast eslint typescript typescript-eslint\n',
    );
    expect(out).toContain('would write 2 files. Nothing was written: add --write.');
    expect(existsSync(join(folder, 'eslint.config.mjs'))).toBe(false);
    expect(text('tsconfig.json')).toBe(tsconfig);
  });

  it('keeps comments and layout, is done the second time, and is taken back by undo', async () => {
    write('tsconfig.json', tsconfig.replaceAll('\n', '\r\n'));
    const all = ['@holdfast/runtime', '@holdfast/eslint-plugin', '@holdfast/typescript-plugin', 'holdfast', 'eslint'];
    const listed = [...all, 'typescript', 'typescript-eslint'].map((name) => [name, '1']);
    write('package.json', JSON.stringify({ devDependencies: Object.fromEntries(listed) as object }));
    expect(await holdfast('init', '--write')).toMatchObject({ code: 0 });
    const written = text('tsconfig.json');
    expect(written).toContain('// What the service needs.');
    expect(written).toContain('"strict": true, /* always */');
    expect(written.match(/(?<!\r)\n/g)).toBeNull();
    const { config } = ts.parseConfigFileTextToJson('tsconfig.json', written) as {
      config: { compilerOptions: { plugins: unknown } };
    };
    expect(config.compilerOptions.plugins).toEqual([{ name: '@holdfast/typescript-plugin' }]);
    expect(await holdfast('init')).toEqual({ code: 0, out: '✓ everything is set up\n', notes: '' });
    await holdfast('undo');
    expect(text('tsconfig.json')).toBe(tsconfig.replaceAll('\n', '\r\n'));
    expect(existsSync(join(folder, 'eslint.config.mjs'))).toBe(false);
  });

  it.each([
    ['an array', "import js from '@eslint/js';\n\nexport default [\n  js.configs.recommended,\n];\n"],
    [
      'defineConfig',
      "import { defineConfig } from 'eslint/config';\nexport default defineConfig([\n  { rules: {} },\n  { ignores: ['dist'] }\n]);\n",
    ],
    [
      'a named list',
      "import tslint from 'typescript-eslint'\n\nconst all = tslint.config(\n  tslint.configs.recommended,\n)\n\nexport default all\n",
    ],
  ])('adds to %s in its own style', async (_, config) => {
    write('eslint.config.js', config);
    await holdfast('init', '--write');
    const written = text('eslint.config.js');
    const source = ts.createSourceFile('eslint.config.js', written, ts.ScriptTarget.Latest);
    expect((source as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics).toEqual([]);
    expect(written).toContain('...holdfast.configs.recommended');
    // Only lines are added, but for a comma after the last entry.
    const added = new Set(written.split('\n'));
    for (const line of config.split('\n')) expect(added.has(line) || added.has(`${line},`), line).toBe(true);
    expect((await holdfast('init')).out).not.toContain('eslint.config.js');
    if (config.includes('tslint')) expect(written).toContain('parser: tslint.parser');
  });

  it.each([
    [
      'a configuration it cannot read',
      'eslint.config.cjs',
      'module.exports = [];\n',
      /by hand eslint\.config\.cjs is made/,
    ],
    ['a tsconfig with errors', 'tsconfig.json', '{ "compilerOptions": {', /by hand tsconfig\.json has syntax errors/],
  ])('asks for a hand with %s', async (_, name, content, message) => {
    write(name, content);
    expect((await holdfast('init', '--write')).out).toMatch(message);
    expect(text(name)).toBe(content);
  });

  it('does not hide plugins that are inherited, and adds to a list of its own', async () => {
    write('base.json', '{ "compilerOptions": { "plugins": [{ "name": "other" }] } }');
    write('tsconfig.json', '{ "extends": "./base.json" }');
    expect((await holdfast('init')).out).toContain('by hand tsconfig.json inherits its plugins');
    write('tsconfig.json', '{ "compilerOptions": { "plugins": [{ "name": "other" }] } }');
    await holdfast('init', '--write');
    expect(JSON.parse(text('tsconfig.json'))).toEqual({
      compilerOptions: { plugins: [{ name: 'other' }, { name: '@holdfast/typescript-plugin' }] },
    });
  });

  it.each([
    ['pnpm-lock.yaml', 'pnpm add @holdfast/runtime && pnpm add --save-dev'],
    ['yarn.lock', 'yarn add @holdfast/runtime && yarn add --dev'],
    ['bun.lock', 'bun add @holdfast/runtime && bun add --dev'],
  ])('speaks to the package manager of %s', async (lockfile, command) => {
    write(lockfile, '');
    expect((await holdfast('init')).out).toContain(`install ${command}`);
  });

  it('needs a package', async () => {
    rmSync(join(folder, 'package.json'));
    expect(await holdfast('init')).toMatchObject({
      code: 2,
      notes: expect.stringContaining('No package.json in') as string,
    });
  });
});
