import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodeActionKind } from 'vscode-languageserver-protocol/node';
import { createWorkspace, unguarded, type Workspace } from '../testing/workspace.js';

const clients = `import axios from 'axios';
const a = axios.create();
const b = axios.create({ baseURL: 'https://b.internal' });
export const load = async () => [await a.get('/a'), await b.get('/b')];
`;
const cured = clients
  .replace('axios.create()', 'axios.create({ timeout: 5_000 })')
  .replace('create({ baseURL', 'create({ timeout: 5_000, baseURL');

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
  workspace.write('axios.d.ts', axiosTypes);
});
afterEach(() => workspace.remove());

describe('the language server', () => {
  it('offers what cures a finding, does so for all of a file, or ignores it', async () => {
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', clients));
    const actions = await editor.actions(file, 'axios.create()');
    expect(actions.map(({ title, kind }) => `${kind!}: ${title}`)).toEqual([
      'quickfix: Set `timeout` to 5 s for every call of this client',
      'quickfix: Do so for all findings of no-unguarded-outbound-call',
      'quickfix: Ignore no-unguarded-outbound-call here, for a reason',
    ]);
    const [one, all] = actions;
    expect(editor.applied(file, one!.edit!)).toBe(
      clients.replace('axios.create()', 'axios.create({ timeout: 5_000 })'),
    );
    expect(editor.applied(file, all!.edit!)).toBe(cured);
    editor.replace(file, clients, cured);
    expect(await editor.diagnostics(file)).toEqual([]);
    expect(await editor.actions(file, 'axios.create(')).toEqual([]);
  });

  it('cures a whole file when asked to by name', async () => {
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', clients));
    const [all, ...others] = await editor.actions(file, 'load', ['source.fixAll.holdfast']);
    expect(others).toEqual([]);
    expect(all).toMatchObject({ kind: 'source.fixAll.holdfast', title: 'Cure all findings of Holdfast' });
    expect(editor.applied(file, all!.edit!)).toBe(cured);
  });

  it('leaves alone what a person has to look at when a file is saved', async () => {
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', clients));
    expect(await editor.actions(file, 'load', [CodeActionKind.SourceFixAll])).toEqual([]);
  });

  it('ignores a finding for a reason that it then asks for', async () => {
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', unguarded));
    const offered = await editor.actions(file, 'fetch', [CodeActionKind.QuickFix]);
    const ignore = offered.find(({ title }) => title.startsWith('Ignore'));
    const ignored = editor.applied(file, ignore!.edit!);
    expect(ignored).toBe(`// holdfast-ignore no-unguarded-outbound-call: \n${unguarded}`);
    editor.replace(file, unguarded, ignored);
    expect((await editor.diagnostics(file)).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('gives no reason'),
    );
    editor.replace(file, 'call: ', 'call: it is local');
    expect(await editor.diagnostics(file)).toEqual([]);
  });

  it('guards a method, and a call', async () => {
    const text = `export class Users {
  async load(id: string): Promise<Response> {
    return fetch(\`https://users.internal/\${id}\`);
  }
}
`;
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', text));
    const only = ['refactor.rewrite.holdfast'];
    const [withTimeout] = await editor.actions(file, 'load', only);
    expect(withTimeout?.kind).toBe(only[0]);
    const guarded = editor.applied(file, withTimeout!.edit!);
    expect(guarded).toContain('  @Timeout(2_000)\n  async load(');
    editor.replace(file, text, guarded);
    expect(await editor.actions(file, 'load', only)).toEqual([]);
    editor.replace(file, guarded, text);
    const [around] = await editor.actions(file, 'fetch', only);
    expect(editor.applied(file, around!.edit!)).toContain('withTimeout(({ signal }) => fetch(');
  });

  it('offers values for the options of policies', async () => {
    const text = "import { retry } from '@holdfast/runtime';\nexport const again = retry({ jitter: });\n";
    const editor = await workspace.edit();
    const file = editor.open(workspace.write('service.ts', text));
    const values = await editor.completions(file, 'jitter: ');
    expect(values.map(({ label }) => label)).toContain("'full'");
    expect(await editor.completions(file, 'again')).toEqual([]);
  });

  it('tells what guards a call and what it costs at worst', async () => {
    const editor = await workspace.edit();
    const file = editor.open(
      workspace.write(
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
      ),
    );
    const hover = await editor.hover(file, 'fetch(');
    expect(hover).toMatchObject({
      contents: {
        kind: 'markdown',
        value: expect.stringMatching(
          /^\*\*Holdfast\*\*: GET users\.internal under `@Retry` → `@Timeout`[^]*At worst 3 attempts × 2 s \+ 3 s back-off = 9 s; sent up to 3 times/,
        ) as string,
      },
      range: { start: { line: 5, character: 11 }, end: { line: 5, character: 16 } },
    });
    expect(await editor.hover(file, 'string')).toBeNull();
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
