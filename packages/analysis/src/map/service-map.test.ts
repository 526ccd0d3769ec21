import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { createAnalyzer, serviceMap, type FunctionNode, type MapEdge, type ServiceMap } from '../index.js';

const runtime =
  "import { Bulkhead, Fallback, Guard, Hedge, Retry, Timeout, guard, retry, timeout, withTimeout } from '@holdfast/runtime';\n";

/** The map of a program of some files, without libraries. */
function mapOf(files: Readonly<Record<string, string>>): ServiceMap {
  const texts = new Map(Object.entries(files).map(([name, text]) => [`/app/${name}`, text]));
  const host = ts.createCompilerHost({});
  const program = ts.createProgram(
    [...texts.keys()],
    { noLib: true, types: [], module: ts.ModuleKind.NodeNext },
    {
      ...host,
      fileExists: (name) => texts.has(name),
      readFile: (name) => texts.get(name),
      directoryExists: () => true,
      getSourceFile: (name, target) => {
        const text = texts.get(name);
        return text === undefined ? undefined : ts.createSourceFile(name, text, target, true);
      },
    },
  );
  const onError = (error: unknown): never => {
    throw error;
  };
  const analyzer = createAnalyzer({ ts, program, onError });
  return serviceMap([analyzer.callGraph([...texts.keys()], (file) => file.slice('/app/'.length))]);
}

const service = (body: string): ServiceMap => mapOf({ 'service.ts': runtime + body });

function node({ nodes }: ServiceMap, name: string): FunctionNode {
  return nodes.find((node): node is FunctionNode => node.kind === 'function' && (node.route ?? node.name) === name)!;
}

function edge({ edges }: ServiceMap, from: string, to: string): MapEdge {
  return edges.find(
    (edge) => edge.from.endsWith(`#${from}`) && (edge.to.endsWith(`#${to}`) || edge.to.endsWith(`:${to}`)),
  )!;
}

const load = 'const load = () => fetch("https://stock.internal/items");\n';

describe('a service map', () => {
  it('goes from entry points to dependencies, with places and what is done there', () => {
    const map = mapOf({
      'stock.ts':
        'export class Stock {\n  async reserve() {\n    return fetch("https://stock.internal/items", { method: "PUT" });\n  }\n}\n',
      'orders.ts': 'import { Stock } from "./stock.js";\nexport const place = (stock: Stock) => stock.reserve();\n',
    });
    expect(map.nodes).toMatchObject([
      { id: 'orders.ts#place', isEntry: true, file: 'orders.ts', line: 2, column: 14 },
      { id: 'stock.ts#Stock.reserve', isEntry: false, line: 2 },
      { id: 'http:stock.internal', kind: 'dependency', dependencyKind: 'http', modules: ['fetch'] },
    ]);
    expect(edge(map, 'place', 'Stock.reserve')).toMatchObject({
      gap: 'certain',
      worstCase: 'unbounded',
      amplification: 1,
    });
    expect(edge(map, 'Stock.reserve', 'stock.internal').calls).toEqual([
      {
        file: 'stock.ts',
        line: 3,
        column: 12,
        text: 'fetch',
        guards: [],
        worstCase: 'unbounded',
        amplification: 1,
        gap: 'certain',
        outbound: {
          operation: 'PUT',
          effect: 'idempotent-write',
          timeout: { state: 'none' },
          attempts: 1,
        },
      },
    ]);
    expect(JSON.parse(JSON.stringify(map))).toEqual(map);
  });

  it('has the handlers of a framework as entry points, by what they are registered for', () => {
    const map = service(`${load}
      declare const app: any;
      app.get('/items/:id', async () => { await load(); });
      app.on('stale', async () => { await load(); });
      app.delete('/items/:id', remove);
      async function remove() { await load(); }
      class Items { @Post('/items') async create() { await load(); } }
    `);
    const entries = map.nodes.filter((node) => node.kind === 'function' && node.isEntry);
    expect(entries.map((node) => (node as FunctionNode).route)).toEqual([
      "@Post('/items')",
      'DELETE /items/:id',
      'GET /items/:id',
      'on stale',
    ]);
  });

  it('tells dependencies apart by host, by the setting that has the address, or by package', () => {
    const map = mapOf({
      'a.ts': `
        import axios from 'axios';
        import { Pool } from 'pg';
        import { config } from './config.js';
        const pool = new Pool();
        const stock = axios.create({ baseURL: 'https://stock.internal/v1' });
        const BASE = 'http://mail.internal';
        export class Api {
          constructor(private readonly baseUrl: string) {}
          a = () => fetch(this.baseUrl + '/a');
          b = () => fetch(\`\${config.usersUrl}/b\`);
          c = () => fetch(new URL('/c', process.env.SEARCH_URL));
          d = () => fetch(\`\${BASE}/d\`);
          e = (url: string) => fetch(url);
          f = () => stock.get('/f');
          g = () => pool.query('select 1');
        }`,
      'config.ts': 'export declare const config: { usersUrl: string };',
    });
    expect(map.nodes.flatMap((node) => (node.kind === 'dependency' ? node.id : []))).toEqual([
      'db:pg',
      'http:Api.baseUrl',
      'http:SEARCH_URL',
      'http:config.usersUrl',
      'http:fetch',
      'http:mail.internal',
      'http:stock.internal',
    ]);
  });

  it('finds the same map every time, whatever the order of the files', () => {
    const files = {
      'a.ts': 'import { b } from "./b.js"; export const a = () => b();',
      'b.ts': 'export const b = () => fetch("https://b.internal");',
      'c.ts': 'import { b } from "./b.js"; export const c = () => b();',
    };
    expect(mapOf(Object.fromEntries(Object.entries(files).reverse()))).toEqual(mapOf(files));
  });
});

