import { ts } from 'ts-morph';
import { isGlobal } from '../nodes.js';

/** Node fires a longer timer after 1 ms. */
export const longestTimer: number = 2 ** 31 - 1;

/** The ms of what waits for them and does nothing else: a timer in a promise, a function that is just this, `timers/promises`. */
export function sleepOf(awaited: ts.Expression, checker: ts.TypeChecker): ts.Expression | undefined {
  const inline = timerOf(awaited, checker);
  if (inline) return inline;
  if (!ts.isCallExpression(awaited) || !ts.isIdentifier(awaited.expression)) return undefined;
  const [ms, ...rest] = awaited.arguments;
  if (!ms || rest.length > 0 || ts.isSpreadElement(ms)) return undefined;
  const symbol = checker.getSymbolAtLocation(awaited.expression);
  return symbol && (isFromTimers(symbol) || isSleep(symbol, checker)) ? ms : undefined;
}

/** The ms of `new Promise((resolve) => setTimeout(resolve, ms))`. */
function timerOf(node: ts.Expression, checker: ts.TypeChecker): ts.Expression | undefined {
  if (!ts.isNewExpression(node) || !isGlobal(node.expression, 'Promise', checker)) return undefined;
  const [executor, ...rest] = node.arguments ?? [];
  if (!executor || rest.length > 0 || !ts.isArrowFunction(executor)) return undefined;
  const [resolve, ...parameters] = executor.parameters;
  const call = onlyExpression(executor);
  if (!resolve || parameters.length > 0 || !call || !ts.isCallExpression(call)) return undefined;
  if (!isGlobal(call.expression, 'setTimeout', checker)) return undefined;
  const [callback, ms, ...others] = call.arguments;
  if (!callback || !ms || others.length > 0) return undefined;
  const name = resolve.name.getText();
  const isDone =
    callback.getText() === name ||
    (ts.isArrowFunction(callback) &&
      callback.parameters.length === 0 &&
      onlyExpression(callback)?.getText() === `${name}()`);
  return isDone ? ms : undefined;
}

function isFromTimers(symbol: ts.Symbol): boolean {
  const specifier = symbol.declarations?.find(ts.isImportSpecifier);
  if (!specifier || (specifier.propertyName ?? specifier.name).text !== 'setTimeout') return false;
  const { moduleSpecifier } = specifier.parent.parent.parent;
  return ts.isStringLiteral(moduleSpecifier) && /^(?:node:)?timers\/promises$/.test(moduleSpecifier.text);
}

/** `const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))`. */
function isSleep(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const own = (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
  if (own.declarations?.length !== 1) return false;
  const [declaration] = own.declarations;
  const isConst =
    ts.isVariableDeclaration(declaration!) && (declaration.parent.flags & ts.NodeFlags.Const) !== 0
      ? declaration.initializer
      : undefined;
  const fn = isConst ?? declaration!;
  if (!ts.isFunctionDeclaration(fn) && !ts.isArrowFunction(fn)) return false;
  if (fn.asteriskToken) return false;
  const [parameter, ...others] = fn.parameters;
  if (!parameter || others.length > 0 || parameter.initializer || parameter.dotDotDotToken) return false;
  const body = onlyExpression(fn);
  const promise = body && ts.isAwaitExpression(body) ? body.expression : body;
  const isReturned = promise === body || fn.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
  if (!promise || !isReturned) return false;
  if (fn.body && ts.isBlock(fn.body) && ts.isExpressionStatement(fn.body.statements[0]!) && promise === body)
    return false;
  return timerOf(promise, checker)?.getText() === parameter.name.getText();
}

/** What a function does, when that is one expression. */
export function onlyExpression({ body }: ts.ArrowFunction | ts.FunctionDeclaration): ts.Expression | undefined {
  if (!body || !ts.isBlock(body)) return body;
  const [statement, ...rest] = body.statements;
  if (!statement || rest.length > 0) return undefined;
  return ts.isExpressionStatement(statement) || ts.isReturnStatement(statement) ? statement.expression : undefined;
}
