import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiagnosticSeverity } from 'vscode-languageserver-protocol/node';
import { startClient, type Client, type ClientOptions } from '../testing/client.js';

let folder: string;
let client: Client | undefined;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-')));
  mkdirSync(join(folder, 'node_modules/@holdfast'), { recursive: true });
  symlinkSync(resolve(import.meta.dirname, '../../runtime'), join(folder, 'node_modules/@holdfast/runtime'));
  write('package.json', '{ "type": "module" }');
  write('tsconfig.json', tsconfig({}));
});
afterEach(async () => {
  await client?.stop();
  client = undefined;
  rmSync(folder, { recursive: true });
});

function tsconfig(others: object): string {
  const compilerOptions = { target: 'es2022', module: 'nodenext', lib: ['es2022', 'dom'], types: [], strict: true };
  return JSON.stringify({ compilerOptions, ...others });
}

function write(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

async function start(options: Partial<ClientOptions> = {}): Promise<Client> {
  return (client = await startClient({ folders: [folder], ...options }));
}

/** Opens a file as it is on disk. */
function open(editor: Client, name: string, text: string): string {
  const file = write(name, text);
  editor.open(file, text);
  return file;
}

describe('the language server', () => {
  it('answers with findings, and the way to each', async () => {
    const editor = await start();
    const file = open(
      editor,
      'service.ts',
      'async function read() {\n  return fetch("https://a.internal");\n}\nexport const load = () => read();\n',
    );
    const [finding, ...others] = await editor.diagnostics(file);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 770_001,
      source: 'holdfast',
      severity: DiagnosticSeverity.Warning,
      range: { start: { line: 1, character: 9 }, end: { line: 1, character: 14 } },
      message: expect.stringMatching(/^`fetch` has no timeout.*\(no-unguarded-outbound-call\)$/) as string,
    });
    const way = finding?.relatedInformation?.map(
      ({ message, location }) => `${message} ${String(location.range.start.line + 1)}`,
    );
    expect(way).toEqual(['1. load 4', '2. read 4', '3. fetch 2']);
  });
});
