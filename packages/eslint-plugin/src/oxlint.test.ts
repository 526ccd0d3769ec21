import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as parser from '@typescript-eslint/parser';
import { ESLint, type Linter } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import holdfast from './index.js';

const fixtures = fileURLToPath(new URL('../../analysis/fixtures/', import.meta.url));
const base = fileURLToPath(new URL('../../../.tsbuild/oxlint/', import.meta.url));
/** What was built: oxlint loads it by itself, as its users do. */
const built = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const oxlint = join(dirname(createRequire(import.meta.url).resolve('oxlint/package.json')), 'bin/oxlint');

let folder: string;

beforeAll(() => {
  mkdirSync(base, { recursive: true });
  folder = mkdtempSync(base);
  write('.git', '');
  write(
    'strict.json',
    JSON.stringify({
      jsPlugins: [built],
      categories: { correctness: 'off' },
      rules: holdfast.configs.strict.rules,
    }),
  );
});
afterAll(() => rmSync(base, { recursive: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

interface Report {
  readonly diagnostics: readonly {
    readonly message: string;
    readonly code: string;
    readonly filename: string;
    readonly labels: readonly { readonly span: { readonly line: number; readonly column: number } }[];
  }[];
  readonly number_of_files: number;
}

/** Lints with every rule; what is in the way of a report, a fault of a plugin for instance, is in `errors`. */
function run(cwd: string, ...patterns: string[]): Promise<{ found: string[]; files: number; errors: string }> {
  const args = [oxlint, '--no-ignore', '--config', join(folder, 'strict.json'), '--format', 'json', ...patterns];
  const options = { cwd, env: { ...process.env, HOLDFAST_DEBUG: '1' }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (_, stdout, stderr) => {
      if (!stdout.startsWith('{')) return resolve({ found: [], files: 0, errors: stdout + stderr });
      const { diagnostics, number_of_files: files } = JSON.parse(stdout) as Report;
      const found = diagnostics.map(({ filename, labels, code, message }) => {
        const { line, column } = labels[0]!.span;
        return `${filename}:${String(line)}:${String(column)} ${/\((.*)\)/.exec(code)?.[1] ?? code} ${message}`;
      });
      resolve({ found: found.sort(), files, errors: stderr });
    });
  });
}

describe('the plugin in oxlint', () => {
  it('finds what ESLint finds without types, in the files of every rule', { timeout: 120_000 }, async () => {
    const eslint = new ESLint({
      cwd: fixtures,
      overrideConfigFile: true,
      overrideConfig: [
        holdfast.configs.strict as Linter.Config,
        { files: ['**/*.ts'], languageOptions: { parser } },
        // oxlint has no tsconfig.json to read either, and lints these all the same.
        { linterOptions: { reportUnusedDisableDirectives: 'off' } },
      ],
    });
    const results = await eslint.lintFiles(['*/invalid/*.ts']);
    const expected = results.flatMap(({ filePath, messages }) =>
      messages.map(({ line, column, ruleId, message }) => {
        const file = relative(fixtures, filePath).replaceAll('\\', '/');
        return `${file}:${String(line)}:${String(column)} ${ruleId!.replace('@holdfast/', '')} ${message}`;
      }),
    );
    const { found, errors } = await run(fixtures, ...results.map(({ filePath }) => relative(fixtures, filePath)));
    expect(errors).toBe('');
    expect(found).toEqual(expected.sort());
    expect(found.length).toBeGreaterThan(300);
  });

  it('reads TypeScript, CommonJS, JSX and the scripts of components', async () => {
    write('legacy.cjs', 'const axios = require("axios");\nexports.load = () => axios.get("/");\n');
    write('component.tsx', 'export const load = (): Promise<unknown> => fetch("/a");\nexport const A = () => <p />;\n');
    write('module.mts', 'export const load = () =>\n  fetch("/a");\n');
    write(
      'component.vue',
      '<template><p/></template>\n<script setup lang="ts">\nconst a = await fetch("/a");\n</script>',
    );
    write('component.svelte', '<script>\n  const load = () => fetch("/a");\n</script>\n<p>hi</p>');
    const { found, errors } = await run(folder, '.');
    expect(errors).toBe('');
    expect(found.map((line) => line.replace(/ `.*/, ''))).toEqual([
      'component.svelte:2:22 no-unguarded-outbound-call',
      'component.tsx:1:45 no-unguarded-outbound-call',
      'component.vue:3:17 no-unguarded-outbound-call',
      'legacy.cjs:2:22 no-unguarded-outbound-call',
      'module.mts:2:3 no-unguarded-outbound-call',
    ]);
  });
});