describe('gaps', () => {
  it('are the ways that nothing guards, and not those beside them', () => {
    const map = service(`${load}
      export const bare = () => load();
      export const kept = guard(() => load(), timeout(1_000));
      export const timed = () => withTimeout(() => load(), 1_000);
    `);
    expect(node(map, 'bare').reaches).toEqual([
      { dependency: 'http:stock.internal', amplification: 1, isUnguarded: true },
    ]);
    expect(node(map, 'timed').reaches).toMatchObject([{ isUnguarded: false }]);
    expect(edge(map, 'bare', 'load').gap).toBe('certain');
    expect(edge(map, 'timed', 'load').gap).toBeUndefined();
    expect(edge(map, 'timed', 'load')).toMatchObject({ worstCase: 1_000 });
  });

  it('are none where every caller is guarded, or a comment lets the call pass', () => {
    const map = service(`
      class Api {
        @Timeout(500) async read() { return this.#send(); }
        async #send() { return fetch('https://a.internal'); }
        // holdfast-ignore no-unguarded-outbound-call: a load balancer cuts it off
        async ignored() { 
          // holdfast-ignore no-unguarded-outbound-call: a load balancer cuts it off
          return fetch('https://b.internal');
        }
      }
    `);
    expect(map.edges.filter(({ gap }) => gap)).toEqual([]);
    expect(node(map, 'Api.read').worstCase).toBe(500);
    expect(node(map, 'Api.ignored').worstCase).toBe('unbounded');
  });
});

