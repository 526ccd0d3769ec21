import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checks, type Finding, type Preset } from '@holdfast/analysis';
import holdfast from '@holdfast/eslint-plugin';
import { ESLint, type Linter } from 'eslint';
import picocolors from 'picocolors';
import tseslint from 'typescript-eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type Server } from '../../typescript-plugin/testing/tsserver.js';
import { run } from './run.js';

const root = fileURLToPath(new URL('../../analysis/fixtures', import.meta.url));

/** One finding, in the words that every surface has. */
type Seen = `${string}:${number}:${number}-${number}:${number} ${string} ${string}`;

function seen(
  file: string,
  at: { line: number; column: number; endLine: number; endColumn: number },
  rule: string,
  message: string,
): Seen {
  return `${file}:${at.line}:${at.column}-${at.endLine}:${at.endColumn} ${rule} ${message}`;
}

async function fromCommand(folder: string, preset: Preset): Promise<Seen[]> {
  let out = '';
  const terminal = {
    cwd: folder,
    colors: picocolors.createColors(false),
    out: (text: string) => void (out += text),
    notes: () => undefined,
  };
  await run(['check', '--format', 'json', '--preset', preset], terminal, '0.0.0');
  const { findings } = JSON.parse(out) as { findings: Finding[] };
  return findings.map((finding) => seen(finding.file, finding, finding.ruleId, finding.message));
}

async function fromEslint(folder: string, preset: Preset): Promise<Seen[]> {
  const typed: Linter.Config = {
    files: ['**/*.ts'],
    languageOptions: {
      parser: tseslint.parser as Linter.Parser,
      parserOptions: { projectService: true, tsconfigRootDir: folder },
    },
  };
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [holdfast.configs[preset] as Linter.Config, typed],
  });
  const results = await eslint.lintFiles(['*.ts']);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, column, endLine = 0, endColumn = 0, ruleId, message }) =>
      seen(filePath, { line, column, endLine, endColumn }, ruleId?.replace('@holdfast/', '') ?? 'fault', message),
    ),
  );
}

async function fromEditor(folder: string, server: Server): Promise<Seen[]> {
  const all: Seen[] = [];
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    const file = join(folder, name);
    for (const { start, end, text, source } of await server.diagnostics(file)) {
      if (source !== 'holdfast') continue;
      const [, message = '', rule = ''] = /^(.*) \(([\w-]+)\)$/.exec(text) ?? [];
      const at = { line: start.line, column: start.offset, endLine: end.line, endColumn: end.offset };
      all.push(seen(file, at, rule, message));
    }
  }
  return all;
}

// A program, an ESLint run and an editor each.
describe.each(checks)('the fixtures of $id', { timeout: 120_000 }, ({ id, preset }) => {
  let server: Server;
  beforeAll(() => {
    server = startServer();
  });
  afterAll(() => server.stop());

  it.each(['valid', 'invalid'])('give the same findings in ESLint, the editor and the command: %s', async (kind) => {
    const folder = join(root, id, kind);
    const command = (await fromCommand(folder, preset)).sort();
    expect((await fromEslint(folder, preset)).sort()).toEqual(command);
    expect((await fromEditor(folder, server)).sort()).toEqual(command);
    expect(command.some((finding) => finding.includes(` ${id} `))).toBe(kind === 'invalid');
  });
});
