import type ts from 'typescript';
import type { FileFacts } from '../facts/file-facts.js';
import type { Scopes } from '../facts/scopes.js';
import type { Meanings } from '../resolver/meaning.js';
import { referencesTo } from '../resolver/references.js';
import { rewrap, unwrap } from '../resolver/unwrap.js';
import type { TypeScript } from '../typescript.js';
import type { Region } from './regions.js';

/** Recognises guards that people wrote by hand, at one step of the way out from a place. */
export type HandWritten = (node: ts.Node, place: ts.Node) => Region | undefined;

export function createHandWritten(
  ts: TypeScript,
  scopes: Scopes,
  facts: (file: ts.SourceFile) => FileFacts,
  meanings: Meanings,
): HandWritten {
  return (node, place) => racing(node) ?? retrying(node) ?? breaking(node, place);

  /** `Promise.race([call, timer])` bounds the wait by hand, for a promise that was kept in a name as well. */
  function racing(node: ts.Node): Region | undefined {
    const { parent } = node;
    if (parent && ts.isVariableDeclaration(parent) && parent.initializer === node && ts.isIdentifier(parent.name)) {
      return racedLater(node, parent, parent.name);
    }
    const race = raceOf(node);
    return race && raceRegion(race, node);
  }

  function racedLater(node: ts.Node, kept: ts.VariableDeclaration, name: ts.Identifier): Region | undefined {
    if (ts.isFunctionLike(unwrap(ts, node)) || !facts(node.getSourceFile()).mentions.has('race')) return undefined;
    let race: ts.CallExpression | undefined;
    for (const mention of referencesTo(name, kept, { ts, scopes, facts })) {
      const found = raceOf(mention);
      // Whoever waits for it elsewhere waits without end.
      if (!found && !isSilenced(mention)) return undefined;
      race ??= found;
    }
    return race && raceRegion(race, node);
  }

  /** `answer.catch(() => undefined);` waits for nothing: it only keeps the loser's failure from being unhandled. */
  function isSilenced(mention: ts.Node): boolean {
    const access = mention.parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== mention) return false;
    if (access.name.text !== 'catch' || !ts.isCallExpression(access.parent)) return false;
    const { parent } = rewrap(ts, access.parent);
    return ts.isExpressionStatement(parent) || parent.kind === ts.SyntaxKind.VoidExpression;
  }

  function raceRegion(race: ts.CallExpression, operation: ts.Node): Region {
    const policies = [{ kind: 'timeout', node: race } as const];
    return { form: 'race', node: race, name: 'Promise.race', policies, operation };
  }

  /** The race against a timer that a promise takes part in. */
  function raceOf(node: ts.Node): ts.CallExpression | undefined {
    const list = node.parent;
    if (!list || !ts.isArrayLiteralExpression(list) || list.elements.length < 2) return undefined;
    const race = rewrap(ts, list).parent;
    if (!race || !ts.isCallExpression(race) || race.arguments[0] !== rewrap(ts, list)) return undefined;
    const callee = unwrap(ts, race.expression);
    const isRace =
      ts.isPropertyAccessExpression(callee) &&
      callee.name.text === 'race' &&
      ts.isIdentifier(callee.expression) &&
      callee.expression.text === 'Promise';
    return isRace && list.elements.some((element) => element !== node && isTimer(element)) ? race : undefined;
  }

  /** A rival that is over after some time: it says so, or the function that makes it sets a timer. */
  function isTimer(element: ts.Expression): boolean {
    if (/time|delay|sleep|abort|deadline/i.test(element.getText())) return true;
    const expression = unwrap(ts, element);
    if (setsTimer(expression)) return true;
    const meaning = ts.isCallExpression(expression) ? meanings.of(expression.expression) : undefined;
    return meaning?.kind === 'function' && mentionsTimer(meaning.node);
  }

  /** A promise that was made earlier, and settles after some time. */
  function setsTimer(element: ts.Node): boolean {
    let root = element;
    while (ts.isCallExpression(root) || ts.isPropertyAccessExpression(root)) root = root.expression;
    if (!ts.isIdentifier(root)) return false;
    const declaration = scopes.find(root.text, root);
    return !!declaration && ts.isVariableDeclaration(declaration) && mentionsTimer(declaration);
  }

  function mentionsTimer(node: ts.Node): boolean {
    return (facts(node.getSourceFile()).mentions.get('setTimeout') ?? []).some(
      (mention) => mention.pos >= node.pos && mention.end <= node.end,
    );
  }

  /** A `try` whose `catch` lets the operation run again: in a loop that success leaves, or by calling its own function. */
  function retrying(node: ts.Node): Region | undefined {
    const attempt = node.parent;
    if (!attempt || !ts.isTryStatement(attempt) || attempt.tryBlock !== node || !attempt.catchClause) return undefined;
    const again = recursion(attempt, attempt.catchClause);
    if (again) return again;
    const loop = loopAround(attempt);
    if (!loop || alwaysLeaves(attempt.catchClause.block)) return undefined;
    if (ts.isForInStatement(loop)) return undefined;
    if (!leavesOnSuccess(attempt, loop)) return undefined;
    return {
      form: 'loop',
      node: loop,
      name: 'retry loop',
      policies: [{ kind: 'retry', node: loop }],
      operation: attempt.tryBlock,
    };
  }

  function loopAround(place: ts.Node): ts.IterationStatement | undefined {
    for (let node = place.parent; node && !ts.isFunctionLike(node); node = node.parent) {
      if (ts.isIterationStatement(node, false)) return node;
    }
    return undefined;
  }

  /** The block ends by leaving the loop whatever happens. */
  function alwaysLeaves(block: ts.Block): boolean {
    const last = block.statements.at(-1);
    if (!last) return false;
    if (ts.isThrowStatement(last) || ts.isReturnStatement(last) || ts.isBreakStatement(last)) {
      // `if (again) continue; throw error;` runs again as well.
      return !contains(block, (inner) => ts.isContinueStatement(inner));
    }
    return false;
  }

  function leavesOnSuccess(attempt: ts.TryStatement, loop: ts.IterationStatement): boolean {
    if (contains(attempt.tryBlock, leaves)) return true;
    // The statements that follow the `try`, on the way out to the loop.
    for (let node: ts.Node = attempt; node !== loop; node = node.parent) {
      const { parent } = node;
      if (!ts.isBlock(parent)) continue;
      const next = parent.statements[parent.statements.indexOf(node as ts.Statement) + 1];
      if (next && leaves(next)) return true;
    }
    return hasFlag(attempt, loop);
  }

  function leaves(node: ts.Node): boolean {
    return ts.isReturnStatement(node) || ts.isBreakStatement(node);
  }

  /** `while (!done) { try { …; done = true; } catch {} }` */
  function hasFlag({ tryBlock }: ts.TryStatement, loop: ts.IterationStatement): boolean {
    const condition =
      ts.isWhileStatement(loop) || ts.isDoStatement(loop)
        ? loop.expression
        : ts.isForStatement(loop)
          ? loop.condition
          : undefined;
    if (!condition) return false;
    return contains(tryBlock, (inner) => {
      if (!ts.isBinaryExpression(inner) || inner.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false;
      const { left } = inner;
      return ts.isIdentifier(left) && contains(condition, (part) => ts.isIdentifier(part) && part.text === left.text);
    });
  }

  /** `catch { return this.load(attempt + 1); }` in `load`. */
  function recursion(attempt: ts.TryStatement, clause: ts.CatchClause): Region | undefined {
    let owner: ts.Node | undefined = attempt;
    while (owner && !ts.isFunctionLike(owner)) owner = owner.parent;
    if (!owner) return undefined;
    const name = nameOf(owner);
    if (name === undefined) return undefined;
    const call = find(clause.block, (inner) => {
      if (!ts.isCallExpression(inner)) return false;
      const callee = unwrap(ts, inner.expression);
      if (ts.isPropertyAccessExpression(callee)) {
        return callee.name.text === name && callee.expression.kind === ts.SyntaxKind.ThisKeyword;
      }
      return ts.isIdentifier(callee) && callee.text === name && isSame(scopes.find(name, callee), owner!);
    });
    return (
      call && {
        form: 'recursion',
        node: call,
        name: `${name}()`,
        policies: [{ kind: 'retry', node: call }],
        operation: attempt.tryBlock,
      }
    );
  }

  function nameOf(owner: ts.Node): string | undefined {
    const { name } = owner as Partial<ts.NamedDeclaration>;
    if (name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) return name.text;
    const { parent } = owner;
    const isNamed = ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent);
    return isNamed && ts.isIdentifier(parent.name) ? parent.name.text : undefined;
  }

  function isSame(declaration: ts.Node | undefined, owner: ts.Node): boolean {
    return declaration === owner || declaration === owner.parent;
  }

  /**
   * A failure closes the way for a while: the `catch` notes it in a variable from outside, and a condition on the way
   * to the call reads that variable.
   */
  function breaking(node: ts.Node, place: ts.Node): Region | undefined {
    const attempt = node.parent;
    if (!attempt || !ts.isTryStatement(attempt) || attempt.tryBlock !== node || !attempt.catchClause) return undefined;
    let owner: ts.Node | undefined = attempt;
    while (owner && !ts.isFunctionLike(owner)) owner = owner.parent;
    if (!owner) return undefined;
    const noted = new Set<string>();
    visit(attempt.catchClause.block, (inner) => {
      if (!ts.isBinaryExpression(inner) || inner.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
      const isTime = /Date|now|performance|hrtime|Until|until/.test(inner.right.getText());
      if (isTime && (ts.isPropertyAccessExpression(inner.left) || ts.isIdentifier(inner.left))) {
        noted.add(inner.left.getText());
      }
    });
    if (noted.size === 0) return undefined;
    const condition = find(owner, (inner) => {
      if (inner.end > place.pos) return false;
      const { parent } = inner;
      const isCondition = parent && ts.isIfStatement(parent) && parent.expression === inner;
      return isCondition && [...noted].some((name) => inner.getText().includes(name));
    });
    return (
      condition && {
        form: 'breaker',
        node: condition,
        name: 'hand-written breaker',
        policies: [{ kind: 'circuit-breaker', node: condition }],
        operation: attempt.tryBlock,
      }
    );
  }

  function contains(node: ts.Node, test: (inner: ts.Node) => boolean): boolean {
    return find(node, test) !== undefined;
  }

  /** The first node inside that passes the test, nested functions left out. */
  function find(node: ts.Node, test: (inner: ts.Node) => boolean): ts.Node | undefined {
    let found: ts.Node | undefined;
    const look = (inner: ts.Node): void => {
      if (found) return;
      if (test(inner)) found = inner;
      else if (!ts.isFunctionLike(inner) || inner === node) ts.forEachChild(inner, look);
    };
    look(node);
    return found;
  }

  function visit(node: ts.Node, act: (inner: ts.Node) => void): void {
    act(node);
    ts.forEachChild(node, (child) => visit(child, act));
  }
}
