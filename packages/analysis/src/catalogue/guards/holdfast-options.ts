import type { Literal } from '../../resolver/literals.js';
import type { PolicyKind } from '../catalogue.js';

/** What one option of the runtime may be, in the words of the error that it throws otherwise. */
export interface OptionRange {
  readonly allowed: string;
  accepts(value: Literal): boolean;
}

/** The options of one factory of the runtime. */
export interface FactoryOptions {
  /** How its errors name it. */
  readonly name: string;
  readonly options: Readonly<Record<string, OptionRange>>;
}

function number(allowed: string, accepts: (value: number) => boolean): OptionRange {
  return { allowed, accepts: (value) => typeof value === 'number' && accepts(value) };
}

function whole(least: number): OptionRange {
  return number(
    `a whole number of at least ${String(least)}`,
    (value) => Number.isSafeInteger(value) && value >= least,
  );
}

function wholeOrInfinity(least: number): OptionRange {
  const { allowed, accepts } = whole(least);
  return { allowed: `${allowed}, or Infinity`, accepts: (value) => value === Infinity || accepts(value) };
}

function atLeast(least: number): OptionRange {
  return number(`a finite number of at least ${String(least)}`, (value) => value >= least && value < Infinity);
}

function oneOf(...values: readonly Literal[]): OptionRange {
  const allowed = `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`;
  return { allowed, accepts: (value) => values.includes(value) };
}

/** What no literal is: whether a name stands for it is left to the types. */
function noLiteral(allowed: string): OptionRange {
  return { allowed, accepts: () => false };
}

function orFunction({ allowed, accepts }: OptionRange): OptionRange {
  return { allowed: `${allowed} or a function`, accepts };
}

const duration = number('a number of milliseconds above 0 and finite', (value) => value > 0 && value < Infinity);
const durationOrNever = number('a number of milliseconds above 0, or Infinity', (value) => value > 0);
const delay = number('a number of milliseconds, 0 or more and finite', (value) => value >= 0 && value < Infinity);
const ratio = number('a number above 0 and at most 1', (value) => value > 0 && value <= 1);
const share = number('a number from 0 to 1', (value) => value >= 0 && value <= 1);
const name: OptionRange = {
  allowed: 'a non-empty string',
  accepts: (value) => value !== '' && typeof value === 'string',
};

const aFunction = noLiteral('a function');
const anObject = noLiteral('an object');
const clock = noLiteral('a clock (an object with now and setTimer)');

/** What `packages/runtime/src/policies` refuses when a policy is made. */
export const holdfastOptions: Readonly<Partial<Record<PolicyKind, FactoryOptions>>> = {
  'circuit-breaker': {
    name: 'circuitBreaker',
    options: {
      failureThreshold: whole(1),
      recoveryTimeout: duration,
      monitoringPeriod: duration,
      windowSize: whole(1),
      failureRate: ratio,
      minimumCalls: whole(1),
      slowCallDuration: duration,
      slowCallRate: ratio,
      halfOpenProbes: whole(1),
      maxHalfOpenDuration: duration,
      afterHalfOpen: oneOf('open', 'closed'),
      recoveryMultiplier: atLeast(1),
      maxRecoveryTimeout: duration,
      recoveryJitter: share,
      rampUp: delay,
      classify: aFunction,
      scope: orFunction(oneOf('class', 'instance')),
      restore: noLiteral('a state that save() returned'),
      name,
      clock,
      random: aFunction,
    },
  },
  retry: {
    name: 'retry',
    options: {
      maxAttempts: wholeOrInfinity(1),
      baseDelay: delay,
      maxDelay: delay,
      backoff: oneOf('exponential', 'linear', 'constant', 'fibonacci'),
      backoffMultiplier: atLeast(1),
      jitter: oneOf(true, false, 'full', 'equal', 'decorrelated'),
      maxElapsed: durationOrNever,
      retryIf: aFunction,
      retryOnResult: aFunction,
      delay: aFunction,
      budget: anObject,
      name,
      clock,
      random: aFunction,
    },
  },
  timeout: {
    name: 'timeout',
    options: { duration: orFunction(duration), mode: oneOf('hard', 'cooperative'), name, clock },
  },
  bulkhead: {
    name: 'bulkhead',
    options: {
      maxConcurrent: whole(1),
      maxQueue: wholeOrInfinity(0),
      queueTimeout: duration,
      order: oneOf('fifo', 'lifo'),
      priority: aFunction,
      weight: aFunction,
      name,
      clock,
    },
  },
  'rate-limit': {
    name: 'rateLimit',
    options: {
      limit: whole(1),
      interval: duration,
      algorithm: oneOf('token-bucket', 'sliding-window'),
      burst: whole(1),
      maxWait: delay,
      key: aFunction,
      name,
      clock,
    },
  },
  cached: {
    name: 'cached',
    options: {
      ttl: durationOrNever,
      key: aFunction,
      staleWhileRevalidate: delay,
      staleIfError: delay,
      negativeTtl: delay,
      maxEntries: wholeOrInfinity(1),
      jitter: share,
      store: anObject,
      scope: oneOf('instance', 'class'),
      name,
      clock,
      random: aFunction,
    },
  },
  hedge: { name: 'hedge', options: { delay, quantile: ratio, maxAttempts: whole(2), budget: anObject, name, clock } },
};
