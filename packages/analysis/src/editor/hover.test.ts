import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAnalyzer, type Analyzer } from '../index.js';

const text = `import { Bulkhead, guard, pipeline, Retry, retry, Timeout, timeout } from '@holdfast/runtime';
import OpenAI from 'openai';

const openai = new OpenAI({ timeout: 2_000 });

export class Answers {
  @Retry({ maxAttempts: 3 })
  async ask(question: string): Promise<unknown> {
    return openai.responses.create({ input: question });
  }

  @Bulkhead({ maxConcurrent: 4, maxQueue: 10, queueTimeout: 300 })
  @Timeout(1_500)
  async price(): Promise<Response> {
    return fetch('https://prices.internal');
  }

  async both(): Promise<unknown[]> {
    return [await this.price(), await fetch('https://stock.internal')];
  }
}

const policy = pipeline(retry(2), timeout(500));
export const ping = () => policy.execute(() => fetch('https://ping.internal'));

const load = (id: string) => fetch(\`https://users.internal/\${id}\`);
export const user = guard(load, timeout(700));

export const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
`;
const file = '/app/service.ts';

let analyzer: Analyzer;
let source: ts.SourceFile;

beforeAll(() => {
  const host = ts.createCompilerHost({});
  const program = ts.createProgram(
    [file],
    { noLib: true, types: [], experimentalDecorators: true },
    {
      ...host,
      fileExists: (name) => name === file,
      readFile: (name) => (name === file ? text : undefined),
      getSourceFile: (name) =>
        name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true) : undefined,
    },
  );
  const onError = (error: unknown): never => {
    throw error;
  };
  analyzer = createAnalyzer({ ts, program, onError });
  source = program.getSourceFile(file)!;
});

/** What is told of the first place behind `near` where `name` is written. */
function hover(name: string, near = ''): string | undefined {
  const start = text.indexOf(name, text.indexOf(near));
  const found = analyzer.hover(source, start + name.length - 1);
  if (found) expect(text.slice(found.range.start, found.range.end)).toBe(name);
  return found?.text;
}

describe('what an editor tells', () => {
  it('of a call: its guards, where they are, and what comes of them at worst', () => {
    expect(hover('fetch', "fetch('https://ping")).toBe(
      [
        '**Holdfast**: GET ping.internal under `retry` → `timeout`',
        '- `retry` from line 23',
        '- `timeout` from line 23',
        '',
        'At worst 2 attempts × 500 ms + 1 s back-off = 2 s; sent up to 2 times',
      ].join('\n'),
    );
  });

  it('of a client that tries again by itself: how often all of that sends', () => {
    expect(hover('create', 'responses')).toMatch(/sent up to 9 times, the client's own retries included$/);
  });

  it('of a wait for others: how long it may be', () => {
    expect(hover('fetch', "fetch('https://prices")).toMatch(/At worst 1\.5 s \+ 300 ms to get in = 1\.8 s$/);
  });

  it('of a call that nothing guards: that nothing ends it', () => {
    expect(hover('fetch', "fetch('https://stock")).toBe(
      ['**Holdfast**: GET stock.internal', '- nothing guards it', '', 'Nothing ends it'].join('\n'),
    );
  });

  it('of a call that its callers guard: where', () => {
    expect(hover('fetch', 'fetch(`https://users')).toContain('guarded by its callers: `guard(load, timeout(700))`');
  });

  it('of a function: all that it calls', () => {
    expect(hover('both', 'async both')).toBe(
      [
        '**Holdfast**: `Answers.both` leaves the process',
        '- `this.price` (line 19): at worst 1.8 s',
        '- `fetch` (line 19): nothing ends it',
        '',
        'All of it: nothing ends it',
      ].join('\n'),
    );
  });

  it.each([
    ['total', 'const total'],
    ['reduce', 'reduce'],
    ['policy', 'const policy'],
    ['number', 'readonly number'],
  ])('nothing of what stays in the process: %s', (name, near) => {
    expect(hover(name, near)).toBeUndefined();
  });

  it('nothing between names', () => {
    for (let position = 0; position <= text.length; position += 1) {
      const found = analyzer.hover(source, position);
      if (found) expect(found.range.start <= position && position <= found.range.end).toBe(true);
    }
  });
});
