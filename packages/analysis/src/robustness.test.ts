import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { checks, createAnalyzer, type AnalyzerOptions, type Finding } from './index.js';

/** Files of a project by path below `/app/`. */
type Project = Readonly<Record<string, string>>;

const options: ts.CompilerOptions = {
  noLib: true,
  types: [],
  allowJs: true,
  target: ts.ScriptTarget.Latest,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  jsx: ts.JsxEmit.Preserve,
};

function rethrow(error: unknown): never {
  throw error;
}

function parse(text: string, name = '/app/service.ts'): ts.SourceFile {
  return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
}

/** A program over files in memory. Without libraries it is made in no time, and the checker has every reason to fail. */
function programOf(project: Project): ts.Program {
  const files = new Map(Object.entries(project).map(([name, text]) => [`/app/${name}`, parse(text, `/app/${name}`)]));
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    fileExists: (name) => files.has(name),
    directoryExists: () => true,
    readFile: (name) => files.get(name)?.text,
    getSourceFile: (name) => files.get(name),
    getCurrentDirectory: () => '/app',
  };
  return ts.createProgram([...files.keys()], options, host);
}

function typed(project: Project, given: Partial<AnalyzerOptions> = {}): Record<string, readonly Finding[]> {
  const program = programOf(project);
  const analyzer = createAnalyzer({ ts, program, preset: 'strict', onError: rethrow, ...given });
  return Object.fromEntries(Object.keys(project).map((name) => [name, analyzer.analyze(`/app/${name}`)]));
}

function untyped(text: string, name?: string): readonly Finding[] {
  return createAnalyzer({ ts, preset: 'strict', onError: rethrow }).analyze(parse(text, name));
}

const unguarded = 'no-unguarded-outbound-call';
const linesOf = (findings: readonly Finding[] = [], rule = unguarded): number[] =>
  findings.filter(({ ruleId }) => ruleId === rule).map(({ line }) => line);

describe('half-typed code', () => {
  const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
  /** The longest file that each rule finds something in, as long as that takes no time. */
  const examples = checks.map(({ id }) => {
    const folder = `${fixtures}${id}/invalid/`;
    const texts = readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(`${folder}${name}`, 'utf8'));
    const short = texts.filter(({ length }) => length < 2_000).sort((a, b) => b.length - a.length);
    return [id, short.find((text) => untyped(text).some(({ ruleId }) => ruleId === id))!] as const;
  });

  it.each(examples)('of %s is judged without a fault, with types and without', (_, text) => {
    for (let end = 0; end < text.length; end += 41) {
      const cut = text.slice(0, end);
      expect(() => untyped(cut), cut).not.toThrow();
      expect(() => typed({ 'service.ts': cut }), cut).not.toThrow();
      // And what follows the place where somebody types.
      const hole = text.slice(0, end) + text.slice(end + 23);
      expect(() => untyped(hole), hole).not.toThrow();
    }
  });

  it('still shows what stands before it', () => {
    const text = `import axios from 'axios';
export const load = () => axios.get('/');
export class Half { constructor(private readonly x: { save(`;
    expect(linesOf(untyped(text))).toEqual([2]);
    expect(linesOf(typed({ 'service.ts': text })['service.ts'])).toEqual([2]);
  });
});

describe('a project that does not compile', () => {
  it('is judged by its imports where packages are missing', () => {
    const text = `import axios from 'axios';
import { Pool } from 'pg';
import { Gone } from './gone.js';
import { client } from '@acme/gone';
const pool = new Pool();
export const a = () => axios.get('/');
export const b = () => pool.query('select 1');
export const c = () => new Gone().load();
export const d = () => client.load();
`;
    expect(linesOf(typed({ 'service.ts': text })['service.ts'])).toEqual(linesOf(untyped(text)));
    expect(linesOf(untyped(text))).toContain(6);
  });

  it('is judged where everything is any', () => {
    const text = `declare const api: any;
declare function load(...args: any[]): any;
export async function a(x: any, y: any = x): Promise<any> {
  await api.get('/'); await x.y.z(); await load(x)(y)[x](); for (const z of y as any) await z.post(x);
  return fetch(x as any, ...(y as any));
}
export const b = (x: any) => new x(x.fetch(x), (x as any).axios.get());
`;
    expect(linesOf(typed({ 'service.ts': text })['service.ts'])).toEqual([5]);
    expect(linesOf(untyped(text))).toEqual([5]);
  });

  it.each([
    ['a type that refers to itself', 'type A = A; declare const a: A; export const f = () => a.get();'],
    ['a class that extends itself', 'class A extends A { get() { return super.get(); } } new A().get();'],
    ['an interface that extends itself', 'interface A extends A { get(): void } declare const a: A; a.get();'],
    [
      'conditional types without end',
      'type A<T> = T extends infer U ? A<[U]> : never; declare const a: A<1>; a.get();',
    ],
    ['duplicate declarations', 'const f = fetch; function f() {} class f {} f("/a"); export { f, f };'],
    ['a module that is itself', 'import * as me from "./service"; export * from "./service"; me.me.me.get();'],
    [
      'merged things',
      'class A {} namespace A { export const get = fetch } interface A { get: typeof fetch } A.get("/");',
    ],
    ['no name anywhere', 'export default class { constructor(private readonly x = fetch("/")) {} } function () {}'],
    ['decorators where none can be', '@Retry() function f() { @Timeout(5) const x = fetch("/"); } @Cached() export {}'],
  ])('is judged without a fault: %s', (_, text) => {
    expect(() => untyped(text)).not.toThrow();
    expect(() => typed({ 'service.ts': text })).not.toThrow();
  });
});

