import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from '@holdfast/analysis';
import picocolors from 'picocolors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from './run.js';
import { wantsColor } from './terminal.js';

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const unguarded =
  'export class Api {\n  async ping(): Promise<Response> {\n    return fetch("https://a.internal");\n  }\n}\n';
const quiet = 'export const one = 1;\n';

let folder: string;

interface Run {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
}

function holdfast(...args: string[]): Run {
  let [out, notes] = ['', ''];
  const colors = picocolors.createColors(false);
  const terminal = {
    cwd: folder,
    colors,
    out: (text: string) => void (out += text),
    notes: (text: string) => void (notes += text),
  };
  return { code: run(args, terminal, '1.2.3'), out, notes };
}

function write(name: string, text: string): void {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

const text = (name: string): string => readFileSync(join(folder, name), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  mkdirSync(join(folder, 'node_modules/@holdfast'), { recursive: true });
  symlinkSync(join(modules, '@holdfast/runtime'), join(folder, 'node_modules/@holdfast/runtime'));
  symlinkSync(join(modules, '@types'), join(folder, 'node_modules/@types'));
  const compilerOptions = { target: 'es2023', module: 'nodenext', lib: ['es2023'], types: ['node'], strict: true };
  write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'] }));
  write('package.json', '{ "type": "module" }');
  write('src/api.ts', unguarded);
  write('src/quiet.ts', quiet);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('holdfast check', () => {
  it('shows where a call is, with the code around it, and ends with 1', () => {
    const { code, out, notes } = holdfast('check');
    expect({ code, notes }).toEqual({ code: 1, notes: '' });
    expect(out).toBe(
      [
        'src/api.ts:3:12 `fetch` has no timeout and no policy: when the other side hangs, so does everything that waits for it. no-unguarded-outbound-call',
        '',
        '  2 |   async ping(): Promise<Response> {',
        '> 3 |     return fetch("https://a.internal");',
        '    |            ^^^^^',
        '  4 |   }',
        '',
        '✗ 1 finding in 1 file (2 files checked)',
        '',
      ].join('\n'),
    );
  });

  it('ends with 0 where there is nothing to report', () => {
    expect(holdfast('check', 'src/quiet.ts')).toEqual({ code: 0, out: '✓ 1 file checked, nothing found\n', notes: '' });
  });

  it('writes JSON alone to standard output', () => {
    const { code, out } = holdfast('check', 'src', '--format', 'json');
    const result = JSON.parse(out) as { version: number; files: number; findings: Finding[] };
    expect(code).toBe(1);
    expect(result).toMatchObject({ version: 1, files: 2, findings: [{ line: 3, column: 12, confidence: 'certain' }] });
  });

  it('takes for each path the project that is nearest to it', () => {
    write('other/tsconfig.json', text('tsconfig.json').replace('"src"', '"."'));
    write('other/api.ts', unguarded);
    expect(holdfast('check', 'other', 'src').out).toContain('2 findings in 2 files (3 files checked)');
  });

  it('judges the projects that a solution file refers to', () => {
    write('solution.json', '{ "files": [], "references": [{ "path": "./tsconfig.json" }] }');
    expect(holdfast('check', '--project', 'solution.json').out).toContain('1 finding in 1 file (2 files checked)');
  });

  it.each([
    ['a path that is not there', ['check', 'nope'], /^holdfast: nope: there is no such file or folder/],
    ['a project that is not there', ['check', '--project', 'nope.json'], /--project nope\.json: there is no such file/],
    ['a format it does not know', ['check', '--format', 'xml'], /'xml' is invalid. Allowed choices are pretty, json/],
    ['a command it does not know', ['chek'], /unknown command 'chek'[^]*Did you mean check/],
    [
      'paths outside the project',
      ['check', 'package.json'],
      /0 files matched: package\.json .*tsconfig\.json \(include: \["src"\]/,
    ],
  ])('ends with 2 and says what is wrong with %s', (_, args, message) => {
    const { code, out, notes } = holdfast(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(notes).toMatch(message);
  });

  it.each([
    ['{ "include": ["none"] }', /0 files matched: .*broken\.json includes none \(include: \["none"\]\)/],
    ['{', /broken\.json: '}' expected/],
  ])('ends with 2 for a project of %s', (config, message) => {
    write('broken.json', config);
    for (const command of ['check', 'guard']) {
      const { code, notes } = holdfast(command, '--project', 'broken.json');
      expect(code).toBe(2);
      expect(notes).toMatch(message);
    }
  });

  it('shows its version and its help, and ends with 0', () => {
    expect(holdfast('--version')).toEqual({ code: 0, out: '1.2.3\n', notes: '' });
    expect(holdfast('check', '--help').out).toContain('Exit codes: 0 nothing found');
  });
});

describe('holdfast guard', () => {
  it('shows what it would change and writes nothing', () => {
    const { code, out, notes } = holdfast('guard');
    expect({ code, notes }).toEqual({ code: 1, notes: '' });
    expect(out).toContain(
      '+  @CircuitBreaker({ name: "api.ping", recoveryTimeout: 10_000 })\n+  @Timeout(2_000)\n   async ping()',
    );
    expect(out).toContain('would guard 1 call in 1 file. Nothing was written: add --write.');
    expect(text('src/api.ts')).toBe(unguarded);
  });

  it('writes with --write, after which no call is left unguarded', () => {
    expect(holdfast('guard', '--write')).toMatchObject({ code: 0 });
    expect(text('src/quiet.ts')).toBe(quiet);
    expect(holdfast('guard')).toEqual({ code: 0, out: '✓ 2 files looked at, nothing to guard\n', notes: '' });
    // What the guard cannot know: which answers of the other side are failures.
    const { findings } = JSON.parse(holdfast('check', '--format', 'json').out) as { findings: Finding[] };
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['no-unchecked-response']);
  });

  it('names what it skips and why, and ends with 1', () => {
    write('src/api.ts', 'export function tell(): void {\n  void fetch("https://a.internal");\n}\n');
    const { code, out } = holdfast('guard', '--write');
    expect(code).toBe(1);
    expect(out).toBe(
      'skipped src/api.ts:2:8 `fetch` fire-and-forget: Nobody waits for this promise: await it, or hand it to a queue.\n' +
        '! no call guarded, 1 skipped\n',
    );
  });

  it('refuses what would not type-check, and says what is missing', () => {
    rmSync(join(folder, 'node_modules/@holdfast/runtime'));
    const { code, out } = holdfast('guard', '--write', '--report', 'report.json');
    expect(code).toBe(1);
    expect(out).toContain('refused src/api.ts: the result would not type-check\n  line 1: TS2307');
    expect(out).toContain('Install @holdfast/runtime in the project first');
    expect(text('src/api.ts')).toBe(unguarded);
    expect(JSON.parse(text('report.json'))).toMatchObject({
      version: 1,
      files: [{ file: 'src/api.ts', state: 'refused' }],
    });
  });
});

describe('the holdfast binary', () => {
  it('runs from the built package, without colour in a pipe', () => {
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    // In CI a test runner asks its children for colour.
    const env = { ...process.env, FORCE_COLOR: undefined };
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'check'], {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toContain('✗ 1 finding in 1 file');
    expect(stdout).not.toContain('\u001B');
  });
});

describe('wantsColor', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ TERM: 'dumb' }, true, false],
  ])('with %j and a terminal: %j gives %j', (env, isTerminal, expected) => {
    expect(wantsColor(env, isTerminal)).toBe(expected);
  });
});
