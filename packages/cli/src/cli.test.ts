import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checks, type Finding } from '@holdfast/analysis';
import type * as Sarif from 'sarif';
import picocolors from 'picocolors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from './output/report.js';
import { run } from './run.js';
import { wantsColor, type Answer } from './terminal.js';

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const unguarded =
  'export class Api {\n  async ping(): Promise<Response> {\n    return fetch("https://a.internal");\n  }\n}\n';
const quiet = 'export const one = 1;\n';

let folder: string;

/** What the person in front of the terminal answers; nobody is there by default. */
let answers: Answer[] | undefined;
let questions: string[];

interface Run {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
}

async function holdfast(...args: string[]): Promise<Run> {
  let [out, notes] = ['', ''];
  const colors = picocolors.createColors(false);
  const terminal = {
    cwd: folder,
    colors,
    out: (text: string) => void (out += text),
    notes: (text: string) => void (notes += text),
    ...(answers && {
      ask: async (question: string) => {
        questions.push(question);
        return Promise.resolve(answers?.shift() ?? 'quit');
      },
    }),
  };
  return { code: await run(args, terminal, '1.2.3'), out, notes };
}

function write(name: string, text: string): void {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

const text = (name: string): string => readFileSync(join(folder, name), 'utf8');

beforeEach(() => {
  [answers, questions] = [undefined, []];
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

describe('holdfast map', () => {
  it('draws a page, a picture or data, on standard output alone', async () => {
    const page = await holdfast('map');
    expect(page).toMatchObject({ code: 0, notes: '' });
    expect(page.out).toMatch(/^<!doctype html>/);
    const picture = await holdfast('map', '--format', 'svg');
    expect(picture).toMatchObject({ code: 0, notes: '' });
    expect(picture.out).toMatch(/^<\?xml[^]*<\/svg>\n$/);
    const { code, out, notes } = await holdfast('map', '--format', 'json');
    expect({ code, notes }).toEqual({ code: 0, notes: '' });
    expect(JSON.parse(out)).toEqual({
      version: 1,
      nodes: [
        {
          id: 'src/api.ts#Api.ping',
          kind: 'function',
          name: 'Api.ping',
          isEntry: true,
          file: 'src/api.ts',
          line: 2,
          column: 9,
          worstCase: 'unbounded',
          reaches: [{ dependency: 'http:a.internal', amplification: 1, isUnguarded: true }],
        },
        { id: 'http:a.internal', kind: 'dependency', name: 'a.internal', dependencyKind: 'http', modules: ['fetch'] },
      ],
      edges: [
        {
          from: 'src/api.ts#Api.ping',
          to: 'http:a.internal',
          worstCase: 'unbounded',
          amplification: 1,
          gap: 'certain',
          calls: [
            {
              file: 'src/api.ts',
              line: 3,
              column: 12,
              text: 'fetch',
              guards: [],
              worstCase: 'unbounded',
              amplification: 1,
              gap: 'certain',
              outbound: {
                operation: 'GET',
                effect: 'read',
                timeout: { state: 'none' },
                attempts: 1,
              },
            },
          ],
        },
      ],
    });
  });

  it('shows the ways through the paths, with the figures of the whole', async () => {
    write('src/use.ts', 'import { Api } from "./api.js";\nexport const use = (api: Api) => api.ping();\n');
    write('src/other.ts', 'export const other = () => fetch("https://b.internal");\n');
    const { out } = await holdfast('map', 'src/use.ts', '--format', 'json');
    const { nodes } = JSON.parse(out) as { nodes: { id: string }[] };
    expect(nodes.map(({ id }) => id)).toEqual(['src/api.ts#Api.ping', 'src/use.ts#use', 'http:a.internal']);
  });

  it('puts several projects on one map', async () => {
    write('other/tsconfig.json', text('tsconfig.json').replace('"src"', '"."'));
    write('other/api.ts', unguarded);
    const { out } = await holdfast('map', 'other', 'src', '--format', 'json');
    const { nodes } = JSON.parse(out) as { nodes: { id: string }[] };
    expect(nodes.map(({ id }) => id)).toEqual(['other/api.ts#Api.ping', 'src/api.ts#Api.ping', 'http:a.internal']);
  });

  it.each([
    ['a path that is not there', ['map', 'nope'], /^holdfast: nope: there is no such file or folder/],
    ['a project that is not there', ['map', '--project', 'nope.json'], /--project nope\.json: there is no such file/],
    ['a format it does not know', ['map', '--format', 'xml'], /'xml' is invalid. Allowed choices are html, svg, json/],
    [
      'paths outside the project',
      ['map', 'package.json'],
      /0 files matched: package\.json .*tsconfig\.json \(include: \["src"\]/,
    ],
  ])('ends with 2 and says what is wrong with %s', async (_, args, message) => {
    const { code, out, notes } = await holdfast(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(notes).toMatch(message);
  });
});

describe('holdfast check', () => {
  it('shows where a call is, with the code around it, and ends with 1', async () => {
    const { code, out, notes } = await holdfast('check');
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

  it('ends with 0 where there is nothing to report', async () => {
    expect(await holdfast('check', 'src/quiet.ts')).toEqual({
      code: 0,
      out: '✓ 1 file checked, nothing found\n',
      notes: '',
    });
  });

  it('writes JSON alone to standard output', async () => {
    const { code, out } = await holdfast('check', 'src', '--format', 'json');
    const result = JSON.parse(out) as { version: number; files: number; findings: Finding[] };
    expect(code).toBe(1);
    expect(result).toMatchObject({ version: 1, files: 2, findings: [{ line: 3, column: 12, confidence: 'certain' }] });
  });

  it('takes for each path the project that is nearest to it', async () => {
    write('other/tsconfig.json', text('tsconfig.json').replace('"src"', '"."'));
    write('other/api.ts', unguarded);
    expect((await holdfast('check', 'other', 'src')).out).toContain('2 findings in 2 files (3 files checked)');
  });

  it('judges a file once that two of the paths have', async () => {
    write('src/tsconfig.json', text('tsconfig.json').replace('"src"', '"."'));
    expect((await holdfast('check', '.', 'src')).out).toContain('1 finding in 1 file (2 files checked)');
  });

  it('judges the projects that a solution file refers to', async () => {
    write('solution.json', '{ "files": [], "references": [{ "path": "./tsconfig.json" }] }');
    expect((await holdfast('check', '--project', 'solution.json')).out).toContain(
      '1 finding in 1 file (2 files checked)',
    );
  });

  it.each([
    ['a path that is not there', ['check', 'nope'], /^holdfast: nope: there is no such file or folder/],
    ['a project that is not there', ['check', '--project', 'nope.json'], /--project nope\.json: there is no such file/],
    [
      'a format it does not know',
      ['check', '--format', 'xml'],
      /'xml' is invalid. Allowed choices are pretty, json, sarif, github/,
    ],
    ['a command it does not know', ['chek'], /unknown command 'chek'[^]*Did you mean check/],
    [
      'paths outside the project',
      ['check', 'package.json'],
      /0 files matched: package\.json .*tsconfig\.json \(include: \["src"\]/,
    ],
  ])('ends with 2 and says what is wrong with %s', async (_, args, message) => {
    const { code, out, notes } = await holdfast(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(notes).toMatch(message);
  });

  it.each([
    ['{ "include": ["none"] }', /0 files matched: .*broken\.json includes none \(include: \["none"\]\)/],
    ['{', /broken\.json: '}' expected/],
  ])('ends with 2 for a project of %s', async (config, message) => {
    write('broken.json', config);
    for (const command of ['check', 'guard']) {
      const { code, notes } = await holdfast(command, '--project', 'broken.json');
      expect(code).toBe(2);
      expect(notes).toMatch(message);
    }
  });

  it('shows its version and its help, and ends with 0', async () => {
    expect(await holdfast('--version')).toEqual({ code: 0, out: '1.2.3\n', notes: '' });
    expect((await holdfast('check', '--help')).out).toContain('Exit codes: 0 nothing found');
  });
});

describe('formats for other tools', () => {
  const way = `import { fetchIt } from './odd, name: 100%.js';
export class Orders {
  async place(): Promise<unknown> {
    return fetchIt('a');
  }
}
`;
  const reached = `export async function fetchIt(id: string): Promise<unknown> {
  return (await fetch(\`https://a.internal/\${id}\`)).json();
}
`;
  beforeEach(() => {
    write('.git', '');
    write('src/odd, name: 100%.ts', reached);
    write('src/orders.ts', way);
  });

  it('are SARIF, with fingerprints, ways and the documentation', async () => {
    const { code, out, notes } = await holdfast('check', '--format', 'sarif');
    expect({ code, notes }).toEqual({ code: 1, notes: '' });
    const log = JSON.parse(out) as Sarif.Log;
    const { tool, results = [], columnKind } = log.runs[0]!;
    expect({ version: log.version, columnKind, name: tool.driver.name }).toEqual({
      version: '2.1.0',
      columnKind: 'utf16CodeUnits',
      name: 'Holdfast',
    });
    expect(results.map(({ ruleId, ruleIndex }) => tool.driver.rules?.[ruleIndex!]?.id === ruleId)).toEqual([
      true,
      true,
    ]);
    expect(tool.driver.rules?.[0]?.help?.markdown).toContain('# no-unguarded-outbound-call');
    const uris = results.map(({ locations }) => locations?.[0]?.physicalLocation?.artifactLocation);
    expect(uris).toEqual([
      { uri: 'src/api.ts', uriBaseId: '%SRCROOT%' },
      { uri: 'src/odd,%20name:%20100%25.ts', uriBaseId: '%SRCROOT%' },
    ]);
    const steps = results[1]?.codeFlows?.[0]?.threadFlows[0]?.locations.map(({ location }) => location?.message?.text);
    expect(steps).toEqual(['Orders.place', 'fetchIt', 'fetch']);
  });

  it('keep fingerprints when lines move, and tell equal calls of one function apart', async () => {
    const fingerprints = async (): Promise<string[]> => {
      const log = JSON.parse((await holdfast('check', 'src/api.ts', '--format', 'sarif')).out) as Sarif.Log;
      return (log.runs[0]?.results ?? []).map(({ partialFingerprints }) => partialFingerprints?.['holdfast/v1'] ?? '');
    };
    const twice = unguarded.replace('return', 'await fetch("https://b.internal");\n    return');
    write('src/api.ts', twice);
    const before = await fingerprints();
    expect(new Set(before).size).toBe(2);
    write('src/api.ts', `// A comment above\nconst other = 1;\nexport { other };\n\n${twice.replaceAll('\n', '\r\n')}`);
    expect(await fingerprints()).toEqual(before);
  });

  it('are annotations for GitHub, with everything escaped', async () => {
    const { out } = await holdfast('check', '--format', 'github');
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(
      /^::error file=src\/odd%2C name%3A 100%25\.ts,line=2,endLine=2,col=17,endColumn=22,title=holdfast no-unguarded-outbound-call::`fetch` has no timeout/,
    );
    expect(lines[1]).toMatch(/%0AReached by Orders\.place → fetchIt → fetch$/);
  });
});

describe('a baseline', () => {
  const check = async (...args: string[]): Promise<Run> => holdfast('check', '--baseline', 'known.json', ...args);

  it('holds what is known, so that only news is reported', async () => {
    expect(await check('--update-baseline')).toMatchObject({
      code: 0,
      notes: 'holdfast: known.json holds 1 finding of what was checked\n',
    });
    expect(await check()).toMatchObject({ code: 0, notes: '' });
    write('src/api.ts', `\n\n${unguarded}`);
    write('src/more.ts', unguarded);
    const { code, out } = await check();
    expect(code).toBe(1);
    expect(out).toContain('src/more.ts:3:12');
    expect(out).not.toContain('src/api.ts');
  });

  it('says what is gone, and keeps what it knows of files that were not checked', async () => {
    write('src/more.ts', unguarded);
    await check('--update-baseline');
    write('src/api.ts', quiet);
    expect((await check()).notes).toContain('1 finding of known.json is gone: take it out with --update-baseline');
    expect((await check('src/more.ts')).notes).toBe('');
    await check('src/api.ts', '--update-baseline');
    expect(JSON.parse(text('known.json'))).toMatchObject({
      version: 1,
      findings: [{ file: expect.stringMatching(/src\/more\.ts$/) as string }],
    });
    expect(await check()).toMatchObject({ code: 0, notes: '' });
  });

  it('lets go of files that were deleted', async () => {
    write('src/more.ts', unguarded);
    await check('--update-baseline');
    rmSync(join(folder, 'src/more.ts'));
    expect((await check()).notes).toContain('1 finding of known.json is gone');
    await check('src/api.ts', '--update-baseline');
    expect(text('known.json')).not.toContain('more.ts');
  });

  it.each([
    [undefined, /--baseline known\.json: there is no such file\. Make it with --update-baseline/],
    ['{', /--baseline known\.json: .*JSON/],
    ['{ "version": 2 }', /version is 2, and only 1 is known/],
    ['{ "version": 1, "findings": {} }', /findings is not a list/],
    ['{ "version": 1, "findings": [{ "fingerprint": 1 }] }', /findings\[0\]\.fingerprint is not a text/],
  ])('that is %j ends the run with 2', async (content, message) => {
    if (content !== undefined) write('known.json', content);
    const { code, out, notes } = await check();
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(notes).toMatch(message);
  });

  it('needs a name to be written', async () => {
    expect((await holdfast('check', '--update-baseline')).notes).toContain('--update-baseline needs --baseline <file>');
  });
});

describe('holdfast explain', () => {
  it.each([
    ['no-nested-retry', /^# no-nested-retry\n\nRetries multiply\./],
    ['@holdfast/no-nested-retry', /^# no-nested-retry/],
    ['HOLDFAST_TIMEOUT', /^## HOLDFAST_TIMEOUT\n\n`TimeoutError`/],
    ['fire-and-forget', /A call is skipped: Nobody waits/],
  ])('knows %s', async (id, expected) => {
    const { code, out } = await holdfast('explain', id);
    expect(code).toBe(0);
    expect(out).toMatch(expected);
    expect(out).not.toContain('<!--');
  });

  it('has a page for every rule', async () => {
    for (const { id } of checks) expect((await holdfast('explain', id)).out).toContain(`# ${id}\n`);
  });

  it('suggests what may have been meant', async () => {
    expect((await holdfast('explain', 'no-nested-retri')).notes).toContain('Did you mean no-nested-retry?');
    expect(await holdfast('explain', 'nonsense')).toMatchObject({
      code: 2,
      notes: expect.stringContaining('HOLDFAST_TIMEOUT') as string,
    });
  });
});

describe('holdfast migrate', () => {
  const library = fileURLToPath(new URL('../../codemods/node_modules/p-retry', import.meta.url));
  const retried =
    "import pRetry from 'p-retry';\nexport const one = (): Promise<number> => pRetry(() => Promise.resolve(1));\n";

  beforeEach(() => {
    symlinkSync(library, join(folder, 'node_modules/p-retry'));
    write('src/retried.ts', retried);
  });

  it('shows what it would replace, and writes nothing', async () => {
    const { code, out } = await holdfast('migrate', 'p-retry');
    expect(code).toBe(1);
    expect(out).toContain("-import pRetry from 'p-retry';\n");
    expect(out).toContain('would migrate 1 call in 1 file. Nothing was written: add --write.');
    expect(text('src/retried.ts')).toBe(retried);
  });

  it('says of unguarded calls that they are, and not that somebody wanted them so', async () => {
    const { files } = JSON.parse((await holdfast('migrate', 'p-retry', '--json')).out) as Report;
    const [call] = files.find(({ file }) => file === 'src/api.ts')?.calls ?? [];
    expect(call).toMatchObject({ state: 'left', reason: 'unguarded' });
  });

  it('replaces with --write, finds nothing more to do, and can be undone', async () => {
    expect(await holdfast('migrate', 'p-retry', '--write')).toMatchObject({ code: 0 });
    expect(text('src/retried.ts')).toContain("import { withRetry } from '@holdfast/runtime';\n");
    const { code, out } = await holdfast('migrate', 'p-retry');
    expect([code, out]).toEqual([0, '✓ 3 files looked at, nothing to migrate\n']);
    expect(await holdfast('undo')).toMatchObject({ code: 0 });
    expect(text('src/retried.ts')).toBe(retried);
  });

  it('says why a call stays as it is, and ends with 1', async () => {
    write('src/retried.ts', retried.replace('(1))', '(1), { unref: true })'));
    const { code, out } = await holdfast('migrate', 'p-retry', '--write');
    expect(code).toBe(1);
    expect(out).toMatch(/^skipped src\/retried\.ts:2:43 `pRetry` option: /);
  });

  it('could not run for a library that it does not know', async () => {
    expect(await holdfast('migrate', 'no-such-library')).toMatchObject({ code: 2, out: '' });
  });
});

describe('holdfast guard', () => {
  it('shows what it would change and writes nothing', async () => {
    const { code, out, notes } = await holdfast('guard');
    expect({ code, notes }).toEqual({ code: 1, notes: '' });
    expect(out).toContain(
      '+  @CircuitBreaker({ name: "api.ping", recoveryTimeout: 10_000 })\n+  @Timeout(2_000)\n   async ping()',
    );
    expect(out).toContain('would guard 1 call in 1 file. Nothing was written: add --write.');
    expect(text('src/api.ts')).toBe(unguarded);
  });

  it('writes with --write, after which no call is left unguarded', async () => {
    expect(await holdfast('guard', '--write')).toMatchObject({ code: 0 });
    expect(text('src/quiet.ts')).toBe(quiet);
    expect(await holdfast('guard')).toEqual({ code: 0, out: '✓ 2 files looked at, nothing to guard\n', notes: '' });
    // What the guard cannot know: which answers of the other side are failures.
    const { findings } = JSON.parse((await holdfast('check', '--format', 'json')).out) as { findings: Finding[] };
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['no-unchecked-response']);
  });

  it('names what it skips and why, and ends with 1', async () => {
    write('src/api.ts', 'export function tell(): void {\n  void fetch("https://a.internal");\n}\n');
    const { code, out } = await holdfast('guard', '--write');
    expect(code).toBe(1);
    expect(out).toBe(
      'skipped src/api.ts:2:8 `fetch` fire-and-forget: Nobody waits for this promise: await it, or hand it to a queue.\n' +
        '! no call guarded, 1 skipped\n',
    );
  });

  it('refuses what would not type-check, and says what is missing', async () => {
    rmSync(join(folder, 'node_modules/@holdfast/runtime'));
    const { code, out } = await holdfast('guard', '--write', '--report', 'report.json');
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

describe('changes', () => {
  const three = unguarded.replace(
    '}\n}',
    '}\n  async two(): Promise<Response> {\n    return fetch("https://b.internal");\n  }\n}',
  );
  const git = (...args: string[]): void => {
    const { status, stderr } = spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  };
  const commit = (): void => {
    write('.gitignore', 'node_modules\n');
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'all');
  };

  it('are taken back by undo, byte for byte', async () => {
    write('src/api.ts', `\uFEFF${unguarded.replaceAll('\n', '\r\n')}`);
    const before = text('src/api.ts');
    expect((await holdfast('guard', '--write')).out).toContain(
      'guarded 1 call in 1 file. Take it back with: holdfast undo',
    );
    expect((await holdfast('undo', '--list')).out).toMatch(/^\d{4}-\S+Z {2}guard {2}1 file\n$/);
    expect(await holdfast('undo')).toEqual({ code: 0, out: '✓ 1 file as before guard\n', notes: '' });
    expect(text('src/api.ts')).toBe(before);
    expect(existsSync(join(folder, '.holdfast'))).toBe(false);
    expect(await holdfast('undo')).toMatchObject({
      code: 2,
      notes: expect.stringContaining('nothing to undo') as string,
    });
  });

  it('that were edited since are not taken back, unless the rest is enough', async () => {
    await holdfast('guard', '--write');
    write('src/api.ts', `${text('src/api.ts')}// mine\n`);
    const { code, notes } = await holdfast('undo');
    expect(code).toBe(2);
    expect(notes).toContain('1 file of this run were edited since');
    expect(notes).toContain('  src/api.ts\n');
    expect(await holdfast('undo', '--keep-edited')).toMatchObject({ code: 1 });
    expect(text('src/api.ts')).toContain('// mine');
  });

  it('are not written over what git does not have yet', async () => {
    commit();
    write('src/quiet.ts', 'export const one = 2;\n');
    expect(await holdfast('guard', '--write')).toMatchObject({ code: 0 });
    const { code, out, notes } = await holdfast('undo');
    expect({ code, out, notes }).toMatchObject({ code: 0 });
    write('src/api.ts', `${unguarded}// mine\n`);
    const refused = await holdfast('guard', '--write');
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.notes).toContain(
      '1 file to be edited has changes that are not committed; nothing was written:\n  src/api.ts\n',
    );
    expect(text('src/api.ts')).toBe(`${unguarded}// mine\n`);
    expect(await holdfast('guard', '--write', '--allow-dirty')).toMatchObject({ code: 0 });
  });

  it('to files that git does not know count as dirty too', async () => {
    commit();
    write('src/näw file.ts', unguarded);
    expect((await holdfast('guard', 'src/näw file.ts', '--write')).notes).toContain('  src/näw file.ts\n');
  });

  it('are asked about one by one', async () => {
    write('src/api.ts', three);
    answers = ['no', 'yes'];
    const { code, out } = await holdfast('guard', '--write', '--interactive');
    expect(questions).toEqual(['Guard `fetch` (src/api.ts:3)?', 'Guard `fetch` (src/api.ts:6)?']);
    expect(code).toBe(1);
    expect(out).toContain('`fetch` declined: You chose to leave it as it is.');
    expect(text('src/api.ts')).toContain(
      '  async ping(): Promise<Response> {\n    return fetch("https://a.internal");',
    );
    expect(text('src/api.ts')).toMatch(/@Timeout\(2_000\)\n {2}async two/);
  });

  it('are all wanted after "all", and none after "quit"', async () => {
    write('src/api.ts', three);
    answers = ['all'];
    expect(await holdfast('guard', '--interactive')).toMatchObject({ code: 1 });
    expect(questions).toHaveLength(1);
    answers = ['quit'];
    const { out } = await holdfast('guard', '--interactive', '--write');
    expect(out).toContain('no call guarded, 2 skipped');
    expect(text('src/api.ts')).toBe(three);
    answers = undefined;
    expect((await holdfast('guard', '--interactive')).notes).toContain('--interactive needs a terminal');
  });

  it('are reported call by call, for programs and for people', async () => {
    write(
      'src/api.ts',
      `${three}export const bare = (): void => void fetch('https://c.internal');
export const timed = () => fetch('https://d.internal', { signal: AbortSignal.timeout(5) });\n`,
    );
    const { code, out, notes } = await holdfast('guard', '--json', '--report', 'report.md');
    expect({ code, notes }).toEqual({ code: 1, notes: '' });
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      holdfast: '1.2.3',
      command: 'guard',
      totals: {
        files: 2,
        outboundCalls: 4,
        guarded: 1,
        changed: 2,
        skipped: 1,
        left: 0,
        refused: 0,
        coverage: { before: 0.25, after: 0.75 },
      },
      skipReasons: { 'fire-and-forget': 1 },
      files: [
        {
          file: 'src/api.ts',
          state: 'planned',
          calls: [{ state: 'changed' }, { state: 'changed' }, { state: 'skipped' }, { state: 'guarded' }],
        },
      ],
    });
    const report = text('report.md');
    expect(report).toContain('4 outbound calls in 2 files; guarded before 25.0 %, after 75.0 %.');
    expect(report).toMatch(/\| 9 \| `fetch` \| skipped \| fire-and-forget: /);
  });

  it('have to stand in every project that has the file', async () => {
    const config = JSON.parse(text('tsconfig.json')) as { compilerOptions: object };
    write('loose.json', JSON.stringify({ ...config, include: ['src'] }));
    write(
      'strict.json',
      JSON.stringify({
        compilerOptions: { ...config.compilerOptions, paths: { '@holdfast/*': ['./none/*'] } },
        include: ['src'],
      }),
    );
    write('solution.json', '{ "files": [], "references": [{ "path": "./loose.json" }, { "path": "./strict.json" }] }');
    rmSync(join(folder, 'node_modules/@holdfast/runtime'));
    mkdirSync(join(folder, 'node_modules/@holdfast/runtime'), { recursive: true });
    expect((await holdfast('guard', '--project', 'solution.json')).out).toContain('refused src/api.ts');
  });
});

describe('a project of an older TypeScript', () => {
  it('is judged with the defaults that it knows', async () => {
    const compilerOptions = {
      target: 'es2019',
      module: 'commonjs',
      moduleResolution: 'node',
      esModuleInterop: false,
      baseUrl: '.',
    };
    write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'] }));
    write('package.json', '{}');
    write(
      'src/api.ts',
      "import * as http from 'node:http';\nlet loose = null;\nloose = process.env['A'];\nexport const get = () => new Promise((resolve) => http.get('http://a', resolve).on('error', resolve));\nexport async function ping(): Promise<boolean> {\n  return (await fetch('https://a')).ok;\n}\n",
    );
    write('node_modules/typescript/package.json', '{ "name": "typescript", "version": "4.9.5" }');
    const { loadProject } = await import('@holdfast/codemods');
    const { program } = loadProject(join(folder, 'tsconfig.json'));
    const messages = [...program.getOptionsDiagnostics(), ...program.getSemanticDiagnostics()].map(
      ({ messageText }) => messageText,
    );
    expect(messages).toEqual([]);
    expect(await holdfast('guard', '--write')).toMatchObject({
      out: expect.stringContaining('guarded 2 calls') as string,
    });
  });
});

describe('the holdfast binary', () => {
  it('runs from the built package, without colour in a pipe', async () => {
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    // In CI a test runner asks its children for colour.
    const env = { ...process.env, FORCE_COLOR: undefined };
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'check'], {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    expect(status).toBe(1);
    // A slow machine is told how far the work is.
    expect(stderr.replaceAll(/^holdfast: (?:loading|judging) .*\n/gm, '')).toBe('');
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
