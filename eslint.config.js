import holdfast from '@holdfast/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/fixtures/',
    '**/.demo/',
    'bench/node_modules/',
    'bench/results/',
    // Legacy code on purpose: what the tools find in it is the demo.
    'examples/checkout/service/',
    // Compiled by compilers of their own, with errors on purpose.
    'test/apps/',
    'test/types/',
    'docs/examples/legacy/',
  ]),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  ...tseslint.configs.recommended.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    ...holdfast.configs.recommended,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      // `!` says what the compiler cannot see; in tests a wrong one fails the test.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
