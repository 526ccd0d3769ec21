import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { planFor, type Step } from './step.js';

const plugin = '@holdfast/eslint-plugin';
const names = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((extension) => `eslint.config.${extension}`);

/** Adds Holdfast to the flat configuration of a package, or makes one. */
export function planEslintConfig(folder: string): Step {
  const name = names.find((name) => existsSync(join(folder, name)));
  if (name === undefined) {
    return planFor(folder, 'eslint.config.mjs', '', [{ start: 0, end: 0, text: newConfig() }]);
  }
  const text = readFileSync(join(folder, name), 'utf8').replace(/^\uFEFF/, '');
  if (text.includes(plugin)) return undefined;
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const list = listOf(source);
  const last = list?.[list.length - 1];
  const imports = source.statements.filter(ts.isImportDeclaration);
  const lastImport = imports.at(-1);
  if (!last || !lastImport) {
    return { byHand: `${name} is made in a way that is not known: add to its list\n${entry('tseslint', '  ')}` };
  }
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const quote = lastImport.moduleSpecifier.getText(source)[0] ?? "'";
  const end = text[lastImport.end - 1] === ';' ? ';' : '';
  const known = imports.find(
    ({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral).text === 'typescript-eslint',
  );
  const parser = known?.importClause?.name?.text;
  const added = [
    `import holdfast from ${quote}${plugin}${quote}${end}`,
    ...(parser === undefined ? [`import tseslint from ${quote}typescript-eslint${quote}${end}`] : []),
  ];
  const lineStart = text.lastIndexOf('\n', last.getStart(source)) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
  const block = entry(parser ?? 'tseslint', indent)
    .replaceAll("'", quote)
    .replaceAll('\n', eol);
  return planFor(folder, name, text, [
    { start: lastImport.end, end: lastImport.end, text: added.map((line) => eol + line).join('') },
    { start: last.end, end: last.end, text: `,${eol}${block}` },
  ]);
}

/** The configurations that a file exports, as far as they are written there as a list. */
function listOf(source: ts.SourceFile): ts.NodeArray<ts.Expression> | undefined {
  const exported = source.statements.find(ts.isExportAssignment)?.expression;
  return exported && itemsOf(exported, source);
}

function itemsOf(node: ts.Expression, source: ts.SourceFile): ts.NodeArray<ts.Expression> | undefined {
  if (ts.isArrayLiteralExpression(node)) return node.elements;
  if (ts.isSatisfiesExpression(node) || ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) {
    return itemsOf(node.expression, source);
  }
  if (ts.isIdentifier(node)) {
    const declarations = source.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) => declarationList.declarations);
    const initializer = declarations.find(({ name }) => name.getText(source) === node.text)?.initializer;
    return initializer && itemsOf(initializer, source);
  }
  // `defineConfig` of ESLint and `config` of typescript-eslint take configurations, or a list of them.
  if (!ts.isCallExpression(node) || !/(?:^|\.)(?:defineConfig|config)$/.test(node.expression.getText(source))) {
    return undefined;
  }
  const [only, ...others] = node.arguments;
  return only && others.length === 0 && ts.isArrayLiteralExpression(only) ? only.elements : node.arguments;
}

/** A spread, because it works in every kind of list. */
function entry(parser: string, indent: string): string {
  return [
    '{',
    '  ...holdfast.configs.recommended,',
    "  files: ['**/*.ts'],",
    `  languageOptions: { parser: ${parser}.parser, parserOptions: { projectService: true } },`,
    '}',
  ]
    .map((line) => indent + line)
    .join('\n');
}

function newConfig(): string {
  return `import holdfast from '${plugin}';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
${entry('tseslint', '  ')},
);
`;
}
