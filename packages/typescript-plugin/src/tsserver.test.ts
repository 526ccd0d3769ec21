import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type Server } from '../testing/tsserver.js';

const service = 'export const load = () => fetch("https://a.internal");\nexport const wrong: number = "a";\n';

let folder: string;
let server: Server;

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  server = startServer();
});

afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

function project(plugin: object): void {
  const compilerOptions = { target: 'es2023', lib: ['es2023', 'dom'], types: [], strict: true, plugins: [plugin] };
  write('tsconfig.json', JSON.stringify({ compilerOptions }));
}

describe('the plugin in tsserver', () => {
  it('adds findings to the diagnostics of the compiler', async () => {
    project({ name: '@holdfast/typescript-plugin' });
    const file = write('service.ts', service);
    const diagnostics = await server.diagnostics(file);
    expect(diagnostics.map(({ code, source, category }) => ({ code, source, category }))).toEqual([
      { code: 2322, source: undefined, category: 'error' },
      { code: 770_001, source: 'holdfast', category: 'warning' },
    ]);
    expect(diagnostics[1]).toMatchObject({
      start: { line: 1, offset: 27 },
      end: { line: 1, offset: 32 },
      text: expect.stringMatching(/^`fetch` has no timeout.*\(no-unguarded-outbound-call\)$/) as string,
    });
  });

  it('follows every edit', async () => {
    project({ name: '@holdfast/typescript-plugin' });
    const file = write('service.ts', service);
    const count = async (): Promise<number> =>
      (await server.diagnostics(file)).filter(({ source }) => source === 'holdfast').length;
    expect(await count()).toBe(1);
    server.change(file, { line: 1, offset: 53, text: ', { signal: AbortSignal.timeout(5) }' });
    expect(await count()).toBe(0);
    server.change(file, { line: 1, offset: 1, text: 'fetch(; ' });
    expect(await count()).toBe(1);
  });

  it('shows the findings of the preset that its entry asks for', async () => {
    project({ name: '@holdfast/typescript-plugin', preset: 'strict' });
    const file = write('service.ts', 'export const load = (init: RequestInit) => fetch("/a", init);');
    expect(await server.diagnostics(file)).toHaveLength(1);
  });
});
