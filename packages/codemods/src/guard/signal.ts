import type { OutboundCall } from '@holdfast/analysis';
import { ts } from 'ts-morph';
import type { Layout } from '../layout.js';
import { insertIntoList } from '../lists.js';
import type { Edit } from '../plan.js';

/**
 * Hands the attempt's signal to a call, so that a timeout ends the work and not only the wait, and an idempotency key, if it gets one.
 *
 * @param key What the key is called. Its options are written in place, or left out.
 * @returns Nothing when what is in the place of the options may be something else.
 */
export function forwardSignal(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  call: ts.CallExpression,
  { options }: OutboundCall,
  value: string,
  layout: Layout,
  key?: string,
): Edit[] | undefined {
  const { signal, argument } = options;
  const mayHaveSignal = signal?.state === 'unknown';
  const property = [
    ...(key === undefined || options.key === undefined ? [] : [propertyText(options.key, key)]),
    ...(!signal || signal.state === 'present' ? [] : [propertyText(signal.option, value)]),
  ].join(', ');
  if (property === '') return [];
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
    const type = checker.getTypeAtLocation(given);
    // `http.get(url, callback)`: options go before it.
    if (type.getCallSignatures().length > 0) return [insert(start, `{ ${property} }, `)];
    if (!isOptions(type)) return undefined;
    // A signal that may be in there already wins over ours.
    return mayHaveSignal
      ? [insert(start, `{ ${property}, ...`), insert(given.end, ' }')]
      : [insert(start, '{ ...'), insert(given.end, `, ${property} }`)];
  }
  if (given.properties.length === 0) return [{ start, end: given.end, text: `{ ${property} }` }];
  const index = mayHaveSignal ? 0 : given.properties.length;
  return insertIntoList(file, given.properties, index, property, layout);
}

function propertyText(option: string, value: string): string {
  return value === option ? value : `${option}: ${value}`;
}

/** An object, or none: anything else would be spread to pieces. */
function isOptions(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.every(isOptions);
  const empty = ts.TypeFlags.Undefined | ts.TypeFlags.Null;
  if ((type.flags & empty) !== 0) return true;
  return (type.flags & ts.TypeFlags.Object) !== 0 && type.getCallSignatures().length === 0;
}

function insert(at: number, text: string): Edit {
  return { start: at, end: at, text };
}
