import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from './config-error.js';
import { createConfigLoader } from './config-loader.js';
import type { Config } from './config.js';

let folder: string;
let warnings: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-config-'));
  mkdirSync(join(folder, '.git'));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | object): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function loader(maxAge = 0) {
  return createConfigLoader({ ts, maxAge, onWarning: (message) => warnings.push(message) });
}

function load(file = 'src/a.ts'): Config | undefined {
  return loader().configFor(join(folder, file));
}

const assume = (module: string) => ({ assume: [{ module, effect: 'read' }] });
const literal = (module: string): string => JSON.stringify(assume(module));

function faultOf(file?: string): ConfigError {
  try {
    load(file);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('no fault');
}

describe('a configuration file', () => {
  it.each([
    [
      'ts',
      `import { defineConfig, type Config } from '@holdfast/analysis/config';\nconst config: Config = ${literal('x')};\nexport default defineConfig(config);`,
    ],
    [
      'mts',
      `import { defineConfig } from '@holdfast/analysis/config';\nexport default defineConfig(${literal('x')} as const);`,
    ],
    ['js', `import { defineConfig } from '@holdfast/analysis/config';\nexport default defineConfig(${literal('x')});`],
    ['mjs', `import { sep } from 'node:path';\nexport default sep && ${literal('x')};`],
    ['cjs', `module.exports = ${literal('x')};`],
    ['json', `{ // as in tsconfig.json\n "assume": [{ "module": "x", "effect": "read" },] }`],
  ])('is read as .%s, in a package of either kind', (ending, text) => {
    for (const type of ['module', 'commonjs']) {
      write('package.json', { type });
      write(`holdfast.config.${ending}`, text);
      expect(load()).toEqual(assume('x'));
    }
  });

  it('is CommonJS in .js as well', () => {
    write('holdfast.config.js', `module.exports = ${literal('x')};`);
    expect(load()).toEqual(assume('x'));
  });

  it('imports packages, and files beside it in TypeScript and JSON', () => {
    write('node_modules/acme-rows/package.json', { name: 'acme-rows', type: 'module', exports: './index.js' });
    write('node_modules/acme-rows/index.js', 'export const name = "acme";');
    write(
      'rows/acme.ts',
      'import more from "./more.json" with { type: "json" };\nexport const rows = [{ module: more.name as string }];',
    );
    write('rows/more.json', { name: 'more' });
    write(
      'holdfast.config.ts',
      'import { name } from "acme-rows";\nimport { rows } from "./rows/acme.js";\nexport default { catalogue: [...rows, { module: name }] };',
    );
    expect(load()).toEqual({ catalogue: [{ module: 'more' }, { module: 'acme' }] });
  });

  it('is the nearest one, up to the root of the repository', () => {
    write('holdfast.config.json', assume('root'));
    write('packages/a/holdfast.config.json', assume('a'));
    write('packages/b/.git', 'gitdir: elsewhere');
    expect(load('src/deep/a.ts')).toEqual(assume('root'));
    expect(load('packages/a/src/a.ts')).toEqual(assume('a'));
    expect(load('packages/b/src/a.ts')).toBeUndefined();
  });

  it('is the first of several in a folder: ts, mts, js, mjs, cjs, json', () => {
    const endings = ['json', 'cjs', 'mjs', 'js', 'mts', 'ts'];
    for (const ending of endings) {
      const text =
        ending === 'json'
          ? literal(ending)
          : `${ending === 'cjs' ? 'module.exports =' : 'export default'} ${literal(ending)}`;
      write(`holdfast.config.${ending}`, text);
      expect(load()).toEqual(assume(ending));
    }
  });

  it('is the same object until a file behind it changes', () => {
    write('holdfast.config.ts', 'export { default } from "./rows.js";');
    write('rows.ts', `export default ${literal('first')};`);
    const { configFor } = loader();
    const first = configFor(join(folder, 'a.ts'));
    expect(configFor(join(folder, 'src/b.ts'))).toBe(first);
    write('rows.ts', `export default ${literal('the second')};`);
    expect(configFor(join(folder, 'a.ts'))).toEqual(assume('the second'));
    write('holdfast.config.ts', '');
    expect(() => configFor(join(folder, 'a.ts'))).toThrow(ConfigError);
    rmSync(join(folder, 'holdfast.config.ts'));
    expect(configFor(join(folder, 'a.ts'))).toBeUndefined();
  });

  it('is looked at again when an answer is old enough', () => {
    vi.useFakeTimers();
    try {
      const { configFor } = loader(1_000);
      expect(configFor(join(folder, 'a.ts'))).toBeUndefined();
      write('holdfast.config.json', assume('x'));
      expect(configFor(join(folder, 'a.ts'))).toBeUndefined();
      vi.advanceTimersByTime(1_000);
      expect(configFor(join(folder, 'a.ts'))).toEqual(assume('x'));
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a mistake in it', () => {
  it.each([
    ['holdfast.config.json', '{\n  "assume": [wirte]\n}', /holdfast\.config\.json:2:14: /],
    ['holdfast.config.json', ' \n', /holdfast\.config\.json: is empty$/],
    [
      'holdfast.config.json',
      '{ "assum": [] }',
      /holdfast\.config\.json: assum: unknown field, did you mean "assume"\?$/,
    ],
    ['holdfast.config.ts', 'export default {\n  assume: [,};\n', /holdfast\.config\.ts:2:13: /],
    [
      'holdfast.config.ts',
      'export const config = {};',
      /holdfast\.config\.ts: exports no configuration: export default/,
    ],
    ['holdfast.config.mjs', 'throw new Error("no");', /holdfast\.config\.mjs: no$/],
    ['holdfast.config.mjs', 'import "not-there";', /holdfast\.config\.mjs: Cannot find module 'not-there'/],
    ['holdfast.config.mjs', 'export default await load();', /without top-level await/],
    ['holdfast.config.mjs', 'export default import.meta.url;', /without top-level await, import\.meta/],
    ['holdfast.config.ts', 'export default async () => ({});', /a function is not \{ catalogue, assume \}$/],
  ])('in %s (%j) is told with its place', (name, text, message) => {
    const file = write(name, text);
    const fault = faultOf();
    expect(fault.message).toMatch(message);
    expect(fault).toMatchObject({ code: 'HOLDFAST_CONFIG', file });
  });

  it('of a file that it imports names that file', () => {
    write('holdfast.config.ts', 'import "./rows.js";\nexport default {};');
    expect(write('rows.ts', 'const = 1;')).toBe(faultOf().file);
  });

  it('is told that TypeScript 7 cannot compile it, and JSON is read without a compiler', () => {
    write('holdfast.config.ts', 'export default {};');
    const { configFor } = createConfigLoader({ ts: {}, maxAge: 0 });
    expect(() => configFor(join(folder, 'a.ts'))).toThrow(/write holdfast\.config\.json$/);
    rmSync(join(folder, 'holdfast.config.ts'));
    write('holdfast.config.json', assume('x'));
    expect(configFor(join(folder, 'a.ts'))).toEqual(assume('x'));
    write('holdfast.config.json', '{ "assume": ');
    expect(() => configFor(join(folder, 'a.ts'))).toThrow(/holdfast\.config\.json: is not JSON: /);
  });
});

describe('rows that a dependency brings', () => {
  const manifest = { name: 'service', dependencies: { '@acme/billing': '1' } };

  function dependency(rows: unknown, catalogue: unknown = './holdfast.catalogue.json'): void {
    write('package.json', manifest);
    write('node_modules/@acme/billing/package.json', { name: '@acme/billing', holdfast: { catalogue } });
    write('node_modules/@acme/billing/holdfast.catalogue.json', typeof rows === 'string' ? rows : (rows as object));
  }

  it('come before those of the project', () => {
    dependency([{ module: '@acme/billing', kind: 'http' }]);
    expect(load()).toEqual({ catalogue: [{ module: '@acme/billing', kind: 'http' }] });
    write('holdfast.config.json', { catalogue: [{ module: '@acme/billing', kind: 'rpc' }] });
    expect(load()?.catalogue).toEqual([
      { module: '@acme/billing', kind: 'http' },
      { module: '@acme/billing', kind: 'rpc' },
    ]);
    expect(warnings).toEqual([]);
  });

  it('count only of packages that the package.json of the project names', () => {
    dependency([{ module: '@acme/billing' }]);
    write('package.json', { name: 'service', dependencies: { other: '1' } });
    expect(load()).toBeUndefined();
    write('package.json', { name: 'service', devDependencies: { '@acme/billing': '1' } });
    write('src/package.json', { type: 'module' });
    expect(load()?.catalogue).toHaveLength(1);
  });

  it('are about the package itself and what nobody describes: pg is ours to describe', () => {
    dependency([
      { module: 'pg', client: { bounded: true } },
      { module: '@acme/search', also: ['axios', '@acme/find'] },
    ]);
    expect(load()?.catalogue).toEqual([{ module: '@acme/search', also: ['@acme/find'] }]);
  });

  it('are left out with a warning when they are malformed', () => {
    dependency([{ module: '@acme/billing', kind: 'web' }]);
    expect(load()).toBeUndefined();
    dependency('{');
    expect(load()).toBeUndefined();
    dependency([], './rows.js');
    expect(load()).toBeUndefined();
    dependency([], '../../../rows.json');
    expect(load()).toBeUndefined();
    expect(warnings).toEqual([
      expect.stringMatching(
        /^the rows of @acme\/billing are left out: .*holdfast\.catalogue\.json: \[0\] \(@acme\/billing\), kind: "web" is not/,
      ),
      expect.stringMatching(/holdfast\.catalogue\.json:1:2: /),
      expect.stringMatching(/package\.json: holdfast\.catalogue is not the name of a JSON file$/),
      expect.stringMatching(/package\.json: holdfast\.catalogue is not in the package$/),
    ]);
  });
});
