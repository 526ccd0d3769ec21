import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import typescript from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type Server } from '../testing/tsserver.js';

const service = 'declare module "acme" { export function charge(): Promise<void>; }\n';
const code = `import { charge } from 'acme';
export const load = () => fetch('https://a.internal');
export const pay = async () => charge();
`;
const acme = { module: 'acme', exports: { charge: { effect: 'write' } } };
const fetching = { module: 'global', member: 'fetch', timeout: true, because: 'the proxy gives up after 10 s' };

let folder: string;
let server: Server;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  server = startServer();
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2023', 'dom'],
    types: [],
    plugins: [{ name: '@holdfast/typescript-plugin' }],
  };
  write('tsconfig.json', { compilerOptions });
  write('acme.d.ts', service);
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string | object): string {
  const file = join(folder, name);
  writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text));
  return file;
}

async function linesOf(file: string): Promise<number[]> {
  const diagnostics = await server.diagnostics(file);
  return diagnostics.filter(({ source }) => source === 'holdfast').map(({ start }) => start.line);
}

describe('the plugin with holdfast.config', () => {
  it('shows findings by the rows and assumptions of the project', async () => {
    write('holdfast.config.json', { catalogue: [acme], assume: [fetching] });
    expect(await linesOf(write('service.ts', code))).toEqual([3]);
  });

  it('takes a configuration that cannot be used for none, and tells the log, once', async () => {
    write('holdfast.config.json', { catalogue: [acme], assume: [{ ...fetching, timeout: 5 }] });
    const file = write('service.ts', code);
    expect(await linesOf(file)).toEqual([2]);

    const log: string[] = [];
    const plugin = init({ typescript }).create({
      config: undefined,
      project: { projectService: { logger: { info: (text: string) => log.push(text) } } },
      languageService: {
        getProgram: () => typescript.createProgram([file], { lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'] }),
        getSemanticDiagnostics: () => [],
      },
    });
    expect(plugin.getSemanticDiagnostics(file)).toHaveLength(1);
    expect(plugin.getSemanticDiagnostics(file)).toHaveLength(1);
    expect(log).toEqual([
      expect.stringMatching(/^holdfast: .*holdfast\.config\.json: assume\[0\] \(global\), timeout: 5/),
    ]);
  });
});

/** The built entry, loaded as tsserver loads it. */
const init = createRequire(import.meta.url)('../dist/index.cjs') as (modules: { typescript: unknown }) => {
  create(info: unknown): { getSemanticDiagnostics(file: string): unknown[] };
};