describe('the worst case', () => {
  const method = (decorators: string, body = 'return fetch("https://a.internal");'): FunctionNode =>
    node(service(`class Api { ${decorators} async call(items: string[]) { ${body} } }`), 'Api.call');

  it.each([
    ['of a timeout', '@Timeout(2_000)', 2_000],
    ['of a retry around a timeout: attempts and back-off', '@Retry(3) @Timeout(500)', 3 * 500 + 1_000 + 2_000],
    ['of a timeout around a retry: the timeout', '@Timeout(2_000) @Retry(5) @Timeout(500)', 2_000],
    [
      'of back-off that is capped',
      '@Retry({ maxAttempts: 4, baseDelay: 1_000, maxDelay: 1_500 }) @Timeout(1)',
      4 + 4_000,
    ],
    ['of linear back-off', "@Retry({ maxAttempts: 3, baseDelay: 100, backoff: 'linear' }) @Timeout(1)", 3 + 300],
    [
      'of a retry that gives up after a time',
      '@Retry({ maxAttempts: Infinity, maxElapsed: 4_000 }) @Timeout(500)',
      4_500,
    ],
    ['of policies in one decorator', '@Guard(retry({ maxAttempts: 2, baseDelay: 10 }), timeout(100))', 210],
    ['of a hedge', '@Hedge({ delay: 100, maxAttempts: 3 }) @Timeout(1_000)', 1_200],
    [
      'of a wait for a permit',
      '@Bulkhead({ maxConcurrent: 2, maxQueue: 5, queueTimeout: 300 }) @Timeout(1_000)',
      1_300,
    ],
    ['of a queue without a timeout: none', '@Bulkhead({ maxConcurrent: 2, maxQueue: 5 }) @Timeout(1_000)', 'unbounded'],
    ['of a fallback value', '@Fallback({ value: 0 }) @Timeout(1_000)', 1_000],
    ['of a fallback that does who knows what: unknown', '@Fallback(() => other()) @Timeout(1_000)', undefined],
    ['of a retry alone: none', '@Retry(3)', 'unbounded'],
    [
      'of a timeout that waits for the operation: unknown',
      "@Timeout({ duration: 1_000, mode: 'cooperative' })",
      undefined,
    ],
    ['of a setting that cannot be read: unknown', '@Timeout(config.timeout)', undefined],
    ['of delays that cannot be read: unknown', '@Retry({ delay: wait }) @Timeout(500)', undefined],
    ['of an unknown inside a known: the known', '@Timeout(9_000) @Retry(config.attempts) @Timeout(500)', 9_000],
  ])('is that %s', (_, decorators, expected) => {
    expect(method(decorators).worstCase).toBe(expected);
  });

  it('is longer where failures ask to be left alone, which a retry honours up to its longest delay', () => {
    expect(method('@Retry(3) @Timeout(500)').worstCaseIfAsked).toBe(3 * 500 + 2 * 30_000);
    expect(method('@Timeout(2_000) @Retry(3) @Timeout(500)').worstCaseIfAsked).toBeUndefined();
  });

  it.each([
    [
      'calls one after the other',
      'await fetch("a", { signal: AbortSignal.timeout(100) }); await fetch("b", { signal: AbortSignal.timeout(200) });',
      300,
    ],
    ['calls that share a guard', 'await withTimeout(async () => { await fetch("a"); await fetch("b"); }, 700);', 700],
    [
      'a call for each of many',
      'for (const item of items) await fetch(item, { signal: AbortSignal.timeout(100) });',
      undefined,
    ],
    ['many at once', 'await Promise.all(items.map((item) => fetch(item, { signal: AbortSignal.timeout(100) })));', 100],
    [
      'many under one timeout',
      'await withTimeout(async () => { for (const item of items) await fetch(item); }, 700);',
      700,
    ],
    [
      'what a loop waits for again and again',
      'for await (const item of fetch("a", { signal: AbortSignal.timeout(100) })) use(item);',
      undefined,
    ],
    ['a call that nobody waits for', 'void fetch("a");', 0],
  ])('counts %s', (_, body, expected) => {
    expect(method('', body).worstCase).toBe(expected);
  });

  it('is that of the callee under the guards of its callers', () => {
    const map = service(`
      class Api {
        @Retry({ maxAttempts: 2, baseDelay: 100 }) async outer() { return this.inner(); }
        @Timeout(1_000) private async inner() { return fetch('https://a.internal'); }
      }`);
    expect(node(map, 'Api.outer').worstCase).toBe(2_100);
    expect(edge(map, 'Api.outer', 'Api.inner')).toMatchObject({ worstCase: 2_100, amplification: 2 });
  });

  it('is unknown under a decorator that may be a retry for all we know', () => {
    const map = mapOf({
      'a.ts': `
        import { Timeout } from '@holdfast/runtime';
        import { Again } from 'again';
        import { Get } from '@nestjs/common';
        export class Api {
          @Get('/known') @Timeout(100) async known() { return fetch('https://a.internal'); }
          @Again() @Timeout(100) async call() { return fetch('https://a.internal'); }
        }`,
    });
    expect(node(map, "@Get('/known')").worstCase).toBe(100);
    expect(node(map, 'Api.call').worstCase).toBeUndefined();
    expect(node(map, 'Api.call').reaches[0]).not.toHaveProperty('amplification');
  });

  it('is unknown where a function is handed to something that may run it as often as it likes', () => {
    const map = service(`
      declare const queue: any;
      const send = () => fetch('https://a.internal', { signal: AbortSignal.timeout(100) });
      export const together = (items: string[]) => Promise.all(items.map(send));
      export const each = (items: string[]) => items.forEach(send);
      export const sometime = () => queue.push(send);
      export const once = () => fetch('https://b.internal', { signal: AbortSignal.timeout(50) }).then(send);
      class Start {
        @Timeout(10) async register(app: any) { app.get('/a', async () => { await send(); }); }
      }`);
    expect(node(map, 'together')).toMatchObject({ worstCase: 100, reaches: [{ amplification: 1 }] });
    expect(node(map, 'each')).toMatchObject({ reaches: [{ amplification: 1 }] });
    expect(node(map, 'each').worstCase).toBeUndefined();
    expect(node(map, 'sometime').worstCase).toBeUndefined();
    expect(node(map, 'sometime').reaches[0]).not.toHaveProperty('amplification');
    expect(node(map, 'once').worstCase).toBe(150);
    expect(node(map, 'GET /a').worstCase).toBe(100);
  });

  it('is that of a guard that a function is kept with, for whoever calls it', () => {
    const map = mapOf({
      'load.ts': `
        import { guard, timeout } from '@holdfast/runtime';
        import CircuitBreaker from 'opossum';
        const send = () => fetch('https://a.internal');
        export const load = guard(send, timeout(400));
        export const inline = guard(() => fetch('https://b.internal'), timeout(500));
        const breaker = new CircuitBreaker(send);
        export const fire = () => breaker.fire();`,
      'api.ts': `
        import { inline, load } from './load.js';
        export const first = async () => { await load(); await inline(); };`,
    });
    expect(node(map, 'first').worstCase).toBe(900);
    expect(node(map, 'load')).toMatchObject({ isEntry: false, worstCase: 400 });
    expect(edge(map, 'fire', 'breaker').calls).toMatchObject([{ text: 'breaker.fire' }]);
    expect(map.edges.filter(({ gap }) => gap)).toEqual([]);
  });

  it('is unknown of functions that call each other in a circle, and of those that call them', () => {
    const map = service(`
      export async function start() { await even(3); }
      async function even(n: number) { await fetch('https://a.internal', { signal: AbortSignal.timeout(10) }); await odd(n - 1); }
      async function odd(n: number) { if (n > 0) await even(n - 1); }
      export const bounded = () => withTimeout(() => start(), 100);`);
    expect(['start', 'even', 'odd', 'bounded'].map((name) => node(map, name).worstCase)).toEqual([
      undefined,
      undefined,
      undefined,
      100,
    ]);
    expect(node(map, 'start').reaches).toMatchObject([{ amplification: 1 }]);
  });

  it('rests on the timeout of a client where that ends a whole attempt, and on no retries of its own', () => {
    const map = mapOf({
      'a.ts': `
        import axios from 'axios';
        import http from 'node:http';
        import got from 'got';
        const api = axios.create({ baseURL: 'https://a.internal', timeout: 3_000 });
        export const a = () => api.get('/a');
        export const b = () => new Promise((resolve) => http.get('http://b.internal', { timeout: 500 }, resolve));
        export const c = () => got('https://c.internal', { timeout: { request: 500 } });
        export const d = () => got('https://c.internal', { timeout: { request: 500 }, retry: { limit: 0 } });`,
    });
    expect(['a', 'b', 'c', 'd'].map((name) => node(map, name).worstCase)).toEqual([3_000, undefined, undefined, 500]);
    expect(node(map, 'c').reaches).toMatchObject([{ amplification: 3 }]);
  });
});

