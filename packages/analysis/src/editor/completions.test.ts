import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { holdfastOptions } from '../catalogue/guards/holdfast-options.js';
import { checks, createAnalyzer } from '../index.js';
import { policyValues } from './policy-values.js';

const onError = (error: unknown): never => {
  throw error;
};

/** What is offered at `|`, in a file without a program. */
function offered(code: string): readonly { readonly text: string; readonly snippet?: string }[] {
  const position = code.indexOf('|');
  const file = ts.createSourceFile('/service.ts', code.replace('|', ''), ts.ScriptTarget.Latest, true);
  return createAnalyzer({ ts, onError }).completions(file, position);
}

function texts(code: string): string[] {
  return offered(code).map(({ text }) => text);
}

const imports = `import * as hf from "@holdfast/runtime";\nimport { Retry, Timeout, retry as again, withTimeout } from "@holdfast/runtime";\n`;

describe('completions', () => {
  it.each([
    ['again({ maxAttempts: | })', ['2', '3', '5']],
    ['again({ baseDelay: 5, maxAttempts:| })', ['2', '3', '5']],
    ['again({ maxAttempts: |, baseDelay: 5 })', ['2', '3', '5']],
    ['again({ maxAttempts: 3|', ['2', '3', '5']],
    ['again({ jitter: | } as const)', ['"full"', '"equal"', '"decorrelated"', 'false']],
    ['hf.rateLimit({ interval: | })', ['1_000', '60_000']],
    ['class A { @Retry({ maxAttempts: | }) async a() {} }', ['2', '3', '5']],
    ['class A { @Retry(|) async a() {} }', ['{ maxAttempts: 3, baseDelay: 100 }']],
    ['class A { @Timeout(|) async a() {} }', ['2_000', '10_000', '60_000']],
    ['class A { @Timeout(|', ['2_000', '10_000', '60_000']],
    ['withTimeout(() => fetch("/a"), |)', ['2_000', '10_000', '60_000']],
    ['withTimeout(() => fetch("/a"), 2|)', ['2_000', '10_000', '60_000']],
  ])('of %s', (code, expected) => {
    expect(texts(imports + code)).toEqual(expected);
  });

  it.each([
    'again({ | })',
    'again({ maxAttempts: 3, | })',
    'again({ maxAttempts| })',
    'again({ retryIf: | })',
    'again({ jitter: "|" })',
    'again({ retryIf: () => | })',
    'again({ budget: { ratio: | } })',
    'again({ maxAttempts: 3 }, |)',
    'withTimeout(|)',
    'other({ maxAttempts: | })',
    'class A { @Retry|() async a() {} }',
    '|',
  ])('are none in %s', (code) => {
    expect(texts(imports + code)).toEqual([]);
  });

  it('have places to fill in where there are several', () => {
    expect(offered(`${imports}again(|)`)).toMatchObject([{ snippet: '{ maxAttempts: ${1:3}, baseDelay: ${2:100} }' }]);
    expect(offered(`${imports}hf.timeout(|)`)[0]).not.toHaveProperty('snippet');
  });

  const factories = Object.values(holdfastOptions).flatMap((known) => known ?? []);
  it.each(Object.keys(policyValues))('of %s are accepted by the runtime', (factory) => {
    const known = factories.find(({ name }) => name === factory)!.options;
    for (const [option, values] of Object.entries(policyValues[factory]!.options)) {
      expect(known).toHaveProperty(option);
      for (const [text] of values) {
        const value: unknown = JSON.parse(text.replaceAll('_', '').replaceAll("'", '"'));
        expect(known[option]!.accepts(value as number), `${option}: ${text}`).toBe(true);
      }
    }
    const rules = checks.map(({ id }) => id).filter((id) => id === 'valid-policy-options');
    for (const { text } of offered(`import { ${factory} } from '@holdfast/runtime';\n${factory}(|);`)) {
      const code = `import { ${factory} } from '@holdfast/runtime';\n${factory}(${text});`;
      const file = ts.createSourceFile('/service.ts', code, ts.ScriptTarget.Latest, true);
      expect(createAnalyzer({ ts, rules, preset: 'strict', onError }).analyze(file), text).toEqual([]);
    }
  });
});
