import { createRequire } from 'node:module';
import typescript from 'typescript';
import { describe, expect, it } from 'vitest';

/** The built entry, loaded as tsserver loads it. */
const init = createRequire(import.meta.url)('../dist/index.cjs') as (modules: { typescript: unknown }) => {
  create(info: unknown): { getSemanticDiagnostics(file: string): unknown[]; getQuickInfoAtPosition(): unknown };
};

describe('the plugin', () => {
  it('lets no fault of its own reach the editor', () => {
    const log: string[] = [];
    const theirs = { code: 2322 };
    const service = init({ typescript }).create({
      config: undefined,
      project: { projectService: { logger: { info: (text: string) => log.push(text) } } },
      languageService: {
        getProgram() {
          throw new Error('no program today');
        },
        getSemanticDiagnostics: () => [theirs],
        getQuickInfoAtPosition: () => 'untouched',
      },
    });
    expect(service.getSemanticDiagnostics('a.ts')).toEqual([theirs]);
    expect(service.getQuickInfoAtPosition()).toBe('untouched');
    expect(log).toEqual([expect.stringContaining('holdfast: Error: no program today')]);
  });
});
