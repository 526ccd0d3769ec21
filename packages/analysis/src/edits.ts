import type ts from 'typescript';
import { argumentsOf, type CallLike } from './facts/file-facts.js';
import type { Edit } from './finding.js';
import { unwrap } from './resolver/unwrap.js';
import type { TypeScript } from './typescript.js';

/** Takes a decorator away, with the space up to what follows. */
export function withoutDecorator(decorator: ts.Decorator): Edit {
  const { text } = decorator.getSourceFile();
  let { end } = decorator;
  while (/\s/.test(text.charAt(end))) end += 1;
  return { start: decorator.getStart(), end, text: '' };
}

/** Gives a call one more option, in the options that it has or in new ones; `undefined` when there is no place for them. */
export function addOption(ts: TypeScript, call: CallLike, position: number, option: string): Edit | undefined {
  if (ts.isTaggedTemplateExpression(call)) return undefined;
  const given = argumentsOf(call);
  if (given.some((argument) => ts.isSpreadElement(argument))) return undefined;
  const options = given[position];
  if (options) {
    const bare = unwrap(ts, options);
    if (!ts.isObjectLiteralExpression(bare)) return replace(options, `{ ...${options.getText()}, ${option} }`);
    const last = bare.properties.at(-1);
    return last ? insert(last.end, `, ${option}`) : replace(bare, `{ ${option} }`);
  }
  const missing = Array.from({ length: position - given.length }, () => 'undefined');
  const text = [...missing, `{ ${option} }`].join(', ');
  const last = given.at(-1);
  if (last) return insert(last.end, `, ${text}`);
  return call.getText().endsWith(')') ? insert(call.end - 1, text) : undefined;
}

/** Makes a name that a module exports usable in a file, and says under which local name. */
export function addImport(
  ts: TypeScript,
  file: ts.SourceFile,
  module: string,
  name: string,
): { readonly name: string; readonly edits: readonly Edit[] } {
  const imports = file.statements.filter((statement) => ts.isImportDeclaration(statement));
  for (const { moduleSpecifier, importClause } of imports) {
    if (!ts.isStringLiteralLike(moduleSpecifier) || moduleSpecifier.text !== module) continue;
    const bindings = importClause?.namedBindings;
    if (!bindings || importClause.isTypeOnly) continue;
    if (ts.isNamespaceImport(bindings)) return { name: `${bindings.name.text}.${name}`, edits: [] };
    const known = bindings.elements.find((element) => (element.propertyName ?? element.name).text === name);
    if (known && !known.isTypeOnly) return { name: known.name.text, edits: [] };
    const last = bindings.elements.at(-1);
    if (last) return { name, edits: [insert(last.end, `, ${name}`)] };
  }
  const last = imports.at(-1);
  const quote = imports[0]?.moduleSpecifier.getText().charAt(0) ?? "'";
  const line = `import { ${name} } from ${quote}${module}${quote};`;
  const edit = last ? insert(last.end, `\n${line}`) : insert(file.statements[0]?.getFullStart() ?? 0, `${line}\n`);
  return { name, edits: [edit] };
}

export function insert(at: number, text: string): Edit {
  return { start: at, end: at, text };
}

export function replace(node: ts.Node, text: string): Edit {
  return { start: node.getStart(), end: node.end, text };
}

/** The space before the line that a node begins on. */
export function indentation(node: ts.Node): string {
  const { text } = node.getSourceFile();
  const start = text.lastIndexOf('\n', node.getStart()) + 1;
  return /^[ \t]*/.exec(text.slice(start))![0];
}
