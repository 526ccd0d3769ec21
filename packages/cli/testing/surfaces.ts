import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checks, createAnalyzer, type Finding, type Preset } from '@holdfast/analysis';
import holdfast from '@holdfast/eslint-plugin';
import { ESLint, type Linter } from 'eslint';
import picocolors from 'picocolors';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { compilers, startServer } from '../../typescript-plugin/testing/tsserver.js';
import { startClient } from '../../language-server/testing/client.js';
import { loadProgram, ownFiles } from '../src/program.js';
import { run } from '../src/run.js';

/** One finding, in the words that every surface has. */
export interface Seen {
  readonly rule: string;
  readonly code: number | undefined;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
}

/** One way to see what the analysis finds in the project of a folder. */
export interface Surface {
  readonly name: string;
  findings(folder: string, preset: Preset): Promise<readonly Seen[]>;
  stop?(): Promise<void>;
}

let loaded: { readonly folder: string; readonly program: ts.Program } | undefined;

/** What all surfaces are compared with. */
export const analysis: Surface = {
  name: 'the analysis',
  findings(folder, preset) {
    // Every preset asks for the same program.
    if (loaded?.folder !== folder) loaded = { folder, program: loadProgram(join(folder, 'tsconfig.json')) };
    const { program } = loaded;
    const onError = (error: unknown): never => {
      throw error;
    };
    const analyzer = createAnalyzer({ ts, program, preset, onError });
    return Promise.resolve(ownFiles(program).flatMap((file) => analyzer.analyze(file).map(seen)));
  },
};

export const surfaces: readonly Surface[] = [
  { name: 'the command', findings: fromCommand },
  { name: 'ESLint', findings: fromEslint },
  ...Object.entries(compilers).map(([version, compiler]) =>
    editor(`the editor with TypeScript ${version}`, () => plugin(compiler)),
  ),
  editor('the language server', languageServer),
];

function seen({ ruleId, code, file, line, column, endLine, endColumn, message }: Finding): Seen {
  return { rule: ruleId, code, file, line, column, endLine, endColumn, message };
}

async function fromCommand(folder: string, preset: Preset): Promise<readonly Seen[]> {
  let out = '';
  const terminal = {
    cwd: folder,
    colors: picocolors.createColors(false),
    out: (text: string) => void (out += text),
    notes: () => undefined,
  };
  await run(['check', '--format', 'json', '--preset', preset], terminal, '0.0.0');
  const { findings } = JSON.parse(out) as { findings: Finding[] };
  return findings.map(seen);
}

async function fromEslint(folder: string, preset: Preset): Promise<readonly Seen[]> {
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
    messages.map(({ line, column, endLine = 0, endColumn = 0, ruleId, message }) => {
      const rule = ruleId?.replace('@holdfast/', '') ?? 'fault';
      // ESLint knows rules by name alone.
      const code = checks.find(({ id }) => id === rule)?.code;
      return { rule, code, file: filePath, line, column, endLine, endColumn, message };
    }),
  );
}

/** A server as one editor has it. */
interface Connection {
  configure(preset: Preset): Promise<unknown> | void;
  findings(file: string): Promise<readonly Seen[]>;
  close(file: string): void;
  stop(): Promise<unknown>;
}

/** One server for all folders. */
function editor(name: string, connect: () => Promise<Connection>): Surface {
  let started: Promise<Connection> | undefined;
  return {
    name,
    async findings(folder, preset) {
      const server = await (started ??= connect());
      await server.configure(preset);
      const files = readdirSync(folder).flatMap((name) => (name.endsWith('.ts') ? [join(folder, name)] : []));
      const all: Seen[] = [];
      for (const file of files) all.push(...(await server.findings(file)));
      for (const file of files) server.close(file);
      return all;
    },
    async stop() {
      await (await started)?.stop();
    },
  };
}

function plugin(compiler: string): Promise<Connection> {
  const server = startServer(compiler);
  return Promise.resolve({
    ...server,
    configure: (preset) =>
      server.ask('configurePlugin', { pluginName: '@holdfast/typescript-plugin', configuration: { preset } }),
    async findings(file) {
      const own = (await server.diagnostics(file)).filter(({ source }) => source === 'holdfast');
      return own.map(({ start, end, text, code }) => {
        const at = { line: start.line, column: start.offset, endLine: end.line, endColumn: end.offset };
        return { ...inWords(text), code, file, ...at };
      });
    },
  });
}

async function languageServer(): Promise<Connection> {
  const client = await startClient({ folders: [], settings: {} });
  return {
    ...client,
    configure: (preset) => client.configure({ preset }),
    async findings(file) {
      client.open(file);
      return (await client.diagnostics(file)).map(({ range: { start, end }, message, code }) => {
        const from = { line: start.line + 1, column: start.character + 1 };
        const to = { endLine: end.line + 1, endColumn: end.character + 1 };
        return { ...inWords(String(message)), code: Number(code), file, ...from, ...to };
      });
    },
  };
}

/** Editors show the rule behind the message. */
function inWords(text: string): Pick<Seen, 'rule' | 'message'> {
  const [, message = '', rule = ''] = /^(.*) \(([\w-]+)\)$/s.exec(text) ?? [];
  return { rule, message };
}
