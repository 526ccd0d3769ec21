import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { layoutOf } from '../layout.js';
import { unwrap } from '../resolver/unwrap.js';
import { policyValues, type PolicyValue, type PolicyValues } from './policy-values.js';

/** A value that an editor offers to write. */
export interface Completion {
  /** As it is written. */
  readonly text: string;
  /** What it is good for. */
  readonly detail: string;
  /** The same with places to fill in, as LSP and editors write snippets: `${1:3}`. */
  readonly snippet?: string;
}

/** Sensible values for a position in the arguments of a policy: those of an option, or whole ones where there is nothing yet. */
export function completionsAt(file: ts.SourceFile, position: number, tools: Analysis): Completion[] {
  const { ts } = tools;
  for (let node = innermost(file, position, ts); !ts.isSourceFile(node); node = node.parent) {
    if (ts.isFunctionLike(node) || ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return [];
    if (ts.isObjectLiteralExpression(node)) return written(optionValues(node, position, tools), file, ts);
    if (!ts.isCallExpression(node)) continue;
    const { values, index } = policyOf(node, tools) ?? {};
    return values && isAtArgument(node, index!, position, ts) ? written(values.whole, file, ts) : [];
  }
  return [];
}

function innermost(file: ts.SourceFile, position: number, ts: Analysis['ts']): ts.Node {
  let node: ts.Node = file;
  for (;;) {
    const inner = ts.forEachChild(node, (child) =>
      child.getStart(file) < position && position <= child.end ? child : undefined,
    );
    if (!inner) return node;
    node = inner;
  }
}

function optionValues(
  options: ts.ObjectLiteralExpression,
  position: number,
  tools: Analysis,
): readonly PolicyValue[] | undefined {
  const { ts } = tools;
  let outer: ts.Node = options;
  while (!ts.isCallExpression(outer.parent) && unwrap(ts, outer.parent) === options) outer = outer.parent;
  const call = outer.parent;
  const policy = ts.isCallExpression(call) ? policyOf(call, tools) : undefined;
  if (!policy || (call as ts.CallExpression).arguments[policy.index] !== outer) return undefined;
  const property = options.properties.filter(({ name }) => name && name.end < position).at(-1);
  if (!property || !ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) return undefined;
  const between = options.getSourceFile().text.slice(property.name.end, position);
  return /^\s*:\s*\w*$/.test(between) && Object.hasOwn(policy.values.options, property.name.text)
    ? policy.values.options[property.name.text]
    : undefined;
}

/** The values for what a call makes, and the position of its options. */
function policyOf(
  { expression }: ts.CallExpression,
  { meanings }: Analysis,
): { readonly values: PolicyValues; readonly index: number } | undefined {
  const meaning = meanings.of(expression);
  if (meaning?.kind !== 'export' || meaning.module !== '@holdfast/runtime') return undefined;
  const isWrapper = meaning.name === 'withRetry' || meaning.name === 'withTimeout';
  const name = isWrapper ? meaning.name.slice('with'.length) : meaning.name;
  const factory = name.charAt(0).toLowerCase() + name.slice(1);
  const values = Object.hasOwn(policyValues, factory) ? policyValues[factory] : undefined;
  return values && { values, index: isWrapper ? 1 : 0 };
}

/** Whether a position is where an argument goes that is not there, or is a word that has just begun. */
function isAtArgument(call: ts.CallExpression, index: number, position: number, ts: Analysis['ts']): boolean {
  const { arguments: given, expression } = call;
  if (given.length < index) return false;
  const from = index === 0 ? expression.end : given[index - 1]!.end;
  const between = call.getSourceFile().text.slice(from, position);
  const isBegun = !given[index] || ts.isIdentifier(given[index]) || ts.isNumericLiteral(given[index]);
  return isBegun && (index === 0 ? /^\s*\(\s*\w*$/ : /^\s*,\s*\w*$/).test(between);
}

function written(values: readonly PolicyValue[] = [], file: ts.SourceFile, ts: Analysis['ts']): Completion[] {
  const { quote } = layoutOf(ts, file);
  return values.map(([value, detail]) => {
    const snippet = value.replaceAll("'", quote);
    const text = snippet.replace(/\$\{\d+:([^}]*)\}/g, '$1');
    return { text, detail, ...(snippet === text ? {} : { snippet }) };
  });
}
