import type ts from 'typescript';
import type { Effect } from '../catalogue/catalogue.js';
import type { TypeScript } from '../typescript.js';
import { unwrap } from './unwrap.js';

/** The document that the body of a request carries: `{ query, variables }`, also within `JSON.stringify(…)` and options. */
export function isGraphql(ts: TypeScript, argument: ts.Node, depth = 0): ts.Expression | undefined {
  const node = unwrap(ts, argument);
  if (depth > 2) return undefined;
  if (ts.isCallExpression(node)) {
    const isJson = ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'stringify';
    return isJson && node.arguments[0] ? isGraphql(ts, node.arguments[0], depth + 1) : undefined;
  }
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const named = new Map<string, ts.Expression>();
  for (const property of node.properties) {
    if (ts.isShorthandPropertyAssignment(property)) named.set(property.name.text, property.name);
    else if (ts.isPropertyAssignment(property) && ts.isIdentifier(property.name)) {
      named.set(property.name.text, property.initializer);
    }
  }
  const query = named.get('query');
  if (query && (named.has('variables') || named.has('operationName') || named.size === 1)) return query;
  for (const name of ['body', 'data', 'json']) {
    const body = named.get(name);
    const found = body && isGraphql(ts, body, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** Every GraphQL request is a POST: what it does is in its document. */
export function graphqlEffect(document: string | undefined): Effect {
  if (document === undefined) return 'unknown';
  return /\bmutation\b/.test(document) ? 'write' : /^\s*(?:query\b|\{|#)/.test(document) ? 'read' : 'unknown';
}