describe('circles', () => {
  it('of imports and calls end, and what is in them is found', () => {
    const found = typed({
      'a.ts': `import { b } from './b.js';\nexport async function a(n: number) { await fetch('/a'); return b(n); }\n`,
      'b.ts': `import { c } from './c.js';\nexport async function b(n: number) { return c(n); }\n`,
      'c.ts': `import { a } from './a.js';\nexport async function c(n: number): Promise<unknown> { return n > 0 ? a(n - 1) : 0; }\n`,
    });
    // Nobody outside calls them: nothing guards the call either.
    expect(linesOf(found['a.ts'])).toEqual([2]);
  });

  it('of guarded calls stay guarded', () => {
    const found = typed({
      'a.ts': `import { b } from './b.js';\nexport async function a(n: number) { await fetch('/a'); return b(n); }\n`,
      'b.ts': `import { a } from './a.js';\nexport async function b(n: number): Promise<unknown> { return n > 0 ? a(n - 1) : 0; }\n`,
      'main.ts': `import { withTimeout } from '@holdfast/runtime';\nimport { a } from './a.js';\nexport const main = () => withTimeout(() => a(3), 1_000);\n`,
    });
    expect(linesOf(found['a.ts'])).toEqual([]);
  });

  it('of re-exports end', () => {
    const found = typed({
      'a.ts': `export * from './b.js';\nexport * from './c.js';\nexport { load as again } from './c.js';\n`,
      'b.ts': `export * from './c.js';\nexport * from './a.js';\n`,
      'c.ts': `export * from './a.js';\nexport * from './b.js';\nexport { again } from './a.js';\nexport const load = () => fetch('/a');\n`,
      'main.ts': `import { load, again, gone } from './a.js';\nimport * as all from './b.js';\nload(); again(); gone(); all.load(); all.all.load();\n`,
    });
    expect(linesOf(found['c.ts'])).toEqual([4]);
  });

  it('of functions, methods and values end', () => {
    const text = `
import { retry, pipeline } from '@holdfast/runtime';
export const even = (n) => (n === 0 ? fetch('/even') : odd(n - 1));
export const odd = (n) => (n === 0 ? fetch('/odd') : even(n - 1));
class A { b = new B(this); run() { return this.b.run(); } }
class B { constructor(readonly a: A) {} run() { return this.a.run(); } again = () => this.again(); }
const p = pipeline(q, retry(3)); const q = pipeline(p, p);
p.execute(() => q.execute(() => new A().run()));
function self(f) { return f(self)(() => self(f)); } self(self);
const options = { ...options, signal: options.signal }; fetch('/a', options);
let url = url ?? url; fetch(url);
function* all() { yield* all(); } for (const x of all()) for await (const y of x) fetch(y);
`;
    expect(linesOf(untyped(text)).length).toBeGreaterThan(2);
    expect(linesOf(typed({ 'service.ts': text })['service.ts']).length).toBeGreaterThan(2);
  });
});

