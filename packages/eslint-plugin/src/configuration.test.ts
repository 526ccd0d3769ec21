import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint, type Linter } from 'eslint';
import * as parser from '@typescript-eslint/parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import holdfast from './index.js';

const scratch = fileURLToPath(new URL('../../../.tsbuild/eslint-configuration/', import.meta.url));
const service = `import { Client } from '@acme/billing';
import { Pool } from 'pg';
const client = new Client();
const pool = new Pool();
export const charge = async () => client.charge(1);
export const all = async () => pool.query('select 1');
`;
const billing = { module: '@acme/billing', types: { Client: { members: { charge: { effect: 'write' } } } } };
const pg = { module: 'pg', timeout: true, because: 'statement_timeout in the connection string' };

let folder: string;

beforeEach(() => {
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(scratch);
  write('.git', '');
  write('service.ts', service);
  write('tsconfig.json', '{ "compilerOptions": { "types": [] } }');
});
afterEach(() => rmSync(scratch, { recursive: true }));

function write(name: string, text: string | object): void {
  writeFileSync(join(folder, name), typeof text === 'string' ? text : JSON.stringify(text));
}

/** The lines that the rule reports, with types and without. */
async function linesOf(isTyped: boolean): Promise<number[]> {
  const parserOptions = isTyped ? { projectService: true, tsconfigRootDir: folder } : {};
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [
      holdfast.configs.recommended as Linter.Config,
      { files: ['**/*.ts'], languageOptions: { parser, parserOptions } },
    ],
  });
  const [result] = await eslint.lintFiles(['service.ts']);
  return result!.messages
    .filter(({ ruleId }) => ruleId === '@holdfast/no-unguarded-outbound-call')
    .map(({ line }) => line);
}

describe.each([true, false])('ESLint with holdfast.config (types: %s)', (isTyped) => {
  it('knows the catalogue alone where there is none', async () => {
    expect(await linesOf(isTyped)).toEqual([4]);
  });

  it('reports by the rows and assumptions of the project', async () => {
    write('holdfast.config.json', { catalogue: [billing], assume: [pg] });
    expect(await linesOf(isTyped)).toEqual([5]);
  });

  it('ends a run with what is wrong in the configuration', async () => {
    write('holdfast.config.json', { assume: [{ ...pg, timeout: 5 }] });
    await expect(linesOf(isTyped)).rejects.toThrow(
      /holdfast\.config\.json: assume\[0\] \(pg\), timeout: 5 is not true/,
    );
  });
});
