import type ts from 'typescript';
import type { TypeScript } from '../typescript.js';

const iterating = new Set('map flatMap forEach filter find some every reduce'.split(' '));

/** Whether a call runs what it is given for each item of something. */
export function isIterating(call: ts.Node, ts: TypeScript): call is ts.CallExpression {
  return (
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    iterating.has(call.expression.name.text)
  );
}

/** `Promise.all(items.map(load))`: all at once, and as long as the slowest takes. */
export function isTogether(call: ts.CallExpression, ts: TypeScript): boolean {
  const { parent } = call;
  return (
    /\.map$/.test(call.expression.getText()) &&
    ts.isCallExpression(parent) &&
    /^Promise\.all(?:Settled)?$/.test(parent.expression.getText())
  );
}
