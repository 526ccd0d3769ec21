import ts from 'typescript';
import { defineConfig, type Plugin } from 'vitest/config';

/** Vite's own transform leaves standard decorators as they are, and Node 20 cannot read them: TypeScript lowers them. */
const standardDecorators: Plugin = {
  name: 'standard-decorators',
  enforce: 'pre',
  transform: {
    filter: { id: /\.[cm]?ts$/ },
    handler(code, id) {
      const out = ts.transpileModule(code, {
        fileName: id,
        compilerOptions: {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
          sourceMap: true,
        },
      });
      return { code: out.outputText, map: out.sourceMapText ?? null };
    },
  },
};

export default defineConfig({
  test: {
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        oxc: false,
        plugins: [standardDecorators],
        test: { name: 'packages', include: ['packages/*/src/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'legacy-decorators', include: ['test/legacy-decorators/**/*.test.ts'] },
      },
      {
        extends: true,
        oxc: false,
        plugins: [standardDecorators],
        test: {
          name: 'repository',
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts', 'docs/**/*.test.ts'],
          exclude: ['test/legacy-decorators/**', 'test/catalogue/**', 'test/apps/**', '**/node_modules/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Against packages that an ordinary install leaves out: `npm run test:catalogue`.
        extends: true,
        test: { name: 'catalogue', include: ['test/catalogue/*.test.ts'], testTimeout: 300_000 },
      },
    ],
  },
});
