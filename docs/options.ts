import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = 'packages/runtime/src/policies';

/** One option as the code has it, in the words of the pages. */
export interface DocumentedOption {
  name: string;
  /** `required`, a value in code marks, words for a computed one, or a dash. */
  default: string;
  isMs: boolean;
}

/** Where options are listed that have no policy page of their own. */
const elsewhere: Record<string, { page: string; heading: string } | undefined> = {
  'retry-budget': { page: 'docs/policies/retry.md', heading: 'Options of a budget' },
  idempotent: { page: 'docs/decorators/idempotent.md', heading: 'Options' },
};

/** What the pages say of defaults that are computed, by the source of the computation. */
const computed: Record<string, string> = {
  'hasRate ? undefined : 5': '`5`; none with a rate',
  'Math.min(10, windowSize ?? 10)': '`10`, at most `windowSize`',
  'recoveryTimeout * 10': '10 × `recoveryTimeout`',
  'Math.max(30_000, baseDelay)': '`30000`, at least `baseDelay`',
};

/** Defaults that follow from the code without being written anywhere in it; the tests of the examples show them. */
const implied: Record<string, string> = {
  'cached.scope': "`'instance'`; `'class'` with a `store`",
};

/** Each file that checks options, and where its table is. */
export function policyFiles(): { source: string; page: string; heading: string }[] {
  return readdirSync(join(root, folder))
    .filter((name) => !name.endsWith('.test.ts') && read(join(folder, name)).includes(': OptionChecks<'))
    .map((name) => {
      const room = basename(name, '.ts');
      const place = elsewhere[room] ?? { page: `docs/policies/${room}.md`, heading: 'Options' };
      return { source: join(folder, name), ...place };
    });
}

/** The options of a policy, in the order of its interface. */
export function optionsOf(source: string): DocumentedOption[] {
  const file = ts.createSourceFile(source, read(source), ts.ScriptTarget.Latest, true);
  const checks = new Map<string, string>();
  const required = new Set<string>();
  const defaults = new Map<string, ts.Expression>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === 'checks') {
      for (const property of (node.initializer as ts.ObjectLiteralExpression).properties)
        checks.set(property.name!.getText(), (property as ts.PropertyAssignment).initializer.getText());
    } else if (ts.isInterfaceDeclaration(node) && node.name.text.endsWith('Options')) {
      for (const member of node.members) if (!member.questionToken) required.add(member.name!.getText());
    }
    const given = defaultIn(node);
    if (given && !defaults.has(given.name)) defaults.set(given.name, given.value);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...checks].map(([name, check]) => ({
    name,
    default: required.has(name)
      ? 'required'
      : (implied[`${basename(source, '.ts')}.${name}`] ?? inWords(defaults.get(name))),
    isMs: /\ba(Delay|Duration|DurationOrNever)\b/.test(check),
  }));
}

/** `{ name = value }`, `settings.name ?? value` or `name: name ?? value`. */
function defaultIn(node: ts.Node): { name: string; value: ts.Expression } | undefined {
  if (ts.isBindingElement(node) && node.initializer)
    return { name: (node.propertyName ?? node.name).getText(), value: node.initializer };
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken) return undefined;
  if (ts.isPropertyAccessExpression(node.left)) return { name: node.left.name.text, value: node.right };
  const isAssigned = ts.isPropertyAssignment(node.parent) && node.parent.name.getText() === node.left.getText();
  return isAssigned ? { name: node.left.getText(), value: node.right } : undefined;
}

function inWords(value: ts.Expression | undefined): string {
  if (!value) return '–';
  while (ts.isParenthesizedExpression(value)) value = value.expression;
  const text = value.getText();
  if (computed[text]) return computed[text];
  if (ts.isNumericLiteral(value)) return `\`${Number(text.replaceAll('_', ''))}\``;
  const isPlain =
    ts.isStringLiteral(value) ||
    ts.isIdentifier(value) ||
    ts.isPropertyAccessExpression(value) ||
    value.kind === ts.SyntaxKind.TrueKeyword ||
    value.kind === ts.SyntaxKind.FalseKeyword;
  return isPlain ? `\`${text}\`` : `not in words yet: ${text}`;
}

/** The rows of the first table under a heading of a page, each as the text of its cells. */
export function tableUnder(page: string, heading: string): string[][] {
  const section = read(page).split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end < 0 ? undefined : end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
