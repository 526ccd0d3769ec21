// Lints the backend once with one variant, in a process of its own, and prints what that took.
import { ESLint } from 'eslint';
import { variants } from './variants.mjs';

const [backend, id] = process.argv.slice(2);
const { configs } = variants.find((variant) => variant.id === id);
const { default: typescriptEslint } = await import('typescript-eslint');
const { default: holdfast } = await import('@holdfast/eslint-plugin');

const eslint = new ESLint({
  cwd: backend,
  overrideConfigFile: true,
  allowInlineConfig: false,
  overrideConfig: [
    { linterOptions: { reportUnusedDisableDirectives: 'off' } },
    ...configs({ typescriptEslint, holdfast }),
    {
      files: ['**/*.ts'],
      languageOptions: {
        parser: typescriptEslint.parser,
        parserOptions: { projectService: true, tsconfigRootDir: backend },
      },
    },
  ],
});
const results = await eslint.lintFiles(['src/**/*.ts']);

const messages = results.flatMap((result) => result.messages);
const fatal = messages.find((message) => message.fatal);
if (fatal) throw new Error(`a file was not linted: ${fatal.message}`);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const answer = {
  /** Milliseconds of all threads, from the start of the process. */
  cpu: (userCPUTime + systemCPUTime) / 1_000,
  /** Megabytes. */
  peak: maxRSS / 1_024,
  files: results.length,
  reports: messages.length,
  ours: messages.filter(({ ruleId }) => ruleId?.startsWith('@holdfast/')).length,
};
process.stdout.write(JSON.stringify(answer), () => process.exit());
