import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, createConfigLoader, createConfiguredAnalyzer } from '@holdfast/analysis/config';
import ts from 'typescript';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../.tsbuild/docs/configuration/', import.meta.url));
const page = readFileSync(new URL('../configuration.md', import.meta.url), 'utf8');
const service = `import { Client } from '@acme/billing';
import { Pool } from 'pg';
const billing = new Client({ timeout: 2_000 });
const unlimited = new Client();
const pool = new Pool();
export const all = async () => pool.query('select 1');
export const search = async () => billing.search('a');
export const charge = async () => unlimited.charge(1);
`;
const configs = createConfigLoader({ ts, maxAge: 0 });

beforeEach(() => {
  mkdirSync(folder, { recursive: true });
  write('.git', '');
});
afterEach(() => rmSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

function analyzer() {
  const file = ts.createSourceFile(join(folder, 'service.ts'), service, ts.ScriptTarget.Latest, true);
  const made = createConfiguredAnalyzer({ ts }, configs);
  return { findings: made.analyze(file), calls: made.outboundCalls(file) };
}

/** The JSON that the page shows under a file name. */
function shown(name: string): string {
  const text = new RegExp(`\\\`${name.replaceAll('.', '\\.')}\\\`[^\`]*\`\`\`json\\n([^\`]*)\`\`\``).exec(page)?.[1];
  if (text === undefined) throw new Error(`the page shows no ${name}`);
  return text;
}

it('the configuration of the page describes a client and silences what is limited elsewhere', () => {
  expect(analyzer().findings).toMatchObject([{ line: 5 }]);
  copyFileSync(new URL('./configuration.ts', import.meta.url), join(folder, 'holdfast.config.ts'));
  const { findings, calls } = analyzer();
  expect(findings).toMatchObject([{ line: 4, ruleId: 'no-unguarded-outbound-call' }]);
  expect(calls.map(({ operation }) => operation.effect)).toEqual(['read', 'read', 'write']);
});

it('the rows that a package brings are read as the page shows them', () => {
  write('package.json', '{ "dependencies": { "@acme/billing": "^3.0.0" } }');
  write('node_modules/@acme/billing/package.json', shown('package.json'));
  write('node_modules/@acme/billing/holdfast.catalogue.json', shown('holdfast.catalogue.json'));
  expect(analyzer().findings.map(({ line }) => line)).toEqual([4, 5]);
});

it('a mistake reads as the page shows it', () => {
  write('holdfast.config.json', shown('holdfast.config.json'));
  let message = '';
  try {
    configs.configFor(join(folder, 'a.ts'));
  } catch (error) {
    if (error instanceof ConfigError) message = error.message;
  }
  expect(page.replaceAll(/\s+/g, ' ')).toContain(message.slice(folder.length).replaceAll(/\s+/g, ' '));
});
