import { ts } from 'ts-morph';
import type { Layout } from '../layout.js';
import { isBoolean } from '../nodes.js';
import { isStable } from '../stable-values.js';
import { Obstacle } from './migration.js';

/** What the decision to retry depends on. */
export interface ConditionSource {
  /** The option of axios-retry. */
  readonly given: ts.Expression | undefined;
  /** The methods that the client is called by. */
  readonly methods: readonly string[];
  /** How the code says `axios`. */
  readonly axios: string;
  /** The name of the function of axios-retry that a piece of code stands for. */
  helper(node: ts.Node): string | undefined;
  readonly program: ts.Program;
  /** The indentation that its lines have in addition to their own. */
  readonly outer: string;
  readonly layout: Layout;
}

export interface Condition {
  readonly text: string;
  /** Whether it may want an error with a response retried. */
  readonly mayBeAnswered: boolean;
}

const safe = ['get', 'head', 'options'];
const idempotent = [...safe, 'put', 'delete'];
const helpers = [
  'isNetworkError',
  'isRetryableError',
  'isSafeRequestError',
  'isIdempotentRequestError',
  'isNetworkOrIdempotentRequestError',
];

/** What is-retry-allowed takes for permanent, and axios-retry for no error of the network. */
const permanent = [
  'ERR_CANCELED',
  'ECONNABORTED',
  'ENOTFOUND',
  'ENETUNREACH',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE',
  'CRL_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CRL_NOT_YET_VALID',
  'CRL_HAS_EXPIRED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'OUT_OF_MEM',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'INVALID_PURPOSE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'HOSTNAME_MISMATCH',
];

/** The retry condition of axios-retry as the option `retryIf`, spelled out and without what no call of the client can need. */
export function conditionText(source: ConditionSource): Condition {
  const { given, axios, outer, layout } = source;
  const { eol, indent } = layout;
  const named = given ? source.helper(given) : 'isNetworkOrIdempotentRequestError';
  const own = named === undefined ? ownCondition(source, given!) : undefined;
  const error = own?.error ?? 'error';
  const parts = own ? [own.text] : partsOf(named!, error, source);
  const all = [`${axios}.isAxiosError(${error})`, `${error}.config !== undefined`, ...parts];
  return {
    text: `(${error}) =>${all.map((part) => eol + outer + indent + part).join(' &&')}`,
    mayBeAnswered: !parts.includes(`!${error}.response`),
  };
}

/** @returns What must all hold. */
function partsOf(
  name: string,
  error: string,
  source: ConditionSource,
  margin: string = source.outer + source.layout.indent,
): readonly string[] {
  const { eol, indent, quote } = source.layout;
  const quoted = (text: string): string => quote + text + quote;
  const isTimeout = `${error}.code !== ${quoted('ECONNABORTED')}`;
  const isAnswerOfNoUse = `(!${error}.response || ${error}.response.status === 429 || (${error}.response.status >= 500 && ${error}.response.status <= 599))`;
  const retryable = [isTimeout, isAnswerOfNoUse];
  const codes = permanent.map((code) => `${eol}${margin}${indent}${quoted(code)},`).join('');
  const network = [`!${error}.response`, `!!${error}.code`, `![${codes}${eol}${margin}].includes(${error}.code)`];
  if (name === 'isNetworkError') return network;
  if (name === 'isRetryableError') return retryable;
  if (!helpers.includes(name)) throw new Obstacle('option');
  const wanted = name === 'isSafeRequestError' ? safe : idempotent;
  const others = source.methods.filter((method) => !wanted.includes(method));
  const isWanted = others.map((method) => `${error}.config.method !== ${quoted(method)}`);
  const isNone = others.length === source.methods.length;
  if (name !== 'isNetworkOrIdempotentRequestError') {
    if (isNone) throw new Obstacle('option');
    return [...isWanted, ...retryable];
  }
  // Every failure of the network is worth another try of these methods.
  if (others.length === 0) return retryable;
  if (isNone) return network;
  const failures = partsOf('isNetworkError', error, source, margin + indent);
  return [`((${[...isWanted, ...retryable].join(' && ')}) ||${eol}${margin}${indent}(${failures.join(' && ')}))`];
}

/**
 * A function in place of the conditions that axios-retry brings, or around them.
 *
 * @throws {Obstacle} When it may answer later, or throw, which ends the call in another way.
 */
function ownCondition(source: ConditionSource, given: ts.Expression): { error: string; text: string } {
  const { program } = source;
  const checker = program.getTypeChecker();
  const { strict, strictNullChecks = strict } = program.getCompilerOptions();
  if (!ts.isArrowFunction(given) || given.modifiers?.length || ts.isBlock(given.body) || !strictNullChecks) {
    throw new Obstacle('option');
  }
  const [parameter, ...others] = given.parameters;
  const isPlain = parameter && !parameter.initializer && !parameter.dotDotDotToken && others.length === 0;
  if (!isPlain || !ts.isIdentifier(parameter.name)) throw new Obstacle('option');
  if (!isBoolean(checker.getTypeAtLocation(given.body))) throw new Obstacle('option');
  const error = parameter.name.text;
  const text = (node: ts.Expression): string => {
    if (ts.isParenthesizedExpression(node)) return `(${text(node.expression)})`;
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      return `!${text(node.operand)}`;
    }
    if (ts.isBinaryExpression(node) && harmless.includes(node.operatorToken.getText())) {
      return `${text(node.left)} ${node.operatorToken.getText()} ${text(node.right)}`;
    }
    if (ts.isCallExpression(node)) {
      const helper = source.helper(node.expression);
      const [argument, ...rest] = node.arguments;
      if (helper !== undefined && helpers.includes(helper)) {
        if (rest.length > 0 || argument?.getText() !== error) throw new Obstacle('option');
        return `(${partsOf(helper, error, source).join(' && ')})`;
      }
      return includesText(node, text, checker);
    }
    if (!isRead(node, error) && !isStable(node, checker)) throw new Obstacle('option');
    return node.getText();
  };
  const body = text(given.body);
  const isLoose = ts.isBinaryExpression(given.body);
  return { error, text: isLoose ? `(${body})` : body };
}

/** Operators that never throw, whatever stands beside them. */
const harmless = ['&&', '||', '??', '===', '!==', '==', '!=', '<', '<=', '>', '>='];

/** `[502, 503].includes(error.response.status)`. */
function includesText(
  { expression, arguments: [argument, ...rest] }: ts.CallExpression,
  text: (node: ts.Expression) => string,
  checker: ts.TypeChecker,
): string {
  if (!ts.isPropertyAccessExpression(expression) || expression.questionDotToken) throw new Obstacle('option');
  const list = expression.expression;
  const isList = ts.isArrayLiteralExpression(list) && list.elements.every((element) => isStable(element, checker));
  if (!isList || expression.name.text !== 'includes' || !argument || rest.length > 0) throw new Obstacle('option');
  return `${expression.getText()}(${text(argument)})`;
}

/** `error.response?.status` and the like: what axios puts there, no `data` that may be anything. */
function isRead(node: ts.Expression, error: string): boolean {
  return new RegExp(
    `^${error}\\??\\.(?:code|message|status|response|config|config\\??\\.(?:method|url|baseURL)|response\\??\\.(?:status|statusText))$`,
  ).test(node.getText());
}
