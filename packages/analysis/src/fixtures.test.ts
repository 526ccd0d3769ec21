import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { checks, createAnalyzer, ignoreMessages, type Finding } from './index.js';

const root = fileURLToPath(new URL('../fixtures', import.meta.url));

/**
 * `// expect: callee` marks a finding of its line, `// expect (types): callee` one that needs a program, and
 * `// expect (syntax): callee` one that a program reports elsewhere.
 */
function expected(text: string, isTyped: boolean): string[] {
  return text.split('\n').flatMap((line, index) => {
    const marks = [...line.matchAll(/\/\/ expect(?: \((types|syntax)\))?: (.*?)(?= \/\/ expect|$)/g)];
    return marks
      .filter(([, mode]) => mode === undefined || isTyped === (mode === 'types'))
      .map(([, , callee]) => `${String(index + 1)} ${callee ?? ''}`);
  });
}

function found(findings: readonly Finding[], text: string): string[] {
  return findings.map(({ line, start, end, messageId }) => {
    const callee = messageId in ignoreMessages ? '// holdfast-ignore' : text.slice(start, end);
    return `${String(line)} ${callee}`;
  });
}

describe.each(checks.flatMap(({ id }) => ['valid', 'invalid'].map((kind) => [id, kind] as const)))(
  '%s: %s',
  (id, kind) => {
    const folder = join(root, id, kind);
    const config = ts.getParsedCommandLineOfConfigFile(
      join(folder, 'tsconfig.json'),
      {},
      {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: () => undefined,
      },
    )!;
    const program = ts.createProgram(config.fileNames, config.options);
    const onError = (error: unknown): never => {
      throw error;
    };
    const typed = createAnalyzer({ ts, program, rules: [id], onError });
    const syntactic = createAnalyzer({ ts, rules: [id], onError });

    for (const name of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
      const file = join(folder, name);
      const text = readFileSync(file, 'utf8');

      it(`finds what ${name} expects, with types`, () => {
        expect(found(typed.analyze(file), text)).toEqual(expected(text, true));
      });

      it(`finds what ${name} expects, from syntax alone`, () => {
        const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
        const findings = syntactic.analyze(source);
        expect(found(findings, text)).toEqual(expected(text, false));
      });
    }
  },
);
