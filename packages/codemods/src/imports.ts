import { ts } from 'ts-morph';
import { lineEnd, type Layout } from './layout.js';
import { insertIntoList } from './lists.js';
import { bindingNames } from './names.js';
import type { Edit } from './plan.js';

/** Collects what a plan needs from other modules and turns it into the fewest import edits. */
export interface Imports {
  /** The text to use for an export in this file: its name, an alias, or `namespace.name`. */
  use(module: string, name: string): string;
  /** The same for something that is a type and nothing else. */
  useType(module: string, name: string): string;
  /** The exports that go by an alias, because the file uses their name for something else. */
  readonly aliased: ReadonlySet<string>;
  edits(): Edit[];
}

/** @param isGone Whether what a name stands for goes away, so that its name is free. */
export function createImports(file: ts.SourceFile, layout: Layout, isGone?: (name: ts.Identifier) => boolean): Imports {
  const taken = bindingNames(file, isGone);
  const aliased = new Set<string>();
  const added = new Map<string, Map<string, string>>();

  function existing(module: string, name: string, isType: boolean): string | undefined {
    for (const { importClause } of declarationsOf(file, module)) {
      const bindings = importClause?.namedBindings;
      if (!bindings || (!isType && importClause.phaseModifier === ts.SyntaxKind.TypeKeyword)) continue;
      if (ts.isNamespaceImport(bindings)) return `${bindings.name.text}.${name}`;
      const specifier = bindings.elements.find(
        (element) => (isType || !element.isTypeOnly) && (element.propertyName ?? element.name).text === name,
      );
      if (specifier) return specifier.name.text;
    }
    return undefined;
  }

  /** A name the file uses for something else gets a name of ours. */
  function freeName(name: string): string {
    if (!taken.has(name)) return name;
    const isType = /^[A-Z]/.test(name);
    const base = `${isType ? 'Holdfast' : 'holdfast'}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    let free = base;
    for (let count = 2; taken.has(free); count += 1) free = base + String(count);
    return free;
  }

  function use(module: string, name: string, isType: boolean): string {
    const key = isType ? `type ${name}` : name;
    const local = added.get(module)?.get(key) ?? existing(module, name, isType);
    if (local !== undefined) return local;
    const free = freeName(name);
    if (free !== name) aliased.add(name);
    taken.add(free);
    const names = added.get(module) ?? new Map<string, string>();
    added.set(module, names.set(key, free));
    return free;
  }

  return {
    aliased,
    use: (module, name) => use(module, name, false),
    useType: (module, name) => use(module, name, true),
    edits() {
      const fresh: string[] = [];
      const edits: Edit[] = [];
      for (const [module, names] of [...added].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const specifiers = [...names]
          .map(([name, local]) => (name.replace('type ', '') === local ? name : `${name} as ${local}`))
          .sort(byName);
        const host = declarationsOf(file, module).find(acceptsNames);
        if (host) edits.push(...addNames(file, host, specifiers, layout));
        else fresh.push(importText(module, specifiers, layout));
      }
      return fresh.length === 0 ? edits : [...edits, newImports(file, [...added.keys()], fresh, layout)];
    },
  };
}

/** Where module-level declarations that need the imports can stand: below all of them. */
export function insertBelowImports(file: ts.SourceFile, statement: string, { eol }: Layout): Edit {
  const last = topImports(file).at(-1);
  if (!last) {
    const start = headerEnd(file);
    return { start, end: start, text: statement + eol + eol };
  }
  const end = lineEnd(file.text, last.end);
  return { start: end, end, text: eol + eol + statement };
}

function declarationsOf(file: ts.SourceFile, module: string): ts.ImportDeclaration[] {
  return file.statements
    .filter(ts.isImportDeclaration)
    .filter(({ moduleSpecifier }) => ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text === module);
}

/** `import { a } from`, but no `import type`, and no empty list. */
function acceptsNames({ importClause }: ts.ImportDeclaration): boolean {
  const bindings = importClause?.namedBindings;
  return (
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.length > 0 &&
    importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword
  );
}

function addNames(
  file: ts.SourceFile,
  declaration: ts.ImportDeclaration,
  specifiers: readonly string[],
  layout: Layout,
): Edit[] {
  const { elements } = declaration.importClause?.namedBindings as ts.NamedImports;
  const names = elements.map((element) => element.getText(file));
  const isSorted = names.every((name, index) => index === 0 || byName(names[index - 1]!, name) <= 0);
  // Names that land in the same place go in as one, so that each is separated once.
  const places = new Map<number, string[]>();
  for (const specifier of specifiers) {
    const found = isSorted ? names.findIndex((name) => byName(specifier, name) < 0) : -1;
    const index = found < 0 ? names.length : found;
    places.set(index, [...(places.get(index) ?? []), specifier]);
  }
  const isOnePerLine = elements.length > 1 && /\n/.test(file.text.slice(elements[0]!.end, elements[1]!.getStart(file)));
  const indent = /[ \t]*$/.exec(file.text.slice(0, elements[0]!.getStart(file)))?.[0] ?? '';
  const separator = isOnePerLine ? `,${layout.eol}${indent}` : ', ';
  return [...places].flatMap(([index, added]) => insertIntoList(file, elements, index, added.join(separator), layout));
}

function importText(module: string, specifiers: readonly string[], layout: Layout): string {
  const { quote, semicolon, braceSpace, eol, indent, printWidth } = layout;
  const from = ` from ${quote}${module}${quote}${semicolon}`;
  const line = `import {${braceSpace}${specifiers.join(', ')}${braceSpace}}${from}`;
  if (line.length <= printWidth) return line;
  return `import {${eol}${specifiers.map((specifier) => `${indent}${specifier},${eol}`).join('')}}${from}`;
}

/** External imports come first in most files: ours join them, without splitting a group. */
function newImports(file: ts.SourceFile, modules: readonly string[], lines: readonly string[], { eol }: Layout): Edit {
  const imports = topImports(file);
  const text = lines.join(eol);
  const typeOnly = imports.find((statement) => modules.includes(specifierOf(statement) ?? ''));
  const host = typeOnly ?? imports.filter((statement) => !/^[.#~/]|^@\//.test(specifierOf(statement) ?? '.')).at(-1);
  if (host) {
    const end = lineEnd(file.text, host.end);
    return { start: end, end, text: eol + text };
  }
  const first = imports[0];
  if (first) {
    const start = first.getStart(file);
    return { start, end: start, text: text + eol };
  }
  const start = headerEnd(file);
  return { start, end: start, text: text + eol + eol };
}

/** The imports at the top of the file, up to the first other statement. */
function topImports(file: ts.SourceFile): ts.Statement[] {
  const body = file.statements.slice(directiveCount(file));
  const end = body.findIndex(
    (statement) => !ts.isImportDeclaration(statement) && !ts.isImportEqualsDeclaration(statement),
  );
  return body.slice(0, end < 0 ? body.length : end);
}

function specifierOf(statement: ts.Statement): string | undefined {
  if (ts.isImportDeclaration(statement)) {
    return ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : undefined;
  }
  const reference = ts.isImportEqualsDeclaration(statement) ? statement.moduleReference : undefined;
  return reference && ts.isExternalModuleReference(reference) && ts.isStringLiteral(reference.expression)
    ? reference.expression.text
    : undefined;
}

function directiveCount(file: ts.SourceFile): number {
  const count = file.statements.findIndex(
    (statement) => !ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression),
  );
  return count < 0 ? file.statements.length : count;
}

/** Behind shebang, licence, tool comments and directives; before the comment that belongs to the first statement. */
function headerEnd(file: ts.SourceFile): number {
  const first = file.statements[directiveCount(file)];
  if (!first) return file.text.length;
  const start = first.getStart(file);
  const comments = ts.getLeadingCommentRanges(file.text, first.pos) ?? [];
  let end = start;
  for (const comment of [...comments].reverse()) {
    const isApart = /\n[ \t]*\r?\n/.test(file.text.slice(comment.end, end));
    const text = file.text.slice(comment.pos, comment.end);
    if (
      isApart ||
      /^\/\/\/|^\/\*!|@ts-|@license|@jest-|@vitest-|copyright|licen[cs]e|eslint|prettier|biome/i.test(text)
    )
      break;
    end = comment.pos;
  }
  return end;
}

function byName(a: string, b: string): number {
  const [left, right] = [a.replace(/^type /, ''), b.replace(/^type /, '')];
  return alphabet.compare(left, right);
}

/** `localeCompare` makes one of these for every two names. */
const alphabet = new Intl.Collator('en', { sensitivity: 'base' });
