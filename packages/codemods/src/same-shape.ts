import { ts } from 'ts-morph';

/**
 * Whether an edited file surely declares to others what it declared before, as far as its text tells: what differs is the inside of
 * functions that say what they return, decorators, and new imports and constants under names that the file did not know. Much cheaper
 * than asking the compiler, which is left for where the answer is no.
 */
export function hasSameShape(before: ts.SourceFile, after: ts.SourceFile): boolean {
  // In JavaScript a method may declare a field.
  if (!ts.isExternalModule(before) || !ts.isExternalModule(after) || /\.[cm]?jsx?$/.test(before.fileName)) return false;
  const [old, now] = [shapeOf(before), shapeOf(after)];
  const isNew = (name: string): boolean => !new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`).test(before.text);
  if ([...old.imports.keys()].some((name) => !now.imports.has(name))) return false;
  for (const [imported, name] of now.imports) if (!old.imports.has(imported) && !isNew(name)) return false;
  let matched = 0;
  for (const { text, constants } of now.statements) {
    if (text === old.statements[matched]?.text) matched += 1;
    else if (!constants?.every(isNew)) return false;
  }
  return matched === old.statements.length;
}

interface Shape {
  /** Everything imported, with the module it is from, and its name here. */
  readonly imports: ReadonlyMap<string, string>;
  readonly statements: readonly {
    readonly text: string;
    /** The names of a declaration that only this file sees. */
    readonly constants: readonly string[] | undefined;
  }[];
}

function shapeOf(file: ts.SourceFile): Shape {
  const imports = new Map<string, string>();
  const statements: { text: string; constants: readonly string[] | undefined }[] = [];
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement) && statement.importClause) {
      for (const { imported, name } of namesOf(statement, statement.importClause)) imports.set(imported, name);
    } else statements.push({ text: textOf(file, statement), constants: constantsOf(statement) });
  }
  return { imports, statements };
}

function namesOf(
  { moduleSpecifier, attributes }: ts.ImportDeclaration,
  { name, namedBindings, phaseModifier }: ts.ImportClause,
): { imported: string; name: string }[] {
  const from = `${String(phaseModifier)} ${moduleSpecifier.getText()} ${attributes?.getText() ?? ''}`;
  const entry = (what: string, { text }: ts.Identifier): { imported: string; name: string } => ({
    imported: `${from} ${what} ${text}`,
    name: text,
  });
  if (!namedBindings) return name ? [entry('default', name)] : [];
  const bound = ts.isNamespaceImport(namedBindings)
    ? [entry('*', namedBindings.name)]
    : namedBindings.elements.map((element) => entry(element.getText(), element.name));
  return name ? [entry('default', name), ...bound] : bound;
}

function constantsOf(statement: ts.Statement): readonly string[] | undefined {
  if (!ts.isVariableStatement(statement) || statement.modifiers) return undefined;
  const names = statement.declarationList.declarations.map(({ name }) => name);
  return names.every(ts.isIdentifier) ? names.map(({ text }) => text) : undefined;
}

/** The tokens of a statement, without those that others cannot feel. */
function textOf(file: ts.SourceFile, statement: ts.Statement): string {
  const hidden: ts.Node[] = [];
  let isPlain = true;
  const visit = (node: ts.Node): void => {
    if (ts.isDecorator(node) || isHiddenBody(node)) hidden.push(node);
    else {
      isPlain &&=
        !ts.isTemplateExpression(node) && !ts.isTemplateLiteralTypeNode(node) && !ts.isRegularExpressionLiteral(node);
      ts.forEachChild(node, visit);
    }
  };
  visit(statement);
  // What a token is depends on where it is: a regular expression, or how a template goes on after a placeholder.
  if (!isPlain) return statement.getText(file);
  const tokens: string[] = [];
  let from = statement.getStart(file);
  for (const node of hidden) {
    tokens.push(...tokensOf(file.text, from, node.getStart(file)));
    from = node.end;
  }
  return [...tokens, ...tokensOf(file.text, from, statement.end)].join('\n');
}

/** Not that of a constructor, which says what its fields are. */
function isHiddenBody(node: ts.Node): boolean {
  return ts.isBlock(node) && ts.isFunctionLike(node.parent) && node.parent.type !== undefined;
}

function tokensOf(text: string, start: number, end: number): string[] {
  const scanner = ts.createScanner(
    ts.ScriptTarget.Latest,
    true,
    ts.LanguageVariant.Standard,
    text,
    undefined,
    start,
    end - start,
  );
  const tokens: string[] = [];
  while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken) tokens.push(scanner.getTokenText());
  return tokens;
}

function escaped(name: string): string {
  return name.replaceAll('$', '\\$');
}
