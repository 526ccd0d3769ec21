import type { OutboundCall } from '@holdfast/analysis';
import { ts } from 'ts-morph';
import { indentAt, startsLine, type Layout } from '../layout.js';
import type { Edit } from '../plan.js';
import { aboveDirective } from './wrap.js';

/** Where a key can be made once for all attempts, and anew for each call: above a statement, or in an arrow function's body. */
export type KeyPlace =
  { readonly kind: 'above'; readonly statement: ts.Node } | { readonly kind: 'body'; readonly body: ts.Expression };

/**
 * Where to make the idempotency key of a write whose client takes one.
 *
 * @param operation The call, with what is repeated together with it.
 * @returns Nothing when it has a key, when one may be among its options unseen, or where no key could be made for each call alone.
 */
export function keyPlace(
  outbound: OutboundCall,
  call: ts.CallExpression,
  operation: ts.Expression,
): KeyPlace | undefined {
  const { effect, key } = outbound.operation;
  const { options } = outbound;
  if (options.key === undefined || key || effect !== 'write' || !hasRoom(call, options.argument)) return undefined;
  return placeAround(operation);
}

/** The options are left out, or written in place, each by its name. */
function hasRoom(call: ts.CallExpression, position: number): boolean {
  if (call.arguments.some((argument) => ts.isSpreadElement(argument))) return false;
  const given = call.arguments[position];
  if (!given) return position > 0 && call.arguments.length === position;
  return (
    ts.isObjectLiteralExpression(given) &&
    given.properties.every(({ name }) => name !== undefined && !ts.isComputedPropertyName(name))
  );
}

function placeAround(operation: ts.Expression): KeyPlace | undefined {
  for (let node: ts.Node = operation; ; node = node.parent) {
    const { parent } = node;
    if (ts.isArrowFunction(parent) && parent.body === node) return { kind: 'body', body: node as ts.Expression };
    // Above a loop, all its calls would share one key.
    if (ts.isIterationStatement(node, false) || ts.isFunctionLike(parent) || ts.isClassLike(parent)) return undefined;
    if (ts.isBlock(parent) || ts.isSourceFile(parent)) return { kind: 'above', statement: node };
  }
}

/** Makes a key, as edits before and behind those of the operation. */
export function makeKey(
  file: ts.SourceFile,
  place: KeyPlace,
  declaration: string,
  { eol, semicolon }: Layout,
): { readonly before: Edit; readonly after: readonly Edit[] } {
  const { text } = file;
  if (place.kind === 'body') {
    const start = place.body.getStart(file);
    const { end } = place.body;
    return {
      before: { start, end: start, text: `{ ${declaration}; return ` },
      after: [{ start: end, end, text: `${semicolon} }` }],
    };
  }
  const head = place.statement.getStart(file);
  const start = aboveDirective(text, place.statement.pos, head);
  if (!startsLine(text, start)) return { before: { start, end: start, text: `${declaration}; ` }, after: [] };
  // Without a semicolon, a statement such as `(await …)` would go on with the line above.
  const end = /[([`/+-]/.test(text.charAt(head)) ? ';' : semicolon;
  return { before: { start, end: start, text: declaration + end + eol + indentAt(text, start) }, after: [] };
}
