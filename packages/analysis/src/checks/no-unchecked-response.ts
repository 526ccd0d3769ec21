import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { argumentsOf } from '../facts/file-facts.js';
import { indentation, insert, replace } from '../edits.js';
import { layoutOf } from '../layout.js';
import { shorten } from '../location.js';
import type { Outbound } from '../outbound.js';
import { rewrap, unwrap } from '../resolver/unwrap.js';
import { guardedWays, guardName, wayText, type GuardedWay } from '../summaries/guarded-ways.js';
import { judgesResults, learnsOfFailures } from '../summaries/failure-policies.js';
import { statusUse } from '../summaries/status-use.js';
import type { Check, Judgement, PlannedFix } from './check.js';

/** A guarded `fetch` resolves on a 503 too: unless someone looks at the status, no policy ever sees the failure. */
export const noUncheckedResponse: Check = {
  id: 'no-unchecked-response',
  code: 770_007,
  harm: 'A breaker or retry around it never fires',
  preset: 'recommended',
  messages: {
    unchecked: '`{{guard}}` never sees a failed `{{call}}`: nobody looks at its status, so a 503 counts as a success.',
    uncheckedPath:
      '`{{guard}}` never sees a failed `{{call}}`: nobody on the way `{{way}}` looks at its status, so a 503 counts as a success.',
    throwOnError: 'Throw when `{{response}}` is an error',
  },
  *judge(file, analysis) {
    const told = new Set<ts.Node>();
    const judged = new Set<ts.Node>();
    const unchecked: GuardedWay[] = [];
    for (const way of guardedWays(file, analysis, learnsOfFailures)) {
      const { region, outbound } = way;
      if (!resolvesOnErrorStatus(outbound, analysis)) continue;
      // One policy that looks at results will do.
      if (judgesResults(region, analysis)) judged.add(outbound.node);
      else if (statusUse(way, analysis) === 'ignored') unchecked.push(way);
    }
    for (const way of unchecked) {
      const { region, outbound } = way;
      const at = outbound.node.getSourceFile() === file ? outbound.callee : undefined;
      const key = at ? outbound.node : region.node;
      if (judged.has(outbound.node) || told.has(key)) continue;
      told.add(key);
      yield judgement(way, at, analysis);
    }
  },
};

function resolvesOnErrorStatus({ node, target }: Outbound, { ts }: Analysis): boolean {
  if (!target.row.resolvesOnErrorStatus || ts.isAwaitExpression(node)) return false;
  // A callback is handed the response; what it does with it is its own business.
  return !argumentsOf(node).some((argument) => ts.isFunctionLike(unwrap(ts, argument)));
}

/** A call in another file is told of where the guard is. */
function judgement(way: GuardedWay, callee: ts.Node | undefined, analysis: Analysis): Judgement {
  const { region, outbound, path } = way;
  const { ts } = analysis;
  const fix = callee ? throwOnError(outbound, analysis) : undefined;
  return {
    at: callee ?? (ts.isCallExpression(region.node) ? region.node.expression : region.node),
    messageId: path.length === 0 ? 'unchecked' : 'uncheckedPath',
    data: { guard: guardName(region, ts), call: shorten(outbound.callee.getText()), way: wayText(way, ts) },
    path: [region.node, ...path, outbound.node],
    fixes: fix ? [fix] : [],
  };
}

function throwOnError({ node, target }: Outbound, analysis: Analysis): PlannedFix | undefined {
  const { ts, scopes } = analysis;
  if (target.row.returns !== 'Response') return undefined;
  const awaited = node.parent;
  const outer = rewrap(ts, ts.isAwaitExpression(awaited) ? awaited : node);
  const { parent } = outer;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) && ts.isAwaitExpression(awaited)) {
    const statement = parent.parent.parent;
    if (!ts.isVariableStatement(statement) || !ts.isBlock(statement.parent)) return undefined;
    const name = parent.name.text;
    return {
      messageId: 'throwOnError',
      data: { response: name },
      edits: [insert(statement.end, check(name, statement, ts))],
    };
  }
  const isAsync = asyncFunction(outer, analysis);
  if (!ts.isReturnStatement(parent) || !ts.isBlock(parent.parent) || !isAsync) return undefined;
  if (scopes.find('response', outer)) return undefined;
  const { eol, semicolon } = layoutOf(ts, node.getSourceFile());
  const made = `const response = await ${node.getText()}${semicolon}${check('response', parent, ts)}`;
  const text = `${made}${eol}${indentation(parent)}return response${semicolon}`;
  return { messageId: 'throwOnError', data: { response: 'response' }, edits: [replace(parent, text)] };
}

/** The status goes with the error, so that policies see a 404 for what it is. */
function check(name: string, statement: ts.Node, ts: Analysis['ts']): string {
  const { eol, semicolon } = layoutOf(ts, statement.getSourceFile());
  const error = `Object.assign(new Error(\`\${${name}.url} answered \${${name}.status}\`), { response: ${name} })`;
  const own = name === 'response' ? error.replace('response: response', 'response') : error;
  return `${eol}${indentation(statement)}if (!${name}.ok) throw ${own}${semicolon}`;
}

function asyncFunction(place: ts.Node, { ts }: Analysis): boolean {
  for (let node = place; node.parent; node = node.parent) {
    if (!ts.isFunctionLike(node)) continue;
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    return modifiers.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
  }
  return false;
}
