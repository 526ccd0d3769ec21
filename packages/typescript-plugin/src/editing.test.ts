import { mkdtempSync, readFileSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  changed,
  compilers,
  startServer,
  type Server,
  type ServerChange,
  type ServerFix,
} from '../testing/tsserver.js';

interface ServerEntry {
  readonly name: string;
  readonly sortText: string;
}

interface Refactoring {
  readonly name: string;
  readonly description: string;
  readonly actions: readonly { readonly name: string; readonly description: string; readonly kind: string }[];
}

let folder: string;
let server: Server;

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Where a text begins in a file, as tsserver counts. */
function place(file: string, text: string): { line: number; offset: number } {
  const before = readFileSync(file, 'utf8').split(text)[0]!.split('\n');
  return { line: before.length, offset: before.at(-1)!.length + 1 };
}

describe.each(Object.entries(compilers))('the plugin in TypeScript %s', (_, compiler) => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
    server = startServer(compiler);
    mkdirSync(join(folder, 'node_modules/@holdfast'), { recursive: true });
    symlinkSync(resolve(import.meta.dirname, '../../runtime'), join(folder, 'node_modules/@holdfast/runtime'));
    project({});
  });
  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  function project(settings: object): void {
    const plugins = [{ name: '@holdfast/typescript-plugin', ...settings }];
    const options = { target: 'es2022', module: 'nodenext', lib: ['es2022', 'dom'], types: [], strict: true };
    write('package.json', '{ "type": "module" }');
    write('tsconfig.json', JSON.stringify({ compilerOptions: { ...options, plugins } }));
  }

  async function fixes(file: string, text: string, code: number): Promise<readonly ServerFix[]> {
    const start = place(file, text);
    return server.ask('getCodeFixes', {
      file,
      startLine: start.line,
      startOffset: start.offset,
      endLine: start.line,
      endOffset: start.offset + text.length,
      errorCodes: [code],
    });
  }

  it('shows the way to a finding', async () => {
    const file = write(
      'service.ts',
      'async function read() {\n  return fetch("https://a.internal");\n}\nexport const load = () => read();\n',
    );
    const [finding] = await server.diagnostics(file);
    expect(finding).toMatchObject({ code: 770_001, category: 'warning', source: 'holdfast' });
    expect(finding?.relatedInformation?.map(({ message, span }) => `${message} ${String(span.start.line)}`)).toEqual([
      '1. load 4',
      '2. read 4',
      '3. fetch 2',
    ]);
  });

  it('offers what cures a finding, and does so for all of a file', async () => {
    const text = `import axios from 'axios';
const a = axios.create();
const b = axios.create({ baseURL: 'https://b.internal' });
export const load = async () => [await a.get('/a'), await b.get('/b')];
`;
    write('axios.d.ts', axiosTypes);
    const file = write('service.ts', text);
    await server.diagnostics(file);
    const [fix, ...others] = await fixes(file, 'axios.create()', 770_001);
    expect(changed(text, fix!.changes[0]!)).toBe(text.replace('axios.create()', 'axios.create({ timeout: 5_000 })'));
    expect(others.map(({ description }) => description)).toEqual([
      'Ignore no-unguarded-outbound-call here, for a reason',
    ]);
    const all: { changes: readonly ServerFix['changes'][number][] } = await server.ask('getCombinedCodeFix', {
      scope: { type: 'file', args: { file } },
      fixId: fix!.fixId,
    });
    const cured = changed(text, all.changes[0]!);
    expect(cured).toContain('create({ timeout: 5_000 })');
    expect(cured).toContain("create({ timeout: 5_000, baseURL: 'https://b.internal' })");
    server.replace(file, cured);
    expect(await server.diagnostics(file)).toEqual([]);
  });

  it('ignores a finding for a reason that it then asks for', async () => {
    const text = 'export function load() {\n  return fetch("https://a.internal");\n}\n';
    const file = write('service.ts', text);
    await server.diagnostics(file);
    const ignore = (await fixes(file, 'fetch', 770_001)).at(-1);
    const ignored = changed(text, ignore!.changes[0]!);
    expect(ignored).toBe(text.replace('  return', '  // holdfast-ignore no-unguarded-outbound-call: \n  return'));
    server.replace(file, ignored);
    expect((await server.diagnostics(file)).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('gives no reason'),
    );
    server.replace(file, ignored.replace('call: ', 'call: it is local'));
    expect(await server.diagnostics(file)).toEqual([]);
  });

  it('guards a method or a call where nothing is wrong, too', async () => {
    const text = `export class Users {
  async load(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  }
}
`;
    const file = write('service.ts', text);
    await server.diagnostics(file);
    const refactorings = async (at: string): Promise<readonly Refactoring[]> => {
      const { line, offset } = place(file, at);
      const found: readonly Refactoring[] = await server.ask('getApplicableRefactors', { file, line, offset });
      return found.filter(({ name }) => name.startsWith('holdfast:'));
    };
    const edited = async (at: string, refactor: string, action: string): Promise<string> => {
      const { line, offset } = place(file, at);
      const { edits }: { edits: ServerChange[] } = await server.ask('getEditsForRefactor', {
        file,
        line,
        offset,
        refactor,
        action,
      });
      return changed(text, edits[0]!);
    };
    const kind = 'refactor.rewrite.holdfast';
    expect(await refactorings('load')).toMatchObject([
      {
        name: 'holdfast:guard-method',
        description: 'Guard this method…',
        actions: [
          { name: 'guardWithTimeout', description: 'Guard `load` with a timeout', kind },
          { name: 'guardWithBreaker', description: 'Guard `load` with a timeout and a circuit breaker', kind },
          { name: 'guardWithRetry', description: 'Guard `load` with a timeout, a circuit breaker and a retry', kind },
        ],
      },
    ]);
    expect(await refactorings('fetch')).toMatchObject([
      { name: 'holdfast:guard-call', description: 'Guard this call…', actions: [{ name: 'guardCall', kind }] },
    ]);
    expect(await refactorings('return')).toEqual([]);
    const guarded = await edited('load', 'holdfast:guard-method', 'guardWithBreaker');
    expect(guarded).toBe(`import { CircuitBreaker, Timeout } from '@holdfast/runtime';
import { currentSignal } from '@holdfast/runtime/context';

export class Users {
  @CircuitBreaker({ name: 'users.load', recoveryTimeout: 10_000 })
  @Timeout(2_000)
  async load(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`, { signal: currentSignal() });
  }
}
`);
    expect(await edited('fetch', 'holdfast:guard-call', 'guardCall')).toContain(
      'return withTimeout(({ signal }) => fetch(`https://users.internal/${id}`, { signal }), 2_000);',
    );
    server.replace(file, guarded);
    expect((await server.diagnostics(file)).map(({ code }) => code)).toEqual([770_007]);
  });

  it('guards all calls of a file that nothing guards', async () => {
    const text = `export const load = (id: string) => fetch(\`https://a.internal/\${id}\`);
export const add = (body: string) => fetch('https://a.internal', { method: 'POST', body });
`;
    const file = write('service.ts', text);
    await server.diagnostics(file);
    const [fix] = await fixes(file, 'fetch', 770_001);
    expect(fix).toMatchObject({ description: 'Guard `fetch` with a timeout' });
    const all: { changes: readonly ServerChange[] } = await server.ask('getCombinedCodeFix', {
      scope: { type: 'file', args: { file } },
      fixId: fix!.fixId,
    });
    const cured = changed(text, all.changes[0]!);
    expect(cured.match(/withTimeout\(\({ signal }\) => fetch/g)).toHaveLength(2);
    expect(cured.match(/^import/gm)).toHaveLength(1);
    server.replace(file, cured);
    expect((await server.diagnostics(file)).filter(({ code }) => code !== 770_007)).toEqual([]);
  });

  it('completes the options of policies with values, beside what the compiler knows', async () => {
    const file = write(
      'service.ts',
      `import { Retry, retry } from '@holdfast/runtime';
export const policy = retry({ maxAttempts: 3, jitter: true });
export class Users {
  @Retry()
  async load(): Promise<void> {}
}
`,
    );
    await server.diagnostics(file);
    const entries = async (text: string): Promise<readonly ServerEntry[]> => {
      const { line, offset } = place(file, text);
      const at = { line, offset: offset + text.length };
      return (await server.ask<{ entries: readonly ServerEntry[] }>('completionInfo', { file, ...at })).entries;
    };
    const attempts = await entries('maxAttempts: ');
    expect(attempts.filter(({ sortText }) => sortText.startsWith('0'))).toMatchObject([
      { name: '2', labelDetails: { description: 'one retry' } },
      { name: '3', labelDetails: { description: 'two retries, the default' } },
      { name: '5' },
    ]);
    expect(attempts.map(({ name }) => name)).toContain('policy');
    const jitters = (await entries('jitter: ')).map(({ name }) => name);
    expect(jitters.filter((name) => /full|false/.test(name)).sort()).toEqual(["'full'", 'false']);
    const whole = (await entries('@Retry(')).filter(({ name }) => name.startsWith('{'));
    expect(whole).toMatchObject([{ name: '{ maxAttempts: 3, baseDelay: 100 }' }]);
    expect(whole[0]).not.toHaveProperty('isSnippet');
    await server.ask('configure', { preferences: { includeCompletionsWithSnippetText: true } });
    expect((await entries('@Retry(')).filter(({ name }) => name.startsWith('{'))).toMatchObject([
      { insertText: '{ maxAttempts: ${1:3}, baseDelay: ${2:100} }', isSnippet: true },
    ]);
  });

  it('tells what guards a call and what it costs at worst', async () => {
    const file = write(
      'service.ts',
      `import { Retry, Timeout } from '@holdfast/runtime';
export class Users {
  @Retry({ maxAttempts: 3 })
  @Timeout(2_000)
  async load(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  }
}
`,
    );
    await server.diagnostics(file);
    const hover: { documentation: string } = await server.ask('quickinfo', { file, ...place(file, 'fetch(') });
    expect(hover.documentation).toContain('**Holdfast**: GET users.internal under `@Retry` → `@Timeout`');
    expect(hover.documentation).toContain('At worst 3 attempts × 2 s + 3 s back-off = 9 s; sent up to 3 times');
  });

  it('takes other settings while it runs', async () => {
    const file = write('service.ts', 'export const load = () => fetch("https://a.internal");\n');
    expect(await server.diagnostics(file)).toMatchObject([{ category: 'warning' }]);
    const configure = (configuration: object): Promise<void> =>
      server.ask('configurePlugin', { pluginName: '@holdfast/typescript-plugin', configuration });
    await configure({ rules: { 'no-unguarded-outbound-call': 'error' } });
    expect(await server.diagnostics(file)).toMatchObject([{ category: 'error' }]);
    await configure({ severity: 'off' });
    expect(await server.diagnostics(file)).toEqual([]);
  });
});

const axiosTypes = `declare module 'axios' {
  export interface AxiosInstance {
    get(url: string): Promise<unknown>;
  }
  const axios: { create(options?: { timeout?: number; baseURL?: string }): AxiosInstance };
  export default axios;
}
`;
