import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import holdfast from './index.js';

/** The parser of a component: it hands on the script with everything else blank, as those of Vue and Svelte do. */
const componentParser = {
  parseForESLint(code: string, options: object) {
    const script = /(<script[^>]*>)([\s\S]*?)<\/script>/.exec(code);
    const start = script ? script.index + script[1]!.length : code.length;
    const blank = (text: string): string => text.replace(/[^\n\r]/g, ' ');
    const end = start + (script?.[2]!.length ?? 0);
    const text = blank(code.slice(0, start)) + code.slice(start, end) + blank(code.slice(end));
    return parser.parseForESLint(text, { ...options, range: true, loc: true, filePath: 'component.ts' });
  },
};

const config = [
  holdfast.configs.syntactic as Linter.Config,
  { files: ['**/*.{ts,mts,cts,tsx}'], languageOptions: { parser } },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  { files: ['**/*.jsx'], languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } } },
  { files: ['**/*.{vue,svelte}'], languageOptions: { parser: componentParser } },
] as Linter.Config[];

/** `line:column` of each finding; a parser or rule that fails is a failure of the test. */
function found(code: string, name: string): string[] {
  return new Linter().verify(code, config, name).map(({ ruleId, message, line, column }) => {
    expect([ruleId, message]).toEqual(['@holdfast/no-unguarded-outbound-call', expect.any(String)]);
    return `${String(line)}:${String(column)}`;
  });
}

describe('the plugin', () => {
  it.each([
    ['a.ts', `export const load = (): Promise<Response> =>\n  fetch('/a');`, '2:3'],
    ['a.mts', `import axios from 'axios';\nexport const load = <T,>(x: T) => [x, axios.get<T>('/a')];`, '2:39'],
    ['a.cts', `import axios = require('axios');\nexport = { load: () => axios.get('/a') };`, '2:24'],
    [
      'a.tsx',
      `export const A = () => <p title={String(1)} />;\nexport const load = async <T,>() => (await fetch('/a')) as T;`,
      '2:44',
    ],
    ['a.js', `import axios, { get } from 'axios';\nexport const load = () => axios.get('/a');`, '2:27'],
    ['a.mjs', `const { default: axios } = await import('axios');\nexport const load = () => axios.get('/a');`, '2:27'],
    ['a.cjs', `#!/usr/bin/env node\nconst axios = require('axios');\nexports.load = () => axios.get('/a');`, '3:22'],
    [
      'b.cjs',
      `const { Pool } = require('pg');\nconst pool = new Pool();\nmodule.exports = () => pool.query('x');`,
      '2:18',
    ],
    ['c.cjs', `module.exports.load = () =>\n  require('axios').get('/a');`, '2:3'],
    ['a.jsx', `export const A = () => <p onClick={() => fetch('/a')}>{'<script>'}</p>;`, '1:42'],
    [
      'a.vue',
      `<template><p/></template>\n<script setup lang="ts">\nconst a: Response = await fetch('/a');\n</script>\n`,
      '3:27',
    ],
    [
      'a.svelte',
      `<script lang="ts">\r\n  const load = () => fetch('/a');\r\n</script>\r\n<p>it's {"</script"}</p>\r\n`,
      '2:22',
    ],
  ])('finds a call in %s where it is', (name, code, place) => {
    expect(found(code, name)).toEqual([place]);
  });

  it.each([
    ['empty.ts', ''],
    ['mark.ts', '\uFEFF'],
    ['declarations.d.ts', 'declare function load(url: string): Promise<void>; declare const x: typeof fetch;'],
    ['only-template.vue', '<template><p>fetch("/a")</p></template>'],
    ['empty-script.vue', '<script></script>'],
    [
      'two-scripts.vue',
      '<script>let x = 1;</script>\n<script setup>let y = 2;</script>\n<style>p { color: red }</style>',
    ],
    ['no-script.svelte', '<p>{await fetch("/a")}</p>'],
    ['carriage-returns.js', 'const a = 1;\r\nconst b = 2;\rconst c = 3;\u2028const d = 4;'],
  ])('finds nothing in %s, and does not fail', (name, code) => {
    expect(found(code, name)).toEqual([]);
  });

  it.each([
    ['a byte order mark', `\uFEFFexport const load = () => fetch('/a');`, '1:27'],
    ['characters of two units', `const a = '😀😀'; export const load = () => fetch('/a');`, '1:45'],
    ['line separators', `const a = '1';\u2028export const load = () => fetch('/a');`, '2:27'],
  ])('points at the right place behind %s', (_, code, place) => {
    expect(found(code, 'a.js')).toEqual([place]);
    expect(found(code, 'a.ts')).toEqual([place]);
  });
});
