import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { indentation, insert, replace } from '../edits.js';
import type { Edit } from '../finding.js';
import { layoutOf } from '../layout.js';
import { shorten } from '../location.js';
import { judgesResults, learnsOfFailures } from '../summaries/failure-policies.js';
import { guardedWays, guardName, wayText, type GuardedWay } from '../summaries/guarded-ways.js';
import { isInside } from '../summaries/regions.js';
import { swallowing, type Swallowing } from '../summaries/swallowing.js';
import type { Check, Judgement, PlannedFix } from './check.js';

/** A failure that is caught inside the guard is a success to it: nothing is retried, no breaker opens. */
export const noSwallowedFailure: Check = {
  id: 'no-swallowed-failure',
  code: 770_008,
  harm: 'The policy around it takes the failure for a success, and never fires',
  preset: 'recommended',
  messages: {
    swallowed: 'This `{{handler}}` hides a failed `{{call}}` from `{{guard}}`, which takes it for a success.',
    swallowedPath:
      'This `{{handler}}` hides a failed `{{call}}` (`{{way}}`) from `{{guard}}`, which takes it for a success.',
    swallowedBehind: '`{{guard}}` never sees a failed `{{call}}`: a `catch` on the way `{{way}}` hides it.',
    letThrough: 'Throw the error on',
    removeCatch: 'Remove the handler',
  },
  *judge(file, analysis) {
    const told = new Set<ts.Node>();
    for (const ways of byGuard(file, analysis)) {
      const hidden = ways.map((way) => ({ way, found: swallowing(way, analysis) }));
      const arrives = hidden.some(({ found, way }) => !found && !isInCatch(way, hidden, analysis));
      for (const { way, found } of hidden) {
        if (!found) continue;
        const isHere = found.clause.getSourceFile() === file;
        const key = isHere ? found.clause : way.region.node;
        if (told.has(key)) continue;
        told.add(key);
        yield judgement(way, found, isHere, arrives, analysis);
      }
    }
  },
};

function byGuard(file: ts.SourceFile, analysis: Analysis): Iterable<readonly GuardedWay[]> {
  const groups = new Map<ts.Node, GuardedWay[]>();
  for (const way of guardedWays(file, analysis, learnsOfFailures)) {
    if (judgesResults(way.region, analysis)) continue;
    const same = groups.get(way.region.node);
    if (same) same.push(way);
    else groups.set(way.region.node, [way]);
  }
  return groups.values();
}

interface Hidden {
  readonly way: GuardedWay;
  readonly found: Swallowing | undefined;
}

/** A call that only a `catch` makes does not stand for the operation. */
function isInCatch({ steps }: GuardedWay, hidden: readonly Hidden[], { ts }: Analysis): boolean {
  const [first] = steps;
  return hidden.some(
    ({ found }) => found && first && ts.isCatchClause(found.clause) && isInside(first.node, found.clause),
  );
}

function judgement(
  way: GuardedWay,
  { clause, isSure }: Swallowing,
  isHere: boolean,
  arrives: boolean,
  analysis: Analysis,
): Judgement {
  const { ts } = analysis;
  const { region, outbound, path } = way;
  const fix = isHere ? letThrough(clause, ts) : undefined;
  const messageId = !isHere ? 'swallowedBehind' : path.length === 0 ? 'swallowed' : 'swallowedPath';
  const at = isHere ? keyword(clause, ts) : ts.isCallExpression(region.node) ? region.node.expression : region.node;
  return {
    at,
    messageId,
    data: {
      handler: keyword(clause, ts).getText(),
      guard: guardName(region, ts),
      call: shorten(outbound.callee.getText()),
      way: wayText(way, ts),
    },
    // Where another failure still arrives, this one may be meant to be survived.
    ...(isSure && !arrives ? {} : { confidence: 'likely' as const }),
    path: [region.node, ...path, outbound.node, keyword(clause, ts)],
    fixes: fix ? [fix] : [],
  };
}

/** The word `catch` itself, or the name of the method. */
function keyword(clause: Swallowing['clause'], ts: Analysis['ts']): ts.Node {
  if (ts.isCatchClause(clause)) return clause.getFirstToken() ?? clause;
  return ts.isPropertyAccessExpression(clause.expression) ? clause.expression.name : clause.expression;
}

function letThrough(clause: Swallowing['clause'], ts: Analysis['ts']): PlannedFix | undefined {
  if (!ts.isCatchClause(clause)) {
    const access = clause.expression;
    if (!ts.isPropertyAccessExpression(access) || access.name.text !== 'catch') return undefined;
    return { messageId: 'removeCatch', edits: [{ start: access.expression.end, end: clause.end, text: '' }] };
  }
  const { variableDeclaration, block } = clause;
  if (variableDeclaration && !ts.isIdentifier(variableDeclaration.name)) return undefined;
  const name = variableDeclaration?.name.getText() ?? 'error';
  const edits: Edit[] = variableDeclaration ? [] : [insert(clause.getStart() + 'catch'.length, ` (${name})`)];
  const last = block.statements.at(-1);
  const outer = indentation(clause);
  const { eol, semicolon } = layoutOf(ts, clause.getSourceFile());
  const rethrow = `throw ${name}${semicolon}`;
  if (last && ts.isReturnStatement(last)) edits.push(replace(last, rethrow));
  else if (last) edits.push(insert(last.end, `${eol}${outer}  ${rethrow}`));
  else edits.push(replace(block, `{${eol}${outer}  ${rethrow}${eol}${outer}}`));
  return { messageId: 'letThrough', edits };
}
