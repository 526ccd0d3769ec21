import { ts } from 'ts-morph';
import { isStable } from '../stable-values.js';
import { cockatielDelay } from './cockatiel-backoff.js';
import { handledBy, type ExportOf } from './cockatiel-handled.js';
import { Obstacle } from './migration.js';
import { holdsComment, knownNumber, Options, type KnownNumber } from './options.js';
import { longestTimer } from './sleep.js';

/** What makes a policy, other than `wrap`: the names are the same in both libraries. */
export type Factory = 'bulkhead' | 'circuitBreaker' | 'fallback' | 'retry' | 'timeout';

/** How a policy of Holdfast is made that behaves as one of cockatiel. */
export interface PolicyText {
  readonly factory: Factory;
  /** The one argument, or the properties of the options. */
  readonly given: string | readonly string[];
  /** Whether code of the program is asked about errors. */
  readonly asksAboutErrors?: boolean;
  /** Whether the signal is aborted after each return. */
  readonly abortsOnReturn?: boolean;
}

type Given = Omit<PolicyText, 'factory'>;
type Rewriter = (given: readonly ts.Expression[], exportOf: ExportOf, checker: ts.TypeChecker) => Given;

const rewriters: Readonly<Record<Factory, Rewriter>> = { bulkhead, circuitBreaker, fallback, retry, timeout };

export function isFactory(exported: string | undefined): exported is Factory {
  return exported !== undefined && Object.hasOwn(rewriters, exported);
}

/** @throws {Obstacle} When no policy of Holdfast behaves the same. */
export function policyText(call: ts.CallExpression, exportOf: ExportOf, checker: ts.TypeChecker): PolicyText {
  if (call.typeArguments || call.arguments.some(ts.isSpreadElement)) throw new Obstacle('option');
  if (holdsComment(call)) throw new Obstacle('comment');
  const factory = exportOf(call.expression) as Factory;
  return { factory, ...rewriters[factory](call.arguments, exportOf, checker) };
}

/** Cockatiel counts the retries, Holdfast the attempts. */
function retry([handler, given]: readonly ts.Expression[], exportOf: ExportOf, checker: ts.TypeChecker): Given {
  const options = new Options(given, checker);
  options.allowOnly(['maxAttempts', 'backoff']);
  const retries = options.number('maxAttempts', Infinity);
  if (retries.value === Infinity) throw new Obstacle('unbounded');
  if (!Number.isInteger(retries.value) || retries.value < 0) throw new Obstacle('invalid-option');
  const { errors, results, asksAboutErrors } = handledBy(
    handler,
    { error: { text: 'error' }, value: { text: 'value', type: 'any' } },
    exportOf,
    checker,
  );
  const attempts = /^\d+$/.test(retries.text) ? String(retries.value + 1) : `${retries.text} + 1`;
  const properties = [`maxAttempts: ${attempts}`];
  if (retries.value > 0) {
    const delay = cockatielDelay(options.get('backoff'), retries.value, exportOf, checker);
    const isFixed = errors === 'true' || errors === 'false';
    properties.push(`delay: ${delay}`, `retryIf: ${isFixed ? '()' : '(error)'} => ${errors}`);
    if (results !== undefined) properties.push(`retryOnResult: (value) => ${results}`);
  }
  return { given: properties, asksAboutErrors };
}

/**
 * Cockatiel forgets no failure however old, knows no `Retry-After`, and takes all that it is told to handle for a failure.
 *
 * An error that it is not told to handle says nothing while the circuit is closed and closes one that is half-open: Holdfast cannot
 * say that. Other breakers than `ConsecutiveBreaker` remember the probe, or what was before it.
 */
function circuitBreaker(
  [handler, given]: readonly ts.Expression[],
  exportOf: ExportOf,
  checker: ts.TypeChecker,
): Given {
  const options = new Options(given, checker);
  options.allowOnly(['halfOpenAfter', 'breaker']);
  const { errors, results } = handledBy(
    handler,
    { error: { text: 'result.error' }, value: { text: 'result.value' } },
    exportOf,
    checker,
  );
  if (errors !== 'true') throw new Obstacle('option');
  const breaker = options.get('breaker');
  if (!breaker || !ts.isNewExpression(breaker)) throw new Obstacle('dynamic-option');
  if (exportOf(breaker.expression) !== 'ConsecutiveBreaker' || breaker.arguments?.length !== 1) {
    throw new Obstacle('option');
  }
  const threshold = whole(breaker.arguments[0]!, checker);
  const after = options.get('halfOpenAfter');
  if (!after) throw new Obstacle('invalid-option');
  if (ts.isNewExpression(after)) throw new Obstacle('option');
  const recovery = whole(after, checker);
  const isFailure = ["'error' in result", ...(results === undefined ? [] : [results])].join(' || ');
  return {
    given: [
      `failureThreshold: ${threshold.text}`,
      ...(threshold.value === 1 ? [] : ['monitoringPeriod: Number.MAX_VALUE']),
      `recoveryTimeout: ${recovery.text}`,
      `maxRecoveryTimeout: ${recovery.text}`,
      `classify: (result) => (${isFailure} ? 'failure' : 'success')`,
    ],
  };
}

