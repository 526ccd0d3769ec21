import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { unwrap } from '../resolver/unwrap.js';

/** Options are nested no deeper than this. */
const maxDepth = 4;

/** Whether a call sends a stream: the first attempt uses it up, and how long it takes depends on its length, which no default knows. */
export function sendsStream({ arguments: given }: ts.CallExpression, analysis: Analysis): boolean {
  return given.some((argument) => holdsStream(argument, analysis, 0));
}

function holdsStream(given: ts.Expression, analysis: Analysis, depth: number): boolean {
  const { ts, checker, scopes } = analysis;
  const value = unwrap(ts, given) as ts.Expression;
  if (!checker || depth > maxDepth || ts.isStringLiteralLike(value) || ts.isTemplateExpression(value)) return false;
  if (ts.isObjectLiteralExpression(value)) {
    return value.properties.some((property) => {
      if (ts.isShorthandPropertyAssignment(property)) return holdsStream(property.name, analysis, depth + 1);
      return ts.isPropertyAssignment(property) && holdsStream(property.initializer, analysis, depth + 1);
    });
  }
  if (isStream(value, analysis)) return true;
  if (ts.isNewExpression(value)) return (value.arguments ?? []).some((part) => holdsStream(part, analysis, depth + 1));
  const made = ts.isIdentifier(value) ? scopes.find(value.text, value) : undefined;
  if (!made || !ts.isVariableDeclaration(made) || !made.initializer) return false;
  const held = unwrap(ts, made.initializer) as ts.Expression;
  return (ts.isObjectLiteralExpression(held) || ts.isNewExpression(held)) && holdsStream(held, analysis, depth + 1);
}

/** A `Readable`, a `ReadableStream`, or a `FormData` of the package form-data. A query that can be read as a stream can be awaited, too. */
function isStream(value: ts.Expression, { checker }: Analysis): boolean {
  const has = (property: string): boolean => checker?.mayHaveProperty(value, property) === true;
  if (has('then')) return false;
  return has('getReader') || (has('pipe') && has('on'));
}
