import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { shorten } from '../location.js';
import { guardName, isHandWritten } from '../summaries/guarded-ways.js';
import { catchOf, policyCondition } from '../summaries/retry-conditions.js';
import { retrySites, some, type RetrySite } from '../summaries/retries.js';
import type { Check, Judgement } from './check.js';

/** What was refused for good is refused again: the retry only makes the caller wait and the other side work. */
export const noPermanentFailureRetry: Check = {
  id: 'no-permanent-failure-retry',
  code: 770_006,
  harm: 'What cannot succeed is tried again, and its callers wait for nothing',
  preset: 'recommended',
  messages: {
    always: '`{{retry}}` tries everything again (`{{condition}}`): a refusal, a bug and a bad request too.',
    status: '`{{retry}}` tries again after a {{status}}, which says that the request itself is refused.',
    clientErrors:
      '`{{retry}}` tries again after every 4xx (`{{condition}}`): these say that the request itself is refused.',
    blind: 'The `catch` of the {{retry}} looks at no error: a refusal, a bug and a bad request are tried again too.',
  },
  *judge(file, analysis) {
    for (const site of retrySites(file, analysis)) {
      yield* isHandWritten(site.region) ? atLoop(site, analysis) : atPolicy(site, analysis);
    }
  },
};

/** Statuses of the 400s that pass: a timeout, a conflict, a lock, too early, too many. */
const passing = new Set([408, 409, 423, 425, 429]);

function* atPolicy({ region, policy, at }: RetrySite, analysis: Analysis): Iterable<Judgement> {
  const { ts } = analysis;
  const given = policyCondition(policy, analysis);
  const answer = given?.condition && answerOf(given.condition, ts);
  // A condition that is made elsewhere is reported where it is used, so it has to be short enough to show.
  if (!given || !answer) return;
  const data = { retry: guardName(region, ts), condition: shorten(given.given.getText()) };
  const path = [region.node, given.given];
  if (answer.kind === ts.SyntaxKind.TrueKeyword) yield { at, messageId: 'always', data, path };
  else {
    const status = permanentStatus(answer, ts);
    if (status !== undefined) yield { at, messageId: 'status', data: { ...data, status: String(status) }, path };
    else if (namesClientErrors(answer, ts)) yield { at, messageId: 'clientErrors', data, path };
  }
}

/** What a function answers, when it does nothing else. */
function answerOf({ body }: ts.FunctionLikeDeclaration, ts: Analysis['ts']): ts.Expression | undefined {
  if (!body || !ts.isBlock(body)) return body as ts.Expression | undefined;
  const [only, ...rest] = body.statements;
  return only && rest.length === 0 && ts.isReturnStatement(only) ? only.expression : undefined;
}

/** A status in the answer that makes it `true`, and that no repetition changes. */
function permanentStatus(answer: ts.Node, ts: Analysis['ts']): number | undefined {
  let found: number | undefined;
  some(answer, ts, (node) => {
    if (!ts.isNumericLiteral(node) || !isWanted(node, answer, ts)) return false;
    const status = Number(node.text);
    if (status < 400 || status > 499 || passing.has(status)) return false;
    found = status;
    return true;
  });
  return found;
}

/** Compared for equality or in a list, and not negated on the way out. */
function isWanted(node: ts.Node, answer: ts.Node, ts: Analysis['ts']): boolean {
  const { parent } = node;
  const isEqual =
    ts.isBinaryExpression(parent) &&
    (parent.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
      parent.operatorToken.kind === ts.SyntaxKind.EqualsEqualsToken);
  const isListed =
    ts.isArrayLiteralExpression(parent) &&
    ts.isPropertyAccessExpression(parent.parent) &&
    parent.parent.name.text === 'includes';
  return (isEqual || isListed) && !isNegated(node, answer, ts);
}

function isNegated(node: ts.Node, answer: ts.Node, ts: Analysis['ts']): boolean {
  for (let up = node; up !== answer.parent; up = up.parent) {
    if (ts.isPrefixUnaryExpression(up) || ts.isConditionalExpression(up)) return true;
  }
  return false;
}

/** `status >= 400` and no word about which of them. */
function namesClientErrors(answer: ts.Expression, ts: Analysis['ts']): boolean {
  if (!ts.isBinaryExpression(answer) || !ts.isNumericLiteral(answer.right)) return false;
  const { kind } = answer.operatorToken;
  const status = Number(answer.right.text);
  return (
    (kind === ts.SyntaxKind.GreaterThanEqualsToken && status === 400) ||
    (kind === ts.SyntaxKind.GreaterThanToken && status === 399)
  );
}

function* atLoop({ region, at, operation }: RetrySite, { ts, reachable }: Analysis): Iterable<Judgement> {
  const clause = catchOf(region, ts);
  if (!clause || looksAtError(clause, ts)) return;
  const isRemote = reachable
    .from(operation)
    .some(({ outbound }) => outbound.kind === 'http' || outbound.kind === 'sdk');
  if (!isRemote) return;
  const retry = region.form === 'recursion' ? 'recursion' : 'retry loop';
  yield { at, messageId: 'blind', data: { retry }, path: [region.node, at], confidence: 'likely' };
}

/** Any condition in the `catch` that names the error may tell failures apart. */
function looksAtError(clause: ts.Block, ts: Analysis['ts']): boolean {
  const { variableDeclaration } = clause.parent as ts.CatchClause;
  if (!variableDeclaration) return false;
  const name = variableDeclaration.name.getText();
  return some(clause, ts, (node) => {
    const condition = ts.isIfStatement(node)
      ? node.expression
      : ts.isConditionalExpression(node)
        ? node.condition
        : undefined;
    return condition !== undefined && some(condition, ts, (part) => ts.isIdentifier(part) && part.text === name);
  });
}
