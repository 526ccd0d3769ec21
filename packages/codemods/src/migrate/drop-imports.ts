import { ts } from 'ts-morph';
import { lineEnd } from '../layout.js';
import { symbolOf } from '../nodes.js';
import type { Edit } from '../plan.js';
import { bindingsOf, importsOf } from './package-uses.js';

/**
 * What the edits leave without use among the imports of some packages. A name that was not used before stays: it is there for
 * a reason of its own.
 */
export function leftUnused(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  packages: readonly string[],
  edits: readonly Edit[],
): ReadonlySet<ts.Identifier> {
  const names = packages.flatMap((name) => importsOf(file, name, true)).flatMap(namesOf);
  return new Set(names.filter((name) => isLeftUnused(file, checker, name, edits)));
}

/**
 * Takes away what is unused among the imports of some packages. `added` are the imports that come in: one of them takes the
 * place of an import that goes, where it stands beside it.
 */
export function dropImports(
  file: ts.SourceFile,
  packages: readonly string[],
  unused: ReadonlySet<ts.Identifier>,
  added: readonly Edit[],
): Edit[] {
  let imports = [...added];
  for (const statement of packages.flatMap((name) => importsOf(file, name, true))) {
    const own = namesOf(statement);
    const gone = own.filter((binding) => unused.has(binding));
    if (gone.length === 0) continue;
    if (gone.length === own.length) imports = dropStatement(file, statement, imports);
    else imports.push(...dropBindings(file, statement as ts.ImportDeclaration, unused));
  }
  return imports;
}

/** All that an import binds, types included. */
function namesOf(statement: ts.ImportDeclaration | ts.ImportEqualsDeclaration): ts.Identifier[] {
  return bindingsOf(statement, true).map(({ binding }) => binding);
}

/** Whether it was used, and the edits replace all of its uses. */
function isLeftUnused(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  binding: ts.Identifier,
  edits: readonly Edit[],
): boolean {
  const symbol = checker.getSymbolAtLocation(binding);
  const word = new RegExp(`(?<![\\w$.])${binding.text.replaceAll('$', '\\$')}(?![\\w$])`);
  if (!symbol || edits.some(({ text }) => word.test(text))) return false;
  let uses = 0;
  const visit = (node: ts.Node): boolean => {
    if (ts.isImportDeclaration(node) || ts.isImportEqualsDeclaration(node)) return true;
    if (ts.isIdentifier(node) && node.text === binding.text) {
      if (symbolOf(checker, node) === symbol) {
        uses += 1;
        if (!edits.some(({ start, end }) => start <= node.getStart(file) && node.end <= end)) return false;
      }
    }
    return ts.forEachChild(node, (child) => (visit(child) ? undefined : true)) !== true;
  };
  return visit(file) && uses > 0;
}

function dropStatement(file: ts.SourceFile, statement: ts.Statement, added: readonly Edit[]): Edit[] {
  const start = statement.getStart(file);
  const end = lineEnd(file.text, statement.end);
  const successor = added.find((edit) => edit.start === end && edit.end === end && /^\r?\nimport\b/.test(edit.text));
  if (successor) {
    const text = successor.text.replace(/^\r?\n/, '');
    return [...added.filter((edit) => edit !== successor), { start, end: statement.end, text }];
  }
  const isWholeLine = file.text.slice(statement.end, end).trim() === '';
  const next = file.text.indexOf('\n', end) + 1;
  return [...added, { start, end: isWholeLine && next > 0 ? next : statement.end, text: '' }];
}

function dropBindings(
  file: ts.SourceFile,
  { importClause }: ts.ImportDeclaration,
  unused: ReadonlySet<ts.Identifier>,
): Edit[] {
  const { name, namedBindings } = importClause!;
  const edits: Edit[] = [];
  if (name && unused.has(name) && namedBindings) {
    // `import pRetry, { type Options }`: the types stay.
    edits.push({ start: name.getStart(file), end: namedBindings.getStart(file), text: '' });
  }
  if (!namedBindings || ts.isNamespaceImport(namedBindings)) {
    if (name && namedBindings && unused.has(namedBindings.name)) {
      edits.push({ start: name.end, end: namedBindings.end, text: '' });
    }
    return edits;
  }
  const { elements } = namedBindings;
  if (elements.every((element) => unused.has(element.name))) {
    return [...edits, { start: name!.end, end: namedBindings.end, text: '' }];
  }
  const last = elements.findLastIndex((element) => !unused.has(element.name));
  elements.forEach((element, index) => {
    if (!unused.has(element.name)) return;
    // With the comma behind it, or the one before it where nothing that stays follows.
    const [start, end] =
      index > last
        ? [elements[index - 1]!.end, element.end]
        : [element.getStart(file), elements[index + 1]!.getStart(file)];
    edits.push({ start, end, text: '' });
  });
  return edits;
}
