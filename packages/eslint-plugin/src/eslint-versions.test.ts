import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as parser from '@typescript-eslint/parser';
import { ESLint as ESLint10, Linter as Linter10, type ESLint, type Linter } from 'eslint';
import { ESLint as ESLint9, Linter as Linter9 } from 'eslint-9';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import holdfast from './index.js';

const fixtures = fileURLToPath(new URL('../../analysis/fixtures/', import.meta.url));
const base = fileURLToPath(new URL('../../../.tsbuild/eslint-versions/', import.meta.url));

/** Both majors have the same face; their types are told apart by nothing that is used here. */
const majors = [
  { major: 9, Class: ESLint9 as unknown as typeof ESLint10, linter: Linter9 as unknown as typeof Linter10 },
  { major: 10, Class: ESLint10, linter: Linter10 },
];
const presets = ['recommended', 'strict', 'syntactic'] as const;
type PresetName = (typeof presets)[number];

/** One unguarded call that imports tell of, one that only types tell of, one that may be bounded by its caller. */
const typescript = `import type { Api } from './api.js';
export class Service {
  constructor(private readonly api: Api) {}
  load(): Promise<Response> { return fetch('https://a.internal'); }
  all(name: string) { return this.api.clients.get(name)!.get('/'); }
  // Callers may give a signal.
  send(url: string, init: RequestInit): Promise<Response> { return fetch(url, init); }
}
`;
const api = `import type { AxiosInstance } from 'axios';
export class Api { readonly clients = new Map<string, AxiosInstance>(); }
`;
const axios = `declare module 'axios' {
  export interface AxiosInstance { get(url: string): Promise<unknown>; }
}
`;
const javascript = `const axios = require('axios');
exports.load = () => axios.get('/');
exports.send = (url, init) => fetch(url, init);
`;

let folder: string;

