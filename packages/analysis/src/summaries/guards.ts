import type ts from 'typescript';
import type { Targets } from '../resolver/targets.js';
import { rewrap, unwrap } from '../resolver/unwrap.js';
import type { TypeScript } from '../typescript.js';

/** A guard in the code: the decorator or the call that wraps an operation. */
export interface GuardSite {
  readonly policy: string;
  readonly node: ts.Node;
}

/** What surrounds a place in the code, up to the function that others call by name. */
export interface Surroundings {
  /** The nearest guard that covers the place. */
  readonly guard?: GuardSite;
  /** The function around the place that others may call; absent when the module itself runs the code. */
  readonly owner?: ts.Node;
  /** Who runs the place, and under what, cannot be seen: it is in a function value that was handed out, or to an unknown wrapper. */
  readonly isUncertain: boolean;
}

/** Looks outwards from a place for the guard that covers it. */
export type Surround = (place: ts.Node) => Surroundings;

/** Functions that run their callback later, when the guard around them is gone. */
const detaching = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'nextTick',
  'on',
  'once',
  'addListener',
  'addEventListener',
  'subscribe',
]);

export function createSurround(ts: TypeScript, targets: Targets): Surround {
  return (place) => {
    let isUncertain = false;
    for (let node = place; node.parent; node = node.parent) {
      const raced = racingTimeout(node);
      if (raced) return { guard: { policy: 'Promise.race', node: raced }, isUncertain };
      if (!ts.isFunctionLike(node)) continue;
      const outer = rewrap(ts, node);
      const { parent } = outer;
      if (ts.isCallExpression(parent)) {
        if (parent.expression === outer) continue;
        if (parent.arguments[0] === outer) {
          const row = targets.wrapper(parent);
          if (row) return { guard: { policy: row.policy, node: parent }, isUncertain };
          isUncertain ||= targets.mayBeGuard(parent);
        }
        if (detaching.has(calleeName(parent))) return { owner: outer, isUncertain };
        continue;
      }
      if (ts.isNewExpression(parent)) continue;
      const decorated = ts.isPropertyDeclaration(parent) ? parent : node;
      const guard = decoratorGuard(decorated);
      if (guard) return { guard, isUncertain };
      isUncertain ||= decoratorsOf(decorated).some((decorator) => targets.mayBeGuard(decorator));
      isUncertain ||=
        parent.kind === ts.SyntaxKind.ReturnStatement ||
        ts.isArrowFunction(parent) ||
        ts.isArrayLiteralExpression(parent);
      const isNamed = ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent);
      return { owner: isNamed ? parent : node, isUncertain };
    }
    return { isUncertain };
  };

  function decoratorsOf(node: ts.Node): readonly ts.Decorator[] {
    return (ts.canHaveDecorators(node) && ts.getDecorators(node)) || [];
  }

  function decoratorGuard(node: ts.Node): GuardSite | undefined {
    for (const decorator of [...decoratorsOf(node)].reverse()) {
      const row = targets.decorator(decorator);
      if (row) return { policy: row.policy, node: decorator };
    }
    return undefined;
  }

  /** `Promise.race([call, somethingElse])` bounds the wait by hand. */
  function racingTimeout(node: ts.Node): ts.Node | undefined {
    const { parent } = node;
    if (!ts.isArrayLiteralExpression(parent) || parent.elements.length < 2) return undefined;
    const race = parent.parent;
    if (!ts.isCallExpression(race) || race.arguments[0] !== parent) return undefined;
    const callee = unwrap(ts, race.expression);
    const isRace =
      ts.isPropertyAccessExpression(callee) &&
      callee.name.text === 'race' &&
      ts.isIdentifier(callee.expression) &&
      callee.expression.text === 'Promise';
    const rivals = parent.elements.filter((element) => element !== node);
    return isRace && rivals.some((rival) => /time|delay|sleep|abort|deadline/i.test(rival.getText()))
      ? race
      : undefined;
  }

  function calleeName(call: ts.CallExpression): string {
    const callee = unwrap(ts, call.expression);
    if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
    return ts.isIdentifier(callee) ? callee.text : '';
  }
}