describe('amplification', () => {
  it('multiplies along the way, and takes the worst way', () => {
    const map = service(`
      class Api {
        @Retry(2) async outer() { await this.twice(); await this.once(); }
        @Retry(4) private async twice() { return this.once(); }
        @Timeout(10) private async once() { return fetch('https://a.internal'); }
      }`);
    expect(node(map, 'Api.outer').reaches).toMatchObject([{ amplification: 8 }]);
  });

  it('is unknown where attempts cannot be read or a retry goes round in a circle', () => {
    const map = service(`
      export class Api {
        @Retry(config.attempts) async a() { return fetch('https://a.internal'); }
        @Retry(3) async b() { await fetch('https://a.internal'); await this.b(); }
        @Retry({ maxAttempts: Infinity }) async c() { return fetch('https://a.internal'); }
      }`);
    const [a, b, c] = ['Api.a', 'Api.b', 'Api.c'].map((name) => node(map, name).reaches[0]);
    expect(a).not.toHaveProperty('amplification');
    expect(b).not.toHaveProperty('amplification');
    expect(c).toMatchObject({ amplification: 'unbounded' });
  });
});

describe('a large program', () => {
  it('is no problem: a chain of thousands of functions that ends where it began', () => {
    const chain = Array.from(
      { length: 3_000 },
      (_, index) => `const f${String(index)} = () => f${String(index + 1)}();`,
    );
    const map = mapOf({
      'chain.ts': `${chain.join('\n')}\nconst f3000 = () => fetch("https://a.internal").then(f0);\nexport { f0 };`,
    });
    expect(map.nodes).toHaveLength(3_002);
  });
});
