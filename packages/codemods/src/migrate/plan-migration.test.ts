import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project as MorphProject, ts } from 'ts-morph';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  analyzeFile,
  editedText,
  migrationSources,
  planMigration,
  projectOf,
  verify,
  type MigrationSource,
  type Project,
  type Verdict,
} from '../index.js';

const folder = fileURLToPath(new URL('../../fixtures/migrate', import.meta.url));
const foldersIn = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** Every fixture in every shape: what holds for spaces and LF holds for the others. */
const shapes: Record<string, (text: string) => string> = {
  'LF and spaces': (text) => text,
  CRLF: (text) => text.replaceAll('\n', '\r\n'),
  tabs: (text) => text.replace(/^(?: {2})+/gm, (indent) => '\t'.repeat(indent.length / 2)),
  'a byte order mark': (text) => `\uFEFF${text}`,
};

function load(source: MigrationSource, textOf: (name: string) => string): Project {
  const project = new MorphProject({
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
      module: ts.ModuleKind.NodeNext,
      moduleDetection: ts.ModuleDetectionKind.Force,
      types: ['node'],
      typeRoots: [fileURLToPath(new URL('../../../../node_modules/@types', import.meta.url))],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    },
  });
  for (const name of foldersIn(join(folder, source))) project.createSourceFile(fileOf(source, name), textOf(name));
  return projectOf(project.getProgram().compilerObject);
}

/** Where the libraries and the runtime resolve. Nothing is written there. */
function fileOf(source: MigrationSource, name: string): string {
  return join(folder, source, name, 'index.mts');
}

function marks(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const code = /\/\/ skip: ([\w-]+)/.exec(line)?.[1];
    return code === undefined ? [] : [`${String(index + 1)} ${code}`];
  });
}

it('has fixtures for every source', () => {
  expect(foldersIn(folder)).toEqual([...migrationSources].sort());
});

describe.each(migrationSources)('planMigration from %s', (source) => {
  const cases = foldersIn(join(folder, source));
  const read = (name: string, file: string): string => readFileSync(join(folder, source, name, file), 'utf8');

  describe.each(Object.keys(shapes))('in %s', (shape) => {
    const change = shapes[shape]!;
    const verdicts = new Map<string, Verdict>();
    let again: Project;

    beforeAll(() => {
      const project = load(source, (name) => change(read(name, 'before.ts')));
      const plans = cases.map((name) => planMigration(analyzeFile(project, fileOf(source, name)), source));
      verify(project.program, plans).forEach((verdict, index) => verdicts.set(cases[index]!, verdict));
      again = load(source, (name) => editedText(verdicts.get(name)!.plan));
    });

    it.each(cases)('rewrites %s as its fixture shows', async (name) => {
      const { plan } = verdicts.get(name)!;
      const text = editedText(plan);
      // The plain shape is the master: `vitest -u` writes it anew.
      if (shape === 'LF and spaces') await expect(text).toMatchFileSnapshot(join(folder, source, name, 'after.ts'));
      expect(text).toBe(change(read(name, 'after.ts')).replace(/^\uFEFF/, ''));
      expect(plan.skips.map(({ call, reason }) => `${String(call.line)} ${reason}`)).toEqual(
        marks(read(name, 'before.ts')),
      );
    });

    it.each(cases)('keeps %s type-correct', (name) => {
      expect(verdicts.get(name)!.newErrors).toEqual([]);
    });

    it.each(cases)('finds nothing more to do in %s', (name) => {
      const second = planMigration(analyzeFile(again, fileOf(source, name)), source);
      expect(second.edits).toEqual([]);
      expect(second.skips.map(({ reason }) => reason)).toEqual(
        verdicts.get(name)!.plan.skips.map(({ reason }) => reason),
      );
    });
  });

  it('changes only the calls that are wanted', () => {
    const project = load(source, (name) => read(name, 'before.ts'));
    const file = analyzeFile(project, fileOf(source, 'behaviour'));
    const [first, ...others] = planMigration(file, source).changes;
    const plan = planMigration(file, source, { wants: ({ start }) => start === first!.call.start });
    expect(plan.changes).toEqual([first]);
    expect(plan.skips.map(({ reason }) => reason)).toEqual(others.map(() => 'declined'));
    expect(verify(project.program, [plan])[0]!.newErrors).toEqual([]);
  });
});

describe('what cannot be seen in the file', () => {
  const texts: Partial<Record<MigrationSource, string>> = {
    'axios-retry':
      "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nconst client = axios.create();\naxiosRetry(client);\nexport const call = () => client.get('https://users.example');\n",
    opossum:
      "import Breaker from 'opossum';\nconst breaker = new Breaker(async () => 1, { errorThresholdPercentage: 0 });\nexport const call = () => breaker.fire();\n",
    'p-retry':
      "import pRetry from 'p-retry';\nexport const call = () => pRetry(() => fetch('https://users.example'));\n",
  };

  function reasons(source: MigrationSource, others: Readonly<Record<string, string>> = {}, at = join(folder, source)) {
    const project = new MorphProject({ compilerOptions: { module: ts.ModuleKind.NodeNext, types: [] } });
    const file = join(at, 'calls.mts');
    project.createSourceFile(file, texts[source]!);
    for (const [name, other] of Object.entries(others)) project.createSourceFile(join(at, name), other);
    const plan = planMigration(analyzeFile(projectOf(project.getProgram().compilerObject), file), source);
    return plan.edits.length > 0 ? ['migrated'] : plan.skips.map(({ reason }) => reason);
  }

  it('is an AbortError of another file, which may end the retries from inside', () => {
    expect(reasons('p-retry')).toEqual(['migrated']);
    expect(
      reasons('p-retry', { 'other.mts': "import { AbortError } from 'p-retry';\nthrow new AbortError('x');\n" }),
    ).toEqual(['abort-error']);
  });

  it('is what another file does to all clients of axios, or knows of a single request', () => {
    const harmless = "import axios from 'axios';\naxios.defaults.baseURL = 'https://users.example';\n";
    expect(reasons('axios-retry', { 'other.mts': harmless })).toEqual(['migrated']);
    for (const other of [
      "import axios from 'axios';\naxios.defaults.timeout = 1000;\n",
      "export const tries = (error) => error.config['axios-retry'].retryCount;\n",
      "export const once = { 'axios-retry': { retries: 0 } };\n",
      "import { namespace } from 'axios-retry';\nexport const once = { [namespace]: { retries: 0 } };\n",
    ]) {
      expect(reasons('axios-retry', { 'other.mts': other })).toEqual(['other-use']);
    }
  });

  it('is who reads the errors of a breaker', () => {
    expect(reasons('opossum')).toEqual(['migrated']);
    for (const other of [
      "export const isOpen = (error) => error.code === 'EOPENBREAKER';\n",
      "export const isLate = (error) => error.message.startsWith('Timed out after');\n",
      "import Breaker from 'opossum';\nexport const isOurs = (error) => Breaker.isOurError(error);\n",
    ]) {
      expect(reasons('opossum', { 'other.mts': other })).toEqual(['breaker-error']);
    }
  });

  it('is the version of a library that is not installed', () => {
    for (const source of Object.keys(texts) as MigrationSource[]) {
      expect(reasons(source, {}, '/nowhere')).toEqual(['version']);
    }
  });
});
