import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { argumentsOf } from '../facts/file-facts.js';
import { unwrap } from '../resolver/unwrap.js';
import { isHandWritten } from './guarded-ways.js';
import type { Policy, Region } from './regions.js';
import { some } from './retries.js';

type Tools = Pick<Analysis, 'ts' | 'readOption' | 'reachable' | 'regions' | 'scopes'>;

/** Failures that say that nothing was done: refused, not reached, rolled back, or there already. */
const refusalStatuses = new Set([401, 409, 423, 425, 429]);
const refusalCodes =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|SQLITE_BUSY|SQLITE_LOCKED|40001|40P01|55P03|23505|P2002|P2034|11000|ER_LOCK_DEADLOCK|ER_LOCK_WAIT_TIMEOUT|ER_DUP_ENTRY|TooManyRequests\w*|Throttl\w*|RateLimit\w*|rate_limited|deadlock detected)$/i;

/** The function that decides whether a failure is tried again. */
export function conditionOf(policy: Policy, tools: Tools): ts.FunctionLikeDeclaration | undefined {
  return policyCondition(policy, tools)?.condition;
}

/** The same, with the expression that gives it. */
export function policyCondition(
  { row, options, node }: Policy,
  { ts, readOption, reachable }: Tools,
): { readonly given: ts.Expression; readonly condition: ts.FunctionLikeDeclaration | undefined } | undefined {
  const where = row?.condition;
  if (where === undefined) return undefined;
  let given: ts.Expression | undefined;
  if (typeof where === 'string') {
    const option = readOption(options, where);
    given = option.state === 'present' ? option.value : undefined;
  } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    given = argumentsOf(node)[where];
    const bare = given && unwrap(ts, given);
    // `handleWhen((error) => …)`
    if (bare && ts.isCallExpression(bare) && bare.arguments.length === 1) given = bare.arguments[0];
  }
  return given && { given, condition: reachable.functionsOf(given)[0] };
}

/** Whether a retry only follows failures that say that nothing was done, so that no repetition does anything twice. */
export function onlyRefusals(region: Region, policy: Policy, tools: Tools): boolean {
  const { ts } = tools;
  const code = isHandWritten(region) ? catchOf(region, ts) : conditionOf(policy, tools);
  if (!code) return false;
  const codes: string[] = [];
  const isOpen = some(code, ts, (node) => {
    if (ts.isStringLiteralLike(node) && node.text !== '' && isCompared(node, ts)) codes.push(node.text);
    if (!ts.isNumericLiteral(node) || !isCompared(node, ts)) return false;
    const value = Number(node.text);
    if (value < 400 || value > 599) {
      if (value > 1_000) codes.push(node.text);
      return false;
    }
    const { parent } = node;
    const isExact = !ts.isBinaryExpression(parent) || isEquality(parent, ts);
    if (isExact) codes.push(refusalStatuses.has(value) ? '429' : 'status');
    return !isExact;
  });
  return (
    !isOpen &&
    codes.length > 0 &&
    codes.every((text) => text === '429' || refusalCodes.test(text)) &&
    decides(region, code, ts)
  );
}

/** A `catch` that names a failure must let all others out. */
function decides(region: Region, code: ts.Node, ts: Tools['ts']): boolean {
  return !isHandWritten(region) || some(code, ts, (node) => ts.isThrowStatement(node));
}

export function catchOf({ operation }: Region, ts: Tools['ts']): ts.Block | undefined {
  const attempt = operation.parent;
  return ts.isTryStatement(attempt) ? attempt.catchClause?.block : undefined;
}

function isCompared(node: ts.Node, ts: Tools['ts']): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent))
    return (
      parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken && parent.operatorToken.kind !== ts.SyntaxKind.PlusToken
    );
  if (ts.isArrayLiteralExpression(parent)) return true;
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    /^(?:includes|has|startsWith|test|indexOf)$/.test(parent.expression.name.text)
  );
}

function isEquality({ operatorToken }: ts.BinaryExpression, ts: Tools['ts']): boolean {
  const { kind } = operatorToken;
  const isInequality =
    kind === ts.SyntaxKind.ExclamationEqualsEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsToken;
  return isInequality || kind === ts.SyntaxKind.EqualsEqualsEqualsToken || kind === ts.SyntaxKind.EqualsEqualsToken;
}
