import { Project, ts } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { declarationsOf } from './affected.js';
import { hasSameShape } from './same-shape.js';

const classText = (decorator: string, body: string): string =>
  `import { a } from 'a';\nexport class Api {\n${decorator}  async get(id: string): Promise<string> {\n    ${body}\n  }\n}\n`;

const same: Record<string, [before: string, after: string]> = {
  'a body under a declared return type': [classText('', 'return id;'), classText('', 'return a(() => id);')],
  'a decorator': [classText('', 'return id;'), classText("  @log('x')\n  @other\n", 'return id;')],
  'a decorator on a line of its own and a field beside it': [
    'export class A { @log x = 1; y?: "a  b"; }',
    'export class A {\n  @log @other x = 1;\n  y?: "a  b"; }',
  ],
  'a new import and a name more in an old one': [
    "import { a } from 'a';\nexport const b: number = a;",
    "import { a, c } from 'a';\nimport d, { e as f } from 'd';\nimport * as g from 'g';\nexport const b: number = a;",
  ],
  'a new constant that only this file sees': [
    'export const b = 1;',
    'const policy = pipeline(a, b);\n\nexport const b = 1;',
  ],
};

const other: Record<string, [before: string, after: string]> = {
  'a body without a declared return type': ['export function f() { return 1; }', 'export function f() { return "1"; }'],
  'a constructor, which says what its fields are': [
    'export class A { x; constructor() { this.x = 1; } }',
    'export class A { x; constructor() { this.x = ""; } }',
  ],
  'an exported constant more': ['export const a = 1;', 'export const a = 1;\nexport const b = 1;'],
  'a statement less': ['const a = 1;\nexport const b = a;', 'export const b = a;'],
  'an import less': ["import { a } from 'a';\nexport const b = a;", 'export const b = a;'],
  'an import from another module': [
    "import { a } from 'a';\nexport const b = a;",
    "import { a } from 'b';\nexport const b = a;",
  ],
  'a type import that was a value': [
    "import { a } from 'a';\nexport { a };",
    "import type { a } from 'a';\nexport { a };",
  ],
  'a new import under a name that a global has': [
    'export const a = fetch;',
    "import { fetch } from 'a';\nexport const a = fetch;",
  ],
  'a new constant under a name that a global has': [
    'export const a = fetch;',
    'const fetch = 1;\nexport const a = fetch;',
  ],
  'the text of a literal': ['export const a = "a  b" as const;', 'export const a = "a b" as const;'],
  'the end of a template': ['export const a = `${b}  c` as const;', 'export const a = `${b} c` as const;'],
  'a script that becomes a module': ['const a = 1;', "import 'a';\nconst a = 1;"],
  'an import for its effect': ['export const a = 1;', "import 'a';\nexport const a = 1;"],
};

const parse = (text: string, name = 'a.ts'): ts.SourceFile =>
  ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);

describe('hasSameShape', () => {
  it.each(Object.entries(same))('is not fooled by %s, as the compiler agrees', (_, [before, after]) => {
    expect(hasSameShape(parse(before), parse(after))).toBe(true);
    const [old, now] = [before, after].map((text) => {
      const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { noResolve: true } });
      project.createSourceFile('/a.ts', text);
      return declarationsOf(project.getProgram().compilerObject, '/a.ts');
    });
    expect(old).toBe(now);
    expect(old).toBeDefined();
  });

  it.each(Object.entries(other))('leaves it to the compiler to judge %s', (_, [before, after]) => {
    expect(hasSameShape(parse(before), parse(after))).toBe(false);
  });

  it('knows nothing of JavaScript, where a method may declare a field', () => {
    const text = 'export class A { /** @returns {void} */ m() {} }';
    expect(hasSameShape(parse(text, 'a.js'), parse(text, 'a.js'))).toBe(false);
  });
});