function timeout([given, how, ...rest]: readonly ts.Expression[], exportOf: ExportOf, checker: ts.TypeChecker): Given {
  if (!given || !how || rest.length > 0) throw new Obstacle('invalid-option');
  const duration = whole(given, checker);
  if (duration.value > longestTimer) throw new Obstacle('unbounded');
  const options = ts.isObjectLiteralExpression(how) ? new Options(how, checker) : undefined;
  options?.allowOnly(['strategy', 'abortOnReturn']);
  const strategy = options ? options.get('strategy') : how;
  if (!strategy || !ts.isPropertyAccessExpression(strategy) || exportOf(strategy.expression) !== 'TimeoutStrategy') {
    throw new Obstacle('dynamic-option');
  }
  const mode = new Map([
    ['Aggressive', 'hard'],
    ['Cooperative', 'cooperative'],
  ]).get(strategy.name.text);
  if (!mode) throw new Obstacle('option');
  return {
    given: mode === 'hard' ? duration.text : [`duration: ${duration.text}`, `mode: '${mode}'`],
    abortsOnReturn: options?.boolean('abortOnReturn', true) ?? true,
  };
}

function bulkhead([limit, queue, ...rest]: readonly ts.Expression[], _: ExportOf, checker: ts.TypeChecker): Given {
  if (!limit || rest.length > 0) throw new Obstacle('invalid-option');
  const concurrent = whole(limit, checker);
  const waiting = queue ? knownNumber(queue, checker) : { value: 0, text: '0' };
  if (!(waiting.value === Infinity || Number.isInteger(waiting.value)) || waiting.value < 0) {
    throw new Obstacle('invalid-option');
  }
  return {
    given: waiting.value === 0 ? concurrent.text : [`maxConcurrent: ${concurrent.text}`, `maxQueue: ${waiting.text}`],
  };
}

function fallback(
  [handler, given, ...rest]: readonly ts.Expression[],
  exportOf: ExportOf,
  checker: ts.TypeChecker,
): Given {
  if (!given || rest.length > 0) throw new Obstacle('invalid-option');
  const { errors, results, asksAboutErrors } = handledBy(
    handler,
    { error: { text: 'error' }, value: { text: 'value' } },
    exportOf,
    checker,
  );
  if (results !== undefined) throw new Obstacle('option');
  const fallbackIf = `fallbackIf: ${errors === 'true' ? '()' : '(error)'} => ${errors}`;
  return {
    given: [answerOf(given, checker), fallbackIf],
    asksAboutErrors,
  };
}

/** A function is asked for the answer each time, without arguments. */
function answerOf(given: ts.Expression, checker: ts.TypeChecker): string {
  const type = checker.getTypeAtLocation(given);
  if (type.getCallSignatures().length === 0) {
    if (!isPlainData(given, checker)) throw new Obstacle('dynamic-option');
    return `value: ${given.getText()}`;
  }
  if (ts.isArrowFunction(given) && given.parameters.length === 0) return `handler: ${given.getText()}`;
  if (!ts.isIdentifier(given) || !isStable(given, checker)) throw new Obstacle('option');
  return `handler: () => ${given.text}()`;
}

/** Something that is sure to be no function. */
function isPlainData(given: ts.Expression, checker: ts.TypeChecker): boolean {
  if (ts.isArrayLiteralExpression(given) || ts.isObjectLiteralExpression(given)) return true;
  const { flags } = checker.getTypeAtLocation(given);
  const { StringLike, NumberLike, BooleanLike, Null, Undefined, BigIntLike } = ts.TypeFlags;
  return (flags & (StringLike | NumberLike | BooleanLike | BigIntLike | Null | Undefined)) !== 0;
}

/** @throws {Obstacle} When it is no whole number of at least 1. */
function whole(node: ts.Expression, checker: ts.TypeChecker): KnownNumber {
  const number = knownNumber(node, checker);
  if (number.value === Infinity) throw new Obstacle('unbounded');
  if (!Number.isInteger(number.value) || number.value < 1) throw new Obstacle('invalid-option');
  return number;
}
