import type ts from 'typescript';
import { argumentsOf, type CallLike } from './facts/file-facts.js';
import type { Edit } from './finding.js';
import { aboveDirective, endOfLine, indentAt, layoutOf, startsLine } from './layout.js';
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
    if (options.getText() === 'undefined') return replace(options, `{ ${option} }`);
    // A callback has their place.
    if (ts.isFunctionLike(bare)) return undefined;
    if (!ts.isObjectLiteralExpression(bare)) return replace(options, `{ ...${options.getText()}, ${option} }`);
    const name = /^\w+/.exec(option)?.[0];
    // `signal: undefined` is as good as none, and must not be there twice.
    const same = bare.properties.find((property) => property.name?.getText() === name);
    if (same) return replace(same, option);
    const last = bare.properties.at(-1);
    if (!last) return replace(bare, `{ ${option} }`);
    const { text } = call.getSourceFile();
    const start = last.getStart();
    return insert(
      last.end,
      startsLine(text, start) ? `,${endOfLine(text)}${indentAt(text, start)}${option}` : `, ${option}`,
    );
  }
  const missing = Array.from({ length: position - given.length }, () => 'undefined');
  const text = [...missing, `{ ${option} }`].join(', ');
  const last = given.at(-1);
  if (last) return insert(last.end, `, ${text}`);
  return call.getText().endsWith(')') ? insert(call.end - 1, text) : undefined;
}

/** Declares something for an expression, once for each time that the code around it runs; `undefined` where there is no place. */
export function declareAbove(
  ts: TypeScript,
  expression: ts.Node,
  declaration: string,
): { readonly scope: ts.Node; readonly edits: readonly Edit[] } | undefined {
  const file = expression.getSourceFile();
  const { text } = file;
  const { eol, semicolon } = layoutOf(ts, file);
  for (let node = expression; ; node = node.parent) {
    const { parent } = node;
    const start = node.getStart();
    if (ts.isArrowFunction(parent) && parent.body === node && !ts.isBlock(node)) {
      const edits = [insert(start, `{ ${declaration}; return `), insert(node.end, `${semicolon} }`)];
      return { scope: parent, edits };
    }
    // Above a loop, all that it runs would share one; what a class or a parameter holds has no statement of its own.
    if (node !== expression && ts.isIterationStatement(node, false)) return undefined;
    if (!parent || ts.isFunctionLike(parent) || ts.isClassLike(parent)) return undefined;
    if (!ts.isBlock(parent) && !ts.isSourceFile(parent)) continue;
    const at = aboveDirective(ts, text, node.pos, start);
    if (!startsLine(text, at)) return { scope: parent, edits: [insert(at, `${declaration}; `)] };
    // Without a semicolon, a statement such as `(await …)` would go on with the line above.
    const end = /[([`/+-]/.test(text.charAt(start)) ? ';' : semicolon;
    return { scope: parent, edits: [insert(at, declaration + end + eol + indentAt(text, at))] };
  }
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
