import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { editsForAll } from './editor.js';
import { checks, createAnalyzer, type Edit } from './index.js';

const root = fileURLToPath(new URL('../fixtures', import.meta.url));

/** Declarations of the compiler and of packages, which are the same each time. */
const declarations = new Map<string, ts.SourceFile | undefined>();

function applied(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .reverse()
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, text: added }) => now.slice(0, start) + added + now.slice(end), text);
}

describe.each(checks.map(({ id }) => id))('the fixes of %s', { timeout: 120_000 }, (id) => {
  const folder = join(root, id, 'invalid');
  const config = ts.getParsedCommandLineOfConfigFile(
    join(folder, 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  )!;
  const host = ts.createCompilerHost(config.options, true);
  const { getSourceFile } = host;
  const texts = new Map<string, string>();
  host.getSourceFile = (file, ...rest) => {
    const text = texts.get(file);
    if (text !== undefined) return ts.createSourceFile(file, text, rest[0], true);
    if (!declarations.has(file)) declarations.set(file, getSourceFile(file, ...rest));
    return declarations.get(file);
  };
  let last: ts.Program | undefined;

  /** The program with another text for one of its files. */
  function changed(file: string, text: string): ts.Program {
    texts.clear();
    texts.set(file, text);
    return (last = ts.createProgram(config.fileNames, config.options, host, last));
  }

  function errorsOf(program: ts.Program, file: string): string[] {
    const source = program.getSourceFile(file)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ code, messageText }) => `${String(code)} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  }

  it.each(['\n', '\r\n'])('leave code that compiles as before, line breaks %j', (eol) => {
    for (const name of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
      const file = join(folder, name).replaceAll('\\', '/');
      const text = readFileSync(file, 'utf8').replaceAll('\n', eol);
      const program = changed(file, text);
      const before = errorsOf(program, file);
      const analyzer = createAnalyzer({
        ts,
        program,
        preset: 'strict',
        rules: [id],
        onError: (error) => {
          throw error;
        },
      });
      const findings = analyzer.analyze(file);
      const ids = new Set(findings.flatMap(({ fixes }) => fixes.map(({ messageId }) => messageId)));
      for (const messageId of ids) {
        const result = applied(text, editsForAll(findings, `holdfast:${id}:${messageId}`));
        const after = changed(file, result);
        // What a package that is not there hands to a callback has no type.
        const isKnown = (error: string): boolean =>
          before.includes(error) || (error.startsWith('7031 ') && before.some((other) => other.startsWith('2307 ')));
        expect(
          errorsOf(after, file).filter((error) => !isKnown(error)),
          `${name} ${messageId}`,
        ).toEqual([]);
        if (eol === '\r\n') expect(result.replaceAll(eol, ''), `${name} ${messageId}`).not.toContain('\n');
        const left = createAnalyzer({ ts, program: after, preset: 'strict', rules: [id] }).analyze(file);
        expect(left.length, `${name} ${messageId}`).toBeLessThan(findings.length);
      }
    }
  });
});
