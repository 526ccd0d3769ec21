import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingsOf } from './analysis.js';
import { guardProject } from './codemods.js';

// Within the workspace, so that the runtime is found.
const service = fileURLToPath(new URL('../../.tsbuild/docs/service/', import.meta.url));
const file = join(service, 'shipping.ts');
const unguarded = `export async function quote(id: string): Promise<unknown> {
  const response = await fetch(\`https://shipping.example/quotes/\${id}\`);
  return response.json();
}
`;

beforeAll(() => {
  mkdirSync(service, { recursive: true });
  cpSync(new URL('./eslint-plugin.js', import.meta.url), join(service, 'eslint.config.js'));
  writeFileSync(
    join(service, 'tsconfig.json'),
    JSON.stringify({ extends: '../../../tsconfig.base.json', include: ['*.ts'] }),
  );
  writeFileSync(file, unguarded);
});
afterAll(() => rmSync(service, { recursive: true }));

it('the analysis finds an unguarded call', () => {
  expect(findingsOf(file)).toEqual([expect.stringMatching(/^2 no-unguarded-outbound-call: `fetch` has no timeout/)]);
});

it('ESLint reports it', async () => {
  const [result] = await new ESLint({ cwd: service }).lintFiles(['shipping.ts']);
  expect(result!.messages).toMatchObject([{ ruleId: '@holdfast/no-unguarded-outbound-call', line: 2 }]);
});

it('the codemod guards it, once', () => {
  const [guarded] = guardProject(join(service, 'tsconfig.json'), true);
  expect(readFileSync(file, 'utf8')).toBe(guarded);
  expect(guarded).toContain("from '@holdfast/runtime'");
  expect(guardProject(join(service, 'tsconfig.json'), true)).toEqual([]);
  expect(findingsOf(file)).toEqual([]);
});
