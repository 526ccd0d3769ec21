import type ts from 'typescript';
import { insert } from './edits.js';
import type { Edit } from './finding.js';
import { layoutOf, lineEnd, type Layout } from './layout.js';
import type { TypeScript } from './typescript.js';

/** An export that a change needs. */
export interface Needed {
  readonly module: string;
  readonly name: string;
}

/**
 * Makes exports usable in a file, and says under which local names: their own, an alias, or a member of a namespace. Nothing where an
 * `import` would change what the file is: a script, or CommonJS.
 */
export function addImports(
  ts: TypeScript,
  file: ts.SourceFile,
  needed: readonly Needed[],
): { readonly names: readonly string[]; readonly edits: readonly Edit[] } | undefined {
  const layout = layoutOf(ts, file);
  const missing = new Map<string, string[]>();
  const names = needed.map(({ module, name }) => {
    const local = localName(ts, file, module, name);
    if (local !== undefined) return local;
    const free = freeName(ts, file, name);
    missing.set(module, [...(missing.get(module) ?? []), free === name ? name : `${name} as ${free}`]);
    return free;
  });
  if (missing.size > 0 && !takesImports(ts, file)) return undefined;
  const fresh: Edit[] = [];
  const edits = [...missing].flatMap(([module, specifiers]) => {
    const host = importsOf(ts, file, module).find((statement) => acceptsNames(ts, statement));
    if (!host) {
      fresh.push(addDeclaration(ts, file, module, specifiers, layout));
      return [];
    }
    const { elements } = host.importClause!.namedBindings as ts.NamedImports;
    const last = elements.at(-1)!;
    const between = elements.length > 1 ? file.text.slice(elements.at(-2)!.end, last.getStart(file)) : '';
    const separator = /\n/.test(between) ? /,(\s*)$/.exec(between)?.[1] : undefined;
    return [insert(last.end, specifiers.map((specifier) => `,${separator ?? ' '}${specifier}`).join(''))];
  });
  // The first import of a file is set apart from what follows.
  const gap = fresh[0] && topImports(ts, file).length === 0 ? [insert(fresh[0].start, layout.eol)] : [];
  return { names, edits: [...edits, ...fresh, ...gap] };
}

/** A file that has no `import` or `export` is a script, and one with `require` alone is CommonJS. */
function takesImports(ts: TypeScript, file: ts.SourceFile): boolean {
  if (file.statements.some((statement) => ts.isImportDeclaration(statement))) return true;
  return ts.isExternalModule(file) && !file.statements.some((statement) => ts.isImportEqualsDeclaration(statement));
}

function importsOf(ts: TypeScript, file: ts.SourceFile, module: string): ts.ImportDeclaration[] {
  return file.statements
    .filter((statement) => ts.isImportDeclaration(statement))
    .filter((statement) => specifierOf(ts, statement) === module);
}

function localName(ts: TypeScript, file: ts.SourceFile, module: string, name: string): string | undefined {
  for (const { importClause } of importsOf(ts, file, module)) {
    const bindings = importClause?.namedBindings;
    if (!bindings || importClause.isTypeOnly) continue;
    if (ts.isNamespaceImport(bindings)) return `${bindings.name.text}.${name}`;
    const known = bindings.elements.find(
      (element) => !element.isTypeOnly && (element.propertyName ?? element.name).text === name,
    );
    if (known) return known.name.text;
  }
  return undefined;
}

/** `import { a } from`, but no `import type`, and no empty list. */
function acceptsNames(ts: TypeScript, { importClause }: ts.ImportDeclaration): boolean {
  const bindings = importClause?.namedBindings;
  return (
    bindings !== undefined && ts.isNamedImports(bindings) && bindings.elements.length > 0 && !importClause?.isTypeOnly
  );
}

/** A name that the file uses for something else gets one of ours. */
export function freeName(ts: TypeScript, file: ts.SourceFile, name: string): string {
  if (!isTaken(ts, file, name)) return name;
  const prefix = /^[A-Z]/.test(name) ? 'Holdfast' : 'holdfast';
  const base = prefix + name.charAt(0).toUpperCase() + name.slice(1);
  let free = base;
  for (let count = 2; isTaken(ts, file, free); count += 1) free = base + String(count);
  return free;
}

const taken = new WeakMap<ts.SourceFile, ReadonlySet<string>>();

/** Whether a file says a name as something else than that of a member. */
function isTaken(ts: TypeScript, file: ts.SourceFile, name: string): boolean {
  let names = taken.get(file);
  if (!names) taken.set(file, (names = bindingNames(ts, file)));
  return names.has(name);
}

function bindingNames(ts: TypeScript, file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const open: ts.Node[] = [file];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isIdentifier(node) && !isMemberName(ts, node)) names.add(node.text);
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return names;
}

function isMemberName(ts: TypeScript, name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent)) return parent.propertyName === name;
  const isMember =
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isPropertySignature(parent);
  return isMember && parent.name === name;
}

/** Packages come first in most files: ours join them, without splitting a group. */
function addDeclaration(
  ts: TypeScript,
  file: ts.SourceFile,
  module: string,
  specifiers: readonly string[],
  { eol, quote, semicolon, braceSpace }: Layout,
): Edit {
  const line = `import {${braceSpace}${specifiers.join(', ')}${braceSpace}} from ${quote}${module}${quote}${semicolon}`;
  const imports = topImports(ts, file);
  const same = imports.find((statement) => specifierOf(ts, statement) === module);
  const packages = imports.filter((statement) => !/^[.#~/]|^@\//.test(specifierOf(ts, statement) ?? '.'));
  const host = same ?? packages.at(-1);
  if (host) return insert(lineEnd(file.text, host.end), eol + line);
  return insert(headerEnd(ts, file), line + eol);
}

function specifierOf(ts: TypeScript, statement: ts.Statement): string | undefined {
  if (!ts.isImportDeclaration(statement)) return undefined;
  const { moduleSpecifier } = statement;
  return ts.isStringLiteralLike(moduleSpecifier) ? moduleSpecifier.text : undefined;
}

/** The imports at the top, up to the first other statement. */
function topImports(ts: TypeScript, file: ts.SourceFile): ts.Statement[] {
  const body = file.statements.slice(directiveCount(ts, file));
  const end = body.findIndex(
    (statement) => !ts.isImportDeclaration(statement) && !ts.isImportEqualsDeclaration(statement),
  );
  return body.slice(0, end < 0 ? body.length : end);
}

function directiveCount(ts: TypeScript, { statements }: ts.SourceFile): number {
  const count = statements.findIndex(
    (statement) => !ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression),
  );
  return count < 0 ? statements.length : count;
}

/** Behind shebang, licence, comments for tools and directives; before the comment that belongs to the first statement. */
export function headerEnd(ts: TypeScript, file: ts.SourceFile): number {
  const first = file.statements[directiveCount(ts, file)];
  if (!first) return file.text.length;
  let end = first.getStart(file);
  for (const { pos, end: close } of [...(ts.getLeadingCommentRanges(file.text, first.pos) ?? [])].reverse()) {
    const comment = file.text.slice(pos, close);
    const isApart = /\n[ \t]*\r?\n/.test(file.text.slice(close, end));
    const isHeader = /^\/\/\/|^\/\*!|@ts-|@license|@jest-|@vitest-|copyright|licen[cs]e|eslint|prettier|biome/i;
    if (isApart || (isHeader.test(comment) && !/-next-line|@ts-(?:expect-error|ignore)/.test(comment))) break;
    end = pos;
  }
  return end;
}
