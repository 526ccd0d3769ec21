import { ESLint, Linter } from 'eslint';
import { fileURLToPath } from 'node:url';
import * as parser from '@typescript-eslint/parser';
import { describe, expect, it } from 'vitest';
import holdfast from './index.js';

const fixtures = fileURLToPath(new URL('../../analysis/fixtures/no-unguarded-outbound-call', import.meta.url));
const unguarded = 'export const load = () => fetch("https://a.internal");';

type Config = Linter.Config;

function lint(code: string, config: Config, filename = 'service.js'): Linter.LintMessage[] {
  return new Linter().verify(code, [config, { files: ['**/*.{js,ts,tsx,vue}'] }], filename);
}

describe('@holdfast/eslint-plugin', () => {
  it.each(['recommended', 'strict', 'syntactic'] as const)('reports an unguarded call under configs.%s', (name) => {
    expect(lint(unguarded, holdfast.configs[name] as Config)).toMatchObject([
      {
        ruleId: '@holdfast/no-unguarded-outbound-call',
        severity: 2,
        messageId: 'unguarded',
        line: 1,
        column: 27,
        endColumn: 32,
        message: expect.stringContaining('`fetch` has no timeout and no policy') as string,
      },
    ]);
  });

  it('keeps what rests on code out of sight for configs.strict', () => {
    const code = 'export const load = (url, init) => fetch(url, init);';
    expect(lint(code, holdfast.configs.recommended as Config)).toEqual([]);
    expect(lint(code, holdfast.configs.strict as Config)).toHaveLength(1);
  });

  it('leaves tests alone, listens to both kinds of ignore comment, and reports an unused one', () => {
    const config = holdfast.configs.recommended as Config;
    expect(lint(unguarded, config, 'service.test.js')).toEqual([]);
    expect(lint(`${unguarded} // eslint-disable-line @holdfast/no-unguarded-outbound-call`, config)).toEqual([]);
    expect(lint(`${unguarded} // holdfast-ignore no-unguarded-outbound-call: local`, config)).toEqual([]);
    expect(lint('// holdfast-ignore no-unguarded-outbound-call: local\nexport {};', config)).toMatchObject([
      { messageId: 'unusedIgnore', line: 1 },
    ]);
  });

  it('works with the TypeScript parser without a program', () => {
    const config = { ...holdfast.configs.syntactic, languageOptions: { parser } } as Config;
    const code =
      'import axios from "axios";\nexport class A { constructor(private x = 1) {} get() { return axios.get("/"); } }';
    expect(lint(code, config, 'service.ts')).toMatchObject([{ line: 2, messageId: 'unguarded' }]);
  });

  it('never throws where a parser is odd', () => {
    const odd = {
      parseForESLint: (code: string) => ({
        ...parser.parseForESLint(code, { range: true, loc: true }),
        services: { program: null, esTreeNodeToTSNodeMap: { get: () => undefined } },
      }),
    };
    const config = { ...holdfast.configs.recommended, languageOptions: { parser: odd } } as unknown as Config;
    expect(lint(unguarded, config, 'component.vue')).toHaveLength(1);
  });

  it('reports at places of the file where the program has a part of it alone', () => {
    const script = 'await fetch("https://a.internal");';
    const partial = {
      parseForESLint: (code: string) => ({
        ...parser.parseForESLint(
          code.replace(/<[^>]*>/g, (tag) => ' '.repeat(tag.length)),
          { range: true, loc: true },
        ),
        services: {
          program: {},
          esTreeNodeToTSNodeMap: { get: () => ({ getSourceFile: () => ({ text: script }) }) },
        },
      }),
    };
    const config = { ...holdfast.configs.recommended, languageOptions: { parser: partial } } as unknown as Config;
    expect(lint(`<script>\n${script}\n</script>`, config, 'component.vue')).toMatchObject([{ line: 2, column: 7 }]);
  });

  it('asks for types where there are some', async () => {
    const eslint = new ESLint({
      cwd: fixtures,
      overrideConfigFile: true,
      overrideConfig: [
        holdfast.configs.recommended as Config,
        { rules: { '@holdfast/no-unguarded-outbound-call': ['error', { reportAt: 'call' }] } },
        {
          files: ['**/*.ts'],
          languageOptions: { parser, parserOptions: { projectService: true, tsconfigRootDir: fixtures } },
        },
      ],
    });
    const [result] = await eslint.lintFiles(['invalid/axios-instances.ts']);
    expect(result?.messages.map(({ line }) => line)).toContain(33);
  });
});
