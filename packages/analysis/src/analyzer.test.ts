import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { createAnalyzer, type AnalyzerOptions, type Finding, type OutboundCall } from './index.js';

function source(text: string, name = '/app/service.ts'): ts.SourceFile {
  return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
}

function rethrow(error: unknown): never {
  throw error;
}

function findings(text: string, options: Partial<AnalyzerOptions> = {}): readonly Finding[] {
  return createAnalyzer({ ts, onError: rethrow, ...options }).analyze(source(text));
}

function calls(text: string): readonly OutboundCall[] {
  return createAnalyzer({ ts, onError: rethrow }).outboundCalls(source(text));
}

/** A program over one file, without libraries: names resolve, globals do not. */
function programOf(text: string): { program: ts.Program; file: string } {
  const file = '/app/service.ts';
  const host = ts.createCompilerHost({});
  const program = ts.createProgram(
    [file],
    { noLib: true, types: [] },
    {
      ...host,
      fileExists: (name) => name === file,
      readFile: (name) => (name === file ? text : undefined),
      getSourceFile: (name) => (name === file ? source(text) : undefined),
    },
  );
  return { program, file };
}

/** The program, with a checker that notes what it is asked. */
function spied(program: ts.Program, asked: string[]): ts.Program {
  const checker = new Proxy(program.getTypeChecker(), {
    get(target, key: keyof ts.TypeChecker) {
      asked.push(key);
      return target[key];
    },
  });
  return { ...program, getTypeChecker: () => checker };
}

