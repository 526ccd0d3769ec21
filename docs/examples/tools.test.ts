import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingsOf } from './analysis.js';
import { region } from '../examples.mjs';
import { guardProject } from './codemods.js';
import { legacy } from './eslint-plugin-untyped.js';

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

it('ESLint reports it without types', async () => {
  const overrideConfigFile = fileURLToPath(new URL('./eslint-plugin-untyped.js', import.meta.url));
  const eslint = new ESLint({ cwd: service, overrideConfigFile });
  const [result] = await eslint.lintFiles(['shipping.ts']);
  expect(result!.messages).toMatchObject([{ ruleId: '@holdfast/no-unguarded-outbound-call', line: 2 }]);
});

it('ESLint takes the options that the page shows', async () => {
  const overrideConfig = [...legacy, { files: ['**/*.js'] }];
  const eslint = new ESLint({ cwd: service, overrideConfigFile: true, overrideConfig });
  const code = 'export const load = (url, init) => fetch(url, init);\n';
  const [result] = await eslint.lintText(code, { filePath: join(service, 'src/legacy/load.js') });
  expect(result!.messages).toMatchObject([{ ruleId: '@holdfast/no-unguarded-outbound-call', severity: 1 }]);
});

it('the codemod guards it, once', () => {
  const [guarded] = guardProject(join(service, 'tsconfig.json'), true);
  expect(readFileSync(file, 'utf8')).toBe(guarded);
  expect(guarded).toContain("from '@holdfast/runtime'");
  expect(guardProject(join(service, 'tsconfig.json'), true)).toEqual([]);
  // What the guard cannot know: which answers of the other side are failures.
  expect(findingsOf(file)).toEqual([expect.stringContaining('no-unchecked-response')]);
});

it('the codemod, and a formatter after it, do what the page shows', async () => {
  const folder = join(service, 'shown');
  mkdirSync(folder);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../tsconfig.json', include: ['*.ts'] }));
  writeFileSync(join(folder, 'payments.ts'), `${region('codemod-before.ts', 'all')}\n`);
  const [guarded] = guardProject(join(folder, 'tsconfig.json'), false);
  const config = await resolveConfig(fileURLToPath(import.meta.url));
  expect(await format(guarded!, { ...config, parser: 'typescript' })).toBe(`${region('codemod-after.ts', 'all')}\n`);
});
