/**
 * One string per list of arguments, for plain data: primitives, arrays, plain objects, dates, and what is nested of these. The order
 * of an object's keys does not matter, abort signals are left out, also among options. Undefined when an argument cannot be told apart by its data.
 */
export function keyOfArguments(args: readonly unknown[]): string | undefined {
  const parts: string[] = [];
  for (const arg of args) {
    if (arg instanceof AbortSignal) continue;
    const part = keyOf(arg, 0);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts.join(',');
}

const DEEPEST = 20;

function keyOf(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'object':
      return value === null ? 'null' : keyOfObject(value, depth);
    default:
      return undefined;
  }
}

function keyOfObject(value: object, depth: number): string | undefined {
  if (depth >= DEEPEST) return undefined;
  if (value instanceof Date) return `Date(${value.getTime()})`;
  const parts: string[] = [];
  if (Array.isArray(value)) {
    // At the first item that gives none it is over: an array that contains itself would be walked for ever.
    for (const item of value as unknown[]) {
      const part = keyOf(item, depth + 1);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return `[${parts.join(',')}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return undefined;
  if (Object.getOwnPropertySymbols(value).length > 0) return undefined;
  for (const name of Object.keys(value).sort()) {
    const property = (value as Record<string, unknown>)[name];
    if (property instanceof AbortSignal) continue;
    const part = keyOf(property, depth + 1);
    if (part === undefined) return undefined;
    parts.push(`${JSON.stringify(name)}:${part}`);
  }
  return `{${parts.join(',')}}`;
}