beforeAll(() => {
  mkdirSync(base, { recursive: true });
  folder = mkdtempSync(base);
  write('.git', '');
  write('service.ts', typescript);
  write('api.ts', api);
  write('axios.d.ts', axios);
  write('legacy.js', javascript);
  write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext", "strict": true, "types": [] } }');
});
afterAll(() => rmSync(base, { recursive: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function configs(preset: PresetName, cwd: string, isTyped: boolean): Linter.Config[] {
  const parserOptions = isTyped ? { projectService: true, tsconfigRootDir: cwd } : {};
  return [
    holdfast.configs[preset] as Linter.Config,
    { files: ['**/*.ts'], languageOptions: { parser, parserOptions } },
    { files: ['**/*.js'], languageOptions: { sourceType: 'commonjs' } },
  ];
}

function lint(
  Class: typeof ESLint10,
  cwd: string,
  patterns: string[],
  overrideConfig: Linter.Config[],
): Promise<ESLint.LintResult[]> {
  return new Class({ cwd, overrideConfigFile: true, overrideConfig, warnIgnored: false }).lintFiles(patterns);
}

function linesOf([result]: ESLint.LintResult[]): number[] {
  return result!.messages.map(({ line, ruleId, fatal }) => {
    expect(fatal ?? false).toBe(false);
    expect(ruleId).toBe('@holdfast/no-unguarded-outbound-call');
    return line;
  });
}

describe.each(majors)('ESLint $major', ({ major, Class, linter }) => {
  it('is the one that is meant', () => {
    expect(Class.version).toMatch(new RegExp(`^${String(major)}\\.`));
  });

  it.each([
    { preset: 'recommended', isTyped: true, lines: [4, 5] },
    { preset: 'recommended', isTyped: false, lines: [4] },
    { preset: 'strict', isTyped: true, lines: [4, 5, 7] },
    { preset: 'strict', isTyped: false, lines: [4, 7] },
    { preset: 'syntactic', isTyped: true, lines: [4, 5] },
    { preset: 'syntactic', isTyped: false, lines: [4] },
  ] as const)('reports TypeScript under $preset (types: $isTyped)', async ({ preset, isTyped, lines }) => {
    expect(linesOf(await lint(Class, folder, ['service.ts'], configs(preset, folder, isTyped)))).toEqual(lines);
  });

  it.each([
    { preset: 'recommended', lines: [2] },
    { preset: 'strict', lines: [2, 3] },
    { preset: 'syntactic', lines: [2] },
  ] as const)("reports JavaScript under $preset with ESLint's own parser", async ({ preset, lines }) => {
    expect(linesOf(await lint(Class, folder, ['legacy.js'], configs(preset, folder, false)))).toEqual(lines);
  });

  it.each(presets)('accepts every rule and option of configs.%s', async (preset) => {
    const config = await new Class({
      cwd: folder,
      overrideConfigFile: true,
      overrideConfig: configs(preset, folder, false),
    }).calculateConfigForFile('legacy.js');
    const names = Object.keys((config as Linter.Config).rules!).filter((name) => name.startsWith('@holdfast/'));
    expect(names.length).toBe(Object.keys(holdfast.configs[preset].rules!).length);
    expect(names.length).toBeGreaterThan(10);
  });

  it('refuses options that no rule has', () => {
    const config = {
      plugins: { '@holdfast': holdfast as unknown as ESLint.Plugin },
      rules: { '@holdfast/no-unguarded-outbound-call': ['error', { preset: 'lax' }] },
    } as Linter.Config;
    expect(() => new linter().verify('fetch("/a");', [config], 'a.js')).toThrow(/equal to one of the allowed values/);
  });

  it('applies what it suggests', () => {
    const code = `import { Retry } from '@holdfast/runtime';
export class Client {
  @Retry({ maxAttempts: 1 })
  async load() {}
}
`;
    const config = { ...holdfast.configs.recommended, languageOptions: { parser } } as Linter.Config;
    const [message] = new linter().verify(code, [config, { files: ['**/*.ts'] }], 'client.ts');
    expect(message).toMatchObject({ ruleId: '@holdfast/valid-policy-options', messageId: 'oneAttempt' });
    const [start, end] = message!.suggestions![0]!.fix.range;
    expect(code.slice(0, start) + message!.suggestions![0]!.fix.text + code.slice(end)).not.toContain('@Retry');
  });

  it('suggests a guard with its import', () => {
    const code = `export class Users {
  async load(id) {
    return fetch(id);
  }
}
`;
    const [message] = new linter().verify(code, [holdfast.configs.recommended as Linter.Config], 'users.js');
    const results = message!.suggestions!.map(({ desc, fix: { range, text } }) => [
      desc,
      code.slice(0, range[0]) + text + code.slice(range[1]),
    ]);
    // Decorators are no JavaScript.
    expect(results).toEqual([
      [
        'Guard `fetch` with a timeout',
        `import { withTimeout } from '@holdfast/runtime';

export class Users {
  async load(id) {
    return withTimeout(({ signal }) => fetch(id, { signal }), 2_000);
  }
}
`,
      ],
    ]);
  });
});

describe('ESLint 9 and 10', () => {
  it('say the same of what every rule finds, without types', { timeout: 120_000 }, async () => {
    const [nine, ten] = await Promise.all(
      majors.map(({ Class }) => lint(Class, fixtures, ['*/invalid/*.ts'], configs('strict', fixtures, false))),
    );
    expect(plain(nine!)).toEqual(plain(ten!));
    const rules = new Set(ten!.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId)));
    const folders = readdirSync(fixtures, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect([...rules].sort()).toEqual(folders.map(({ name }) => `@holdfast/${name}`).sort());
  });

  it('say the same of a folder of fixtures, with types', { timeout: 120_000 }, async () => {
    const cwd = join(fixtures, 'no-unguarded-outbound-call/invalid');
    const [nine, ten] = await Promise.all(
      majors.map(({ Class }) => lint(Class, cwd, ['*.ts'], configs('strict', cwd, true))),
    );
    expect(plain(nine!)).toEqual(plain(ten!));
    expect(ten!.flatMap(({ messages }) => messages).length).toBeGreaterThan(30);
  });
});

/** What there is to see for a user: places, messages, fixes. */
function plain(results: readonly ESLint.LintResult[]): unknown {
  return results.map(({ filePath, messages }) => ({
    filePath,
    messages: messages.map(({ ruleId, messageId, message, line, column, endLine, endColumn, fix, suggestions }) => {
      return { ruleId, messageId, message, line, column, endLine, endColumn, fix, suggestions };
    }),
  }));
}