describe('code without end', () => {
  it('is judged to its end: 20,000 lines', { timeout: 120_000 }, () => {
    const service = (at: number): string => `
export class Service${String(at)} {
  constructor(private readonly other: Service${String(at + 1)}) {}
  async load(id: string) {
    const url = 'https://a.internal/' + id;
    if (id === '') return undefined;
    return this.parse(await this.send(url));
  }
  private async send(url: string) { return fetch(url); }
  private parse(response: unknown) {
${'    if (!response) return undefined;\n'.repeat(14)}    return response;
  }
  related(id: string) { return this.other.load(id); }
}
`;
    const count = 800;
    const text = Array.from({ length: count }, (_, at) => service(at)).join('');
    expect(text.split('\n').length).toBeGreaterThan(20_000);
    expect(linesOf(untyped(text))).toHaveLength(count);
    expect(linesOf(typed({ 'service.ts': text })['service.ts'])).toHaveLength(count);
  });

  it.each([
    ['functions', `const f = ${'() => '.repeat(400)}fetch("/a");`],
    ['brackets', `f(${'('.repeat(400)}fetch("/a")${')'.repeat(400)});`],
    ['lists', `f(${'['.repeat(400)}fetch("/a")${']'.repeat(400)});`],
    ['blocks', `${'{'.repeat(400)}fetch("/a");${'}'.repeat(400)}`],
    ['calls', `${'f('.repeat(400)}fetch("/a")${')'.repeat(400)};`],
    ['conditions', `${'if (a) b(); else '.repeat(400)}fetch("/a");`],
    ['retries', `${'pRetry(() => '.repeat(60)}fetch("/b")${')'.repeat(60)}; fetch("/a");`],
    ['a sum', `const sum = ${'1 + '.repeat(5_000)}1; fetch("/a");`],
    [
      'a chain of classes',
      `${chain(500, (at) => `class A${at + 1} extends A${at} {}`)} new A500().get(); fetch("/a");`,
    ],
    ['a chain of names', `const a0 = fetch; ${chain(500, (at) => `const a${at + 1} = a${at};`)} fetch("/a");`],
    ['a chain of functions', `${chain(500, (at) => `function f${at + 1}() { return f${at}(); }`)} fetch("/a");`],
  ])('is judged however deep it is nested: %s', (_, code) => {
    const text = `import pRetry from 'p-retry';\n${code}`;
    expect(linesOf(untyped(text)).length).toBeGreaterThan(0);
    expect(linesOf(typed({ 'service.ts': text })['service.ts']).length).toBeGreaterThan(0);
  });
});

function chain(length: number, make: (at: number) => string): string {
  return Array.from({ length }, (_, at) => make(at)).join('\n');
}

describe('callers that are too far to see', () => {
  /** `f0` fetches; each function is called by the next. */
  const functions = (length: number): string =>
    `async function f0() { return fetch('/a'); }\n${chain(length, (at) => `async function f${at + 1}() { return f${at}(); }`)}\n`;
  const guard = (length: number): string =>
    `import { withTimeout } from '@holdfast/runtime';\n${functions(length)}export const main = () => withTimeout(() => f${String(length)}(), 1_000);\n`;

  it('guard a call through a dozen of functions', () => {
    expect(linesOf(untyped(guard(12)))).toEqual([]);
    expect(untyped(functions(12) + 'f12();')).toMatchObject([{ confidence: 'syntactic' }]);
  });

  it('may be guards: only strict reports then', () => {
    expect(untyped(guard(40))).toMatchObject([{ ruleId: unguarded, confidence: 'likely' }]);
    expect(untyped(functions(40) + 'f40();')).toMatchObject([{ ruleId: unguarded, confidence: 'likely' }]);
  });
});

describe('code that is too much to follow', () => {
  /** Each of many calls is reached by each of many guarded callers. */
  const text = `import { withTimeout } from '@holdfast/runtime';
${chain(200, (at) => `const leaf${at} = () => fetch('/a');`)}
function hub() { return [${chain(200, (at) => `leaf${at}(),`)}]; }
${chain(200, (at) => `const step${at} = () => hub();\nexport const main${at} = () => withTimeout(() => step${at}(), 5);`)}
export const plain = () => fetch('/b');
`;

  it('is judged by what is near each call, and says so once', () => {
    const exhausted: string[] = [];
    const analyzer = createAnalyzer({ ts, onError: rethrow, onExhausted: (file) => exhausted.push(file) });
    const findings = analyzer.analyze(parse(text), unguarded);
    expect(exhausted).toEqual(['/app/service.ts']);
    // What is out of sight creates no report, what is in sight does.
    expect(linesOf(findings)).toEqual([text.split('\n').length - 1]);
    expect(analyzer.analyze(parse('fetch("/a");', '/app/next.ts'), unguarded)).toHaveLength(1);
    expect(exhausted).toHaveLength(1);
  });
});
