import type ts from 'typescript';
import type { FileFacts } from '../facts/file-facts.js';
import type { Scopes } from '../facts/scopes.js';
import type { TypeScript } from '../typescript.js';
import type { Meanings } from './meaning.js';
import type { ArgumentsFor } from './options.js';
import type { Targets } from './targets.js';
import { unwrap } from './unwrap.js';

/** Whether an `AbortSignal` aborts by itself after some time; `unknown` when somebody else decides. */
export type ReadSignal = (value: ts.Expression) => 'timed' | 'unknown';

const maxSteps = 12;

export function createReadSignal(
  ts: TypeScript,
  scopes: Scopes,
  facts: (file: ts.SourceFile) => FileFacts,
  meanings: Meanings,
  targets: Targets,
  argumentsFor: ArgumentsFor,
): ReadSignal {
  function isTimed(value: ts.Node, steps: number): boolean {
    if (steps > maxSteps) return false;
    const node = unwrap(ts, value);
    if (ts.isCallExpression(node)) return isTimedCall(node, steps);
    if (ts.isBinaryExpression(node)) return isTimed(node.left, steps + 1) || isTimed(node.right, steps + 1);
    if (ts.isConditionalExpression(node)) {
      return isTimed(node.whenTrue, steps + 1) || isTimed(node.whenFalse, steps + 1);
    }
    if (ts.isPropertyAccessExpression(node)) {
      // `controller.signal`, and `timeout.signal` of a helper that returns both a signal and a way to stop its timer.
      if (node.name.text === 'signal' || /signal/i.test(node.name.text))
        return isTimedController(node.expression, steps);
      return false;
    }
    if (!ts.isIdentifier(node)) return false;
    const declaration = scopes.find(node.text, node);
    if (!declaration) return false;
    if (ts.isVariableDeclaration(declaration)) {
      return declaration.initializer !== undefined && isTimed(declaration.initializer, steps + 1);
    }
    if (ts.isBindingElement(declaration)) {
      const source = declaration.parent.parent;
      return (
        ts.isVariableDeclaration(source) &&
        source.initializer !== undefined &&
        isTimedController(source.initializer, steps + 1)
      );
    }
    if (ts.isParameter(declaration)) {
      const passed = argumentsFor(declaration);
      return !!passed?.length && passed.every((argument) => argument && isTimed(argument, steps + 1));
    }
    return false;
  }

  function isTimedCall(call: ts.CallExpression, steps: number): boolean {
    const callee = unwrap(ts, call.expression);
    if (ts.isPropertyAccessExpression(callee) && callee.expression.getText() === 'AbortSignal') {
      if (callee.name.text === 'timeout') return true;
      const [list] = call.arguments;
      const parts = list && ts.isArrayLiteralExpression(list) ? list.elements : [];
      return callee.name.text === 'any' && parts.some((part) => isTimed(part, steps + 1));
    }
    if (targets.isAmbientSignal(call)) return false;
    const meaning = meanings.of(callee);
    return meaning?.kind === 'function' && setsTimer(meaning.node);
  }

  /** A controller that a timer aborts, or the result of a function that sets one. */
  function isTimedController(value: ts.Node, steps: number): boolean {
    const node = unwrap(ts, value);
    if (ts.isCallExpression(node)) return isTimedCall(node, steps + 1);
    if (ts.isIdentifier(node)) {
      const declaration = scopes.find(node.text, node);
      if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return false;
      const made = unwrap(ts, declaration.initializer);
      if (ts.isCallExpression(made)) return isTimedCall(made, steps + 1);
      return abortedByTimer(node.text, node);
    }
    return ts.isPropertyAccessExpression(node) && abortedByTimer(node.name.text, node);
  }

  /** `setTimeout(() => controller.abort(), 2_000)` somewhere in the file. */
  function abortedByTimer(name: string, place: ts.Node): boolean {
    return (facts(place.getSourceFile()).mentions.get(name) ?? []).some((mention) => {
      const outer =
        ts.isPropertyAccessExpression(mention.parent) && mention.parent.name === mention ? mention.parent : mention;
      const access = outer.parent;
      const aborts = ts.isPropertyAccessExpression(access) && access.name.text === 'abort';
      return aborts && isInTimer(access);
    });
  }

  function isInTimer(place: ts.Node): boolean {
    for (let node = place; node.parent && !ts.isSourceFile(node); node = node.parent) {
      const { parent } = node;
      if (!ts.isCallExpression(parent) || parent.arguments[0] !== node) continue;
      const callee = unwrap(ts, parent.expression);
      const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
      if (name === 'setTimeout') return true;
    }
    return false;
  }

  function setsTimer(node: ts.Node): boolean {
    const { mentions } = facts(node.getSourceFile());
    const isIn = (mention: ts.Node): boolean => mention.pos >= node.pos && mention.end <= node.end;
    if (mentions.get('setTimeout')?.some(isIn)) return true;
    return (mentions.get('AbortSignal') ?? []).some(
      (mention) =>
        isIn(mention) && ts.isPropertyAccessExpression(mention.parent) && mention.parent.name.text === 'timeout',
    );
  }

  return (value) => (isTimed(value, 0) ? 'timed' : 'unknown');
}
