import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { analyzeFile, loadProject } from './project.js';

const scratch = fileURLToPath(new URL('../../../.tsbuild/codemods-configuration/', import.meta.url));
const service = `import { charge } from 'acme';
export const load = () => fetch('https://a.internal');
export const pay = async () => charge();
`;

let folder: string;

beforeEach(() => {
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(scratch);
  write('.git', '');
  write('tsconfig.json', '{ "compilerOptions": { "lib": ["es2023", "dom"], "types": [] } }');
  write('acme.d.ts', 'declare module "acme" { export function charge(): Promise<void>; }');
  write('service.ts', service);
});
afterEach(() => rmSync(scratch, { recursive: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

const unguarded = (): string[] =>
  analyzeFile(loadProject(join(folder, 'tsconfig.json')), join(folder, 'service.ts')).unguardedCalls.map(
    ({ callee }) => callee.text,
  );

it('rows and assumptions of a project decide what has to be guarded', () => {
  expect(unguarded()).toEqual(['fetch']);
  write(
    'holdfast.config.mjs',
    `export default {
      catalogue: [{ module: 'acme', exports: { charge: { effect: 'write' } } }],
      assume: [{ module: 'global', member: 'fetch', timeout: true, because: 'the proxy gives up after 10 s' }],
    };`,
  );
  expect(unguarded()).toEqual(['charge']);
});
