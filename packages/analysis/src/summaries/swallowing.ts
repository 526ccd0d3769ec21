import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { rewrap, unwrap } from '../resolver/unwrap.js';
import { isHandWritten, type GuardedWay, type Step } from './guarded-ways.js';
import { isInside } from './regions.js';

/** A `catch` that keeps a failure from going on, and whether that is sure. */
export interface Swallowing {
  readonly clause: ts.CatchClause | ts.CallExpression;
  readonly isSure: boolean;
}

type Tools = Pick<Analysis, 'ts' | 'facts' | 'scopes' | 'regions' | 'reachable' | 'targets'>;
type Verdict = 'swallows' | 'passes-on' | 'unknown';

/** Tells of an error and returns. */
const reporting =
  /^(?:log|error|warn|info|debug|trace|fatal|verbose|notice|critical|captureException|captureMessage|recordException|noticeError|addError|setStatus|addEvent|record|report|track|increment|inc|observe|gauge|count|emit|end|push|String|stringify|inspect|isAxiosError|is[A-Z]\w*|get\w*|format\w*|to[A-Z]\w*|json|send|status)$/;
/** Iterations whose items fail one by one. */
const iterating = new Set('map flatMap forEach filter find some every reduce'.split(' '));

/** The innermost `catch` under a guard that hides the failure of an outbound call from it. */
export function swallowing({ steps, isInHelper }: GuardedWay, tools: Tools): Swallowing | undefined {
  const { ts, facts, scopes, regions, reachable, targets } = tools;
  // What a helper does about a failure of its callback is its own business.
  if (isInHelper) return undefined;
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const found = around(steps[index]!);
    if (!found) continue;
    const { clause } = found;
    const after = [{ node: clause as ts.Node, code: steps[index]!.code }, ...steps.slice(0, index)];
    // `if (!order) throw …` after it: the failure is noticed there.
    return after.some(({ node, code }) => throwsAfter(node, code)) ? undefined : found;
  }
  return undefined;

  function around({ node: place, code }: Step): Swallowing | undefined {
    let isOneOfMany = false;
    for (let node = place; node !== code && node.parent && !ts.isSourceFile(node); node = node.parent) {
      const { parent } = node;
      if (ts.isIterationStatement(parent, false)) isOneOfMany = true;
      const call = ts.isFunctionLike(node) ? rewrap(ts, node).parent : undefined;
      if (call && ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression)) {
        isOneOfMany ||= iterating.has(call.expression.name.text);
      }
      const clause = catchAround(node);
      const verdict = clause && verdictOf(clause);
      if (!verdict || verdict === 'passes-on') continue;
      return { clause, isSure: verdict === 'swallows' && !isOneOfMany && !isInLoop(clause, code) };
    }
    return undefined;
  }

  function isInLoop(place: ts.Node, code: ts.Node): boolean {
    for (let node = place; node !== code && node.parent; node = node.parent) {
      if (ts.isIterationStatement(node, false)) return true;
    }
    return false;
  }

  function catchAround(node: ts.Node): ts.CatchClause | ts.CallExpression | undefined {
    const { parent } = node;
    if (ts.isTryStatement(parent)) {
      if (parent.tryBlock !== node || !parent.catchClause || retries(parent.tryBlock)) return undefined;
      return parent.catchClause;
    }
    // `load().then(use).catch(handle)`
    const access = rewrap(ts, node).parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== rewrap(ts, node)) return undefined;
    const call = access.parent;
    if (!ts.isCallExpression(call) || call.expression !== access || !targets.isConsumed(chainEnd(call)))
      return undefined;
    const isCatch =
      access.name.text === 'catch'
        ? call.arguments.length > 0
        : access.name.text === 'then' && call.arguments.length > 1;
    return isCatch ? call : undefined;
  }

  function chainEnd(call: ts.CallExpression): ts.Node {
    let end: ts.Node = call;
    for (;;) {
      const access = rewrap(ts, end).parent;
      if (!ts.isPropertyAccessExpression(access) || !/^(?:then|catch|finally)$/.test(access.name.text)) return end;
      if (!ts.isCallExpression(access.parent) || access.parent.expression !== access) return end;
      end = access.parent;
    }
  }

  /** The `catch` of a retry or a breaker that is written by hand is what makes it one. */
  function retries(block: ts.Block): boolean {
    const first = block.statements[0];
    return (
      !!first && regions.around(first).regions.some((around) => isHandWritten(around) && around.operation === block)
    );
  }

  function verdictOf(clause: ts.CatchClause | ts.CallExpression): Verdict {
    if (ts.isCatchClause(clause)) {
      const name = clause.variableDeclaration?.name;
      return verdictOfCode(clause.block, name && ts.isIdentifier(name) ? name : undefined, 0);
    }
    const handler = clause.arguments[(clause.expression as ts.PropertyAccessExpression).name.text === 'then' ? 1 : 0]!;
    const functions = reachable.functionsOf(handler);
    if (functions.length === 0) return 'unknown';
    const verdicts = functions.map(({ body, parameters }) => {
      const name = parameters[0]?.name;
      return verdictOfCode(body!, name && ts.isIdentifier(name) ? name : undefined, 0);
    });
    return verdicts.find((verdict) => verdict !== 'swallows') ?? 'swallows';
  }

  function verdictOfCode(code: ts.Node, error: ts.Identifier | undefined, depth: number): Verdict {
    let verdict: Verdict = 'swallows';
    const visit = (node: ts.Node): void => {
      if (verdict === 'passes-on') return;
      if (ts.isThrowStatement(node)) verdict = 'passes-on';
      else if (ts.isBinaryExpression(node) && isAssignment(node) && mentions(node.right, error)) verdict = 'passes-on';
      else if (ts.isCallExpression(node)) {
        const judged = verdictOfCall(node, error, depth);
        if (judged !== 'swallows') verdict = judged;
      }
      if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
    };
    visit(code);
    return verdict;
  }

  /** Kept for later: `lastError = error`. */
  function isAssignment({ operatorToken }: ts.BinaryExpression): boolean {
    return (
      operatorToken.kind === ts.SyntaxKind.EqualsToken ||
      operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken
    );
  }

  function verdictOfCall(call: ts.CallExpression, error: ts.Identifier | undefined, depth: number): Verdict {
    const callee = unwrap(ts, call.expression);
    const text = callee.getText();
    if (/^(?:Promise\.reject|process\.(?:exit|abort))$/.test(text)) return 'passes-on';
    const isGiven = call.arguments.some((argument) => mentions(argument, error));
    if (ts.isIdentifier(callee)) {
      const declaration = scopes.find(callee.text, callee);
      // `reject(error)`, `bail(error)`, `next(error)`
      if (declaration && ts.isParameter(declaration)) return 'passes-on';
    }
    const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : text;
    if (isGiven && name === 'push') return 'passes-on';
    const functions = reachable.functionsOf(call.expression);
    if (functions.length > 0) {
      const throws =
        depth < 3 && functions.some(({ body }) => verdictOfCode(body!, undefined, depth + 1) === 'passes-on');
      return throws ? 'passes-on' : 'swallows';
    }
    // Something out of sight that is handed the error may throw it on.
    return isGiven && !reporting.test(name) ? 'unknown' : 'swallows';
  }

  function mentions(place: ts.Node, name: ts.Identifier | undefined): boolean {
    if (!name) return false;
    return (facts(name.getSourceFile()).mentions.get(name.text) ?? []).some(
      (mention) => mention !== name && isInside(mention, place),
    );
  }

  function throwsAfter(place: ts.Node, code: ts.Node): boolean {
    let fn = place;
    while (fn !== code && fn.parent && (fn === place || !ts.isFunctionLike(fn))) fn = fn.parent;
    let found = false;
    const visit = (node: ts.Node): void => {
      if (found || node.end <= place.end) return;
      if (ts.isThrowStatement(node) && node.pos >= place.end) found = true;
      else if (!ts.isFunctionLike(node) || isInside(place, node)) ts.forEachChild(node, visit);
    };
    visit(fn);
    return found || (fn !== code && isInside(fn, code) && throwsAfter(fn, code));
  }
}
