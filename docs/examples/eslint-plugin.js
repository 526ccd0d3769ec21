// @ts-nocheck -- typescript-eslint's type of a configuration is not assignable to ESLint's.
// #region smallest
import holdfast from '@holdfast/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig({
  files: ['**/*.ts'],
  extends: [holdfast.configs.recommended],
  languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
});
// #endregion
