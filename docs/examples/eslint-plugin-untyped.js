// @ts-check
// #region untyped
import holdfast from '@holdfast/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { files: ['**/*.js'], extends: [holdfast.configs.syntactic] },
  {
    files: ['**/*.ts'],
    extends: [holdfast.configs.syntactic],
    languageOptions: { parser: tseslint.parser },
  },
);
// #endregion

// #region options
export const legacy = defineConfig({
  files: ['src/legacy/**'],
  plugins: { '@holdfast': holdfast },
  rules: { '@holdfast/no-unguarded-outbound-call': ['warn', { preset: 'strict', reportAt: 'call' }] },
});
// #endregion