describe('createAnalyzer', () => {
  it('says where a finding is and what it rests on, as plain data', () => {
    const text =
      'async function charge() { return fetch("https://a.internal"); }\nexport const submit = () => charge();\n';
    const [finding] = findings(text);
    expect(finding).toMatchObject({
      ruleId: 'no-unguarded-outbound-call',
      messageId: 'unguardedPath',
      data: { call: 'fetch', way: 'submit → charge → fetch' },
      file: '/app/service.ts',
      start: 33,
      end: 38,
      line: 1,
      column: 34,
      endColumn: 39,
      confidence: 'syntactic',
    });
    expect(finding?.path.map(({ text }) => text)).toEqual(['submit', 'charge', 'fetch']);
    expect(JSON.parse(JSON.stringify(finding))).toEqual(finding);
  });

  it('shows what rests on something out of sight under strict only', () => {
    const text = 'export const send = (url: string, init: RequestInit) => fetch(url, init);';
    expect(findings(text)).toEqual([]);
    expect(findings(text, { preset: 'strict' })).toMatchObject([{ confidence: 'likely' }]);
  });

  it('takes the signal of the running attempt for no timeout of its own', () => {
    const text = `
      import { currentSignal } from '@holdfast/runtime/context';
      export const send = () => fetch('https://a.internal', { signal: currentSignal() });`;
    expect(findings(text)).toEqual([]);
    expect(findings(text, { preset: 'strict' })).toHaveLength(1);
  });

  it('keeps an ignore in use when only strict shows what it silences', () => {
    const text = `
      // holdfast-ignore no-unguarded-outbound-call: callers pass a signal
      export const send = (url: string, init: RequestInit) => fetch(url, init);`;
    expect(findings(text)).toEqual([]);
    expect(findings(text, { preset: 'strict' })).toEqual([]);
  });

  it('reads what a call does from its method', () => {
    const text = `
      import axios from 'axios';
      const method = Math.random() ? 'GET' : 'POST';
      fetch(a); fetch(b, { method: 'post' }); fetch(c, { method }); fetch(d, { method: 'DELETE' });
      axios.get(e); axios({ method: 'patch' }); axios(f); axios.request(g); axios.putForm(h);`;
    expect(calls(text).map(({ operation }) => operation.method ?? operation.effect)).toEqual([
      'GET',
      'POST',
      'unknown',
      'DELETE',
      'GET',
      'PATCH',
      'GET',
      'unknown',
      'PUT',
    ]);
  });

  it('reports guarded calls with their guard to those who ask for all calls', () => {
    const [call] = calls(`import { withTimeout } from '@holdfast/runtime'; withTimeout(() => fetch('/a'), 5);`);
    expect(call).toMatchObject({
      guard: { policy: 'withTimeout' },
      path: [],
      options: { signal: { state: 'absent' } },
    });
  });

  it('leaves declarations, packages and tests alone', () => {
    const analyzer = createAnalyzer({ ts, onError: rethrow });
    const names = ['/a/b.d.ts', '/a/node_modules/b/c.ts', '/a/b.test.ts', '/a/b.spec.tsx', '/a/__mocks__/b.ts'];
    for (const name of names) expect(analyzer.analyze(source('fetch("/a");', name))).toEqual([]);
    expect(analyzer.analyze(source('fetch("/a");', '/a/contest.ts'))).toHaveLength(1);
    expect(analyzer.analyze('/a/not-in-the-program.ts')).toEqual([]);
  });

  it('is certain with a program, even one that has no libraries', () => {
    const { program, file } = programOf('export const load = () => fetch("/a");');
    const analyzer = createAnalyzer({ ts, program, onError: rethrow });
    expect(analyzer.analyze(file)).toMatchObject([{ confidence: 'certain' }]);
  });

  it.each([
    [
      'has no imports',
      'export const get = (api: { get(): void }) => api.get();\nclass A { query() {} }\nnew A().query();',
    ],
    [
      'has look-alikes of its own',
      `const fetch = (url: string) => url;
class Pool { query(text: string) { return text; } connect() { return this; } }
const axios = { get: (url: string) => fetch(url), create: () => axios };
export const load = async () => [fetch('/a'), axios.create().get('/b'), await new Pool().connect().query('select 1')];`,
    ],
    [
      'names packages in types and texts only',
      'type A = { axios: "axios" };\nexport const a = (x: A) => `axios ${x.axios}`.trim();',
    ],
  ])('asks the checker nothing about a file that %s', (_, text) => {
    const { program, file } = programOf(text);
    const asked: string[] = [];
    expect(
      createAnalyzer({ ts, program: spied(program, asked), preset: 'strict', onError: rethrow }).analyze(file),
    ).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('asks the checker once where an import leads that is no package of the catalogue', () => {
    const text = `import { get } from 'some-tools';
export { put } from 'some-tools';
export const load = async () => [await get('/a'), await get('/b')];`;
    const { program, file } = programOf(text);
    const asked: string[] = [];
    createAnalyzer({ ts, program: spied(program, asked), preset: 'strict', onError: rethrow }).analyze(file);
    expect(asked).toEqual(['getSymbolAtLocation']);
  });

  it('asks the checker nothing about the rows of a query, nor about a query within one', () => {
    const text = `import knex from 'knex';
const db = knex({ client: 'pg' });
export const load = async () => {
  const rows = await db.from('users').select('*');
  for (const row of rows) row.tags.get('first');
  const [first] = rows;
  return [rows[0].get('name'), first.get('name'), rows.map((row) => row.get('name'))];
};
export const names = () => db.from('users').then((rows) => rows[0].get('name'));
export const found = async () =>
  await db.from('users').where((query) => query.where('id', 1).orWhere('id', 2)).whereIn('id', (query) => query.select('id'));
export const all = (ids: string[]) => Promise.all(ids.map((id) => found()));`;
    const { program, file } = programOf(text);
    const asked: string[] = [];
    createAnalyzer({ ts, program: spied(program, asked), onError: rethrow }).analyze(file);
    expect(asked).toEqual([]);
  });

  it('asks the checker about a call that only types tell of', () => {
    const { program, file } = programOf(
      'import type { AxiosInstance } from "axios";\nexport const load = (all: Map<string, AxiosInstance>) => all.get("a").get("/");',
    );
    const asked: string[] = [];
    createAnalyzer({ ts, program: spied(program, asked), onError: rethrow }).analyze(file);
    expect(asked).not.toEqual([]);
  });

  it('tells of its own faults instead of throwing', () => {
    const { program, file } = programOf('export const load = () => fetch("/a");');
    const broken: ts.Program = {
      ...program,
      getTypeChecker() {
        throw new Error('broken checker');
      },
    };
    const errors: unknown[] = [];
    const analyzer = createAnalyzer({ ts, program: broken, onError: (error, file) => errors.push([error, file]) });
    expect(analyzer.analyze(file)).toEqual([]);
    expect(errors).toEqual([[new Error('broken checker'), file]]);
  });

  it.each([
    ['an empty file', ''],
    ['a name', 'fetch'],
    ['a call without an end', 'fetch('],
    ['a spread without an end', 'fetch(...'],
    ['a decorator without an end', 'class { @Timeout( async () { fetch('],
    ['patterns in patterns', 'const { [fetch]: { fetch: [fetch] = fetch } } = fetch; fetch(fetch)'],
    ['an import from nowhere', 'import axios from; axios.get()'],
    [
      'inherited names',
      'import { constructor, __proto__ as p, toString } from "axios"; constructor(); p(); toString(); p.get()',
    ],
    [
      'odd calls',
      'const axios = require(); axios.get(); require("axios")(); (0, fetch)("/a"); fetch?.("/a"); new fetch("/a")',
    ],
    ['names in a circle', 'let a = b; let b = a; a(); b.get(); a.create().get()'],
    ['types in a circle', 'type A = B; type B = A; const x: A = y; x.get(); function f(x: typeof x) { x.get(); }'],
    ['functions in a circle', 'function f() { f(); fetch("/a"); g(); } function g() { f(); }'],
    ['a byte order mark', '\uFEFF#!/usr/bin/env node\nfetch("/a")'],
    ['a very long chain', `export const x = fetch("/a")${'.then((r) => r)'.repeat(500)};`],
  ])('judges without a fault: %s', (_, text) => {
    expect(() => findings(text, { preset: 'strict' })).not.toThrow();
    const { program, file } = programOf(text);
    expect(() => createAnalyzer({ ts, program, onError: rethrow, preset: 'strict' }).analyze(file)).not.toThrow();
  });
});
