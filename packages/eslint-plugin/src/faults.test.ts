import { checks, type CheckInfo } from '@holdfast/analysis';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import holdfast from './index.js';

type Judge = CheckInfo & { judge: (...given: unknown[]) => Iterable<unknown> };

const check = (id: string): Judge => checks.find((one) => one.id === id) as Judge;
const unguarded = `export const load = () => fetch('/a');`;
const config = { ...holdfast.configs.recommended, languageOptions: { parser } } as Linter.Config;
const lint = (code: string, name = 'service.ts'): Linter.LintMessage[] =>
  new Linter().verify(code, [config, { files: ['**/*.ts'] }], name);

let written: string[];

beforeEach(() => {
  written = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function breakChecks(...ids: string[]): void {
  for (const id of ids) {
    vi.spyOn(check(id), 'judge').mockImplementation(() => {
      throw new Error(`fault in ${id}`);
    });
  }
}

describe('a fault in the analysis', () => {
  it('never reaches ESLint, and leaves the other rules alone', () => {
    breakChecks('no-nested-retry', 'policy-order');
    expect(lint(unguarded)).toMatchObject([{ ruleId: '@holdfast/no-unguarded-outbound-call' }]);
    expect(written).toEqual([]);
  });

  it('in the middle of what a check finds costs only what that check finds', () => {
    vi.spyOn(check('no-unguarded-outbound-call'), 'judge').mockImplementation(function* () {
      yield* [];
      throw new RangeError('Maximum call stack size exceeded');
    });
    expect(lint(unguarded)).toEqual([]);
  });

  it('is told once for each file with HOLDFAST_DEBUG=1, with the file and the stack', () => {
    vi.stubEnv('HOLDFAST_DEBUG', '1');
    breakChecks('no-nested-retry', 'policy-order', 'no-unguarded-outbound-call');
    expect(lint(unguarded)).toEqual([]);
    expect(lint(unguarded, 'other.ts')).toEqual([]);
    expect(written).toEqual([
      expect.stringMatching(/^holdfast: could not judge \S*service\.ts: Error: fault in .*\n {4}at /s),
      expect.stringMatching(/^holdfast: could not judge \S*other\.ts: Error: fault in /),
    ]);
    // Whatever was thrown need be no error.
    vi.spyOn(check('no-dual-write'), 'judge').mockImplementation(() => {
      throw undefined;
    });
    expect(() => lint(unguarded, 'third.ts')).not.toThrow();
  });
});

describe('a file that is too much', () => {
  const many = (make: (at: number) => string): string => Array.from({ length: 200 }, (_, at) => make(at)).join('\n');
  const text = `import { withTimeout } from '@holdfast/runtime';
${many((at) => `const leaf${String(at)} = () => fetch('/a');`)}
function hub() { return [${many((at) => `leaf${String(at)}(),`)}]; }
${many((at) => `const step${String(at)} = () => hub();\nexport const main${String(at)} = () => withTimeout(() => step${String(at)}(), 5);`)}
export const plain = () => fetch('/b');`;

  it('is judged by what is near each call, and HOLDFAST_DEBUG=1 says so', () => {
    vi.stubEnv('HOLDFAST_DEBUG', '1');
    const messages = lint(text).filter(({ ruleId }) => ruleId === '@holdfast/no-unguarded-outbound-call');
    expect(messages.map(({ line }) => line)).toEqual([text.split('\n').length]);
    expect(written.length).toBeGreaterThan(0);
    for (const line of written) {
      expect(line).toMatch(/^holdfast: \S*service\.ts took too long: calls in other functions were not followed\n$/);
    }
  });
});
