import type { OutboundCall } from '@holdfast/analysis';
import { ts } from 'ts-morph';
import type { Layout } from '../layout.js';
import { insertIntoList } from '../lists.js';
import type { Edit } from '../plan.js';

/** Hands the attempt's signal to a call, so that a timeout ends the work and not only the wait. */
export function forwardSignal(
  file: ts.SourceFile,
  call: ts.CallExpression,
  { options }: OutboundCall,
  value: string,
  layout: Layout,
): Edit[] {
  const { signal, argument } = options;
  if (!signal || signal.state === 'present') return [];
  const property = value === signal.option ? value : `${signal.option}: ${value}`;
  const given = call.arguments[argument];
  if (!given) {
    const last = call.arguments[call.arguments.length - 1];
    if (!last) return [];
    const missing = 'undefined, '.repeat(argument - call.arguments.length);
    return [{ start: last.end, end: last.end, text: `, ${missing}{ ${property} }` }];
  }
  const start = given.getStart(file);
  if (given.getText(file) === 'undefined') return [{ start, end: given.end, text: `{ ${property} }` }];
  if (!ts.isObjectLiteralExpression(given)) {
    // A signal that may be in there already wins over ours.
    return signal.state === 'unknown'
      ? [insert(start, `{ ${property}, ...`), insert(given.end, ' }')]
      : [insert(start, '{ ...'), insert(given.end, `, ${property} }`)];
  }
  if (given.properties.length === 0) return [{ start, end: given.end, text: `{ ${property} }` }];
  const index = signal.state === 'unknown' ? 0 : given.properties.length;
  return insertIntoList(file, given.properties, index, property, layout);
}

function insert(at: number, text: string): Edit {
  return { start: at, end: at, text };
}
