import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  BulkheadFullError,
  ChaosError,
  CircuitOpenError,
  HoldfastError,
  RateLimitedError,
  RetryBudgetExhaustedError,
  TimeoutError,
} from './errors.js';
import { isPermanent, isProgrammingError, isTransient, outcomeOfError, retryAfterOf } from './outcome.js';

const withFacts = (facts: object): Error => Object.assign(new Error('failed'), facts);
const policy = 'p';

describe('the outcome of', () => {
  it.each([
    ['an error', new Error('down'), 'failure', true],
    ['an error of the system', withFacts({ code: 'ECONNREFUSED' }), 'failure', true],
    ['no error at all', undefined, 'failure', true],
    ['null', null, 'failure', true],
    ['a string', 'down', 'failure', true],
    ['a status 500', withFacts({ status: 500 }), 'failure', true],
    ['a status 503 of a response', withFacts({ response: { status: 503 } }), 'failure', true],
    ['a status 408, Request Timeout', withFacts({ status: 408 }), 'failure', true],
    ['a status 425, Too Early', withFacts({ statusCode: 425 }), 'failure', true],
    ['a status 429, Too Many Requests', withFacts({ response: { statusCode: 429 } }), 'failure', true],
    ['a status 400', withFacts({ status: 400 }), 'success', false],
    ['a status 404', withFacts({ statusCode: 404 }), 'success', false],
    ['a status 409 of a response', withFacts({ response: { status: 409 } }), 'success', false],
    ['a status in a string', withFacts({ status: '404' }), 'failure', true],
    ['a TypeError', new TypeError('x is not a function'), 'ignore', false],
    ['a ReferenceError', new ReferenceError('x is not defined'), 'ignore', false],
    ['a RangeError', new RangeError('Invalid array length'), 'ignore', false],
    ['a SyntaxError', new SyntaxError('Invalid regular expression'), 'ignore', false],
    ['a URIError', new URIError('URI malformed'), 'ignore', false],
    ['a TypeError of another realm', runInNewContext('new TypeError("x is not a function")'), 'ignore', false],
    ['an Invalid URL', Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' }), 'ignore', false],
    [
      'a bug that mentions "terminated"',
      new TypeError("Cannot read properties of undefined (reading 'terminated')"),
      'ignore',
      false,
    ],
    ['fetch in Node', new TypeError('fetch failed', { cause: withFacts({ code: 'ECONNRESET' }) }), 'failure', true],
    ['fetch in Chrome', new TypeError('Failed to fetch'), 'failure', true],
    ['fetch in Firefox', new TypeError('NetworkError when attempting to fetch resource.'), 'failure', true],
    ['fetch in Safari', new TypeError('Load failed'), 'failure', true],
    ['fetch in Safari, named', new TypeError('Load failed (api.example.com)'), 'failure', true],
    ['fetch in Workers', new TypeError('Network connection lost.'), 'failure', true],
    ['fetch in React Native', new TypeError('Network request failed'), 'failure', true],
    ['a body that was cut off', new TypeError('terminated'), 'failure', true],
    ['an answer that is no JSON', new SyntaxError('Unexpected token < in JSON at position 0'), 'failure', true],
    ['an answer that ended early', new SyntaxError('Unexpected end of JSON input'), 'failure', true],
    ['a timeout', new TimeoutError({ policy, duration: 5 }), 'failure', true],
    ['a timeout of our own lagging', new TimeoutError({ policy, duration: 5, isLagged: true }), 'ignore', true],
    ['an open circuit', new CircuitOpenError({ policy, state: 'open' }), 'ignore', false],
    ['a full bulkhead', new BulkheadFullError({ policy, reason: 'full' }), 'ignore', false],
    ['a used-up rate limit', new RateLimitedError({ policy, retryAfter: 5 }), 'ignore', false],
    [
      'a used-up budget for a failure',
      new RetryBudgetExhaustedError({ policy, cause: new Error('down') }),
      'failure',
      false,
    ],
    [
      'a used-up budget for a refusal',
      new RetryBudgetExhaustedError({ policy, cause: new BulkheadFullError({ policy, reason: 'full' }) }),
      'ignore',
      false,
    ],
    ['an injected fault', new ChaosError({ policy }), 'failure', true],
    ['another error of ours', new HoldfastError('HOLDFAST_X', 'x', { policy }), 'failure', true],
  ] as const)('%s (%o) is %s; worth another try: %s', (_, error, outcome, isWorthIt) => {
    expect(outcomeOfError(error)).toBe(outcome);
    expect(isTransient(error)).toBe(isWorthIt);
  });

  it.each([
    ['a name that is no string', { name: 5, message: 'x' }],
    ['a message that is no string', { name: 'Error', message: 5 }],
    ['a cause that is null', Object.assign(new TypeError('fetch failed'), { cause: null })],
    ['a response that is null', withFacts({ response: null })],
    ['a response that is text', withFacts({ response: 'Service Unavailable' })],
    ['a frozen object', Object.freeze({})],
    ['an object without a prototype', Object.create(null)],
    ['a function', () => {}],
  ])('odd things thrown is told without a throw: %s', (_, error) => {
    expect(outcomeOfError(error)).toBe('failure');
    expect(isPermanent(error)).toBe(false);
    expect(isProgrammingError(error)).toBe(false);
    expect(retryAfterOf(error)).toBeUndefined();
  });
});

describe('how long to stay away', () => {
  const T0 = Date.UTC(2030, 0, 1);
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([
    ['seconds', { headers: { 'retry-after': '120' } }, 120_000],
    ['a number', { headers: { 'retry-after': 120 } }, 120_000],
    ['blanks around', { headers: { 'retry-after': ' 5 ' } }, 5000],
    ['zero', { headers: { 'retry-after': '0' } }, 0],
    ['a negative number', { headers: { 'retry-after': '-1' } }, 0],
    ['a date', { headers: { 'retry-after': 'Tue, 01 Jan 2030 00:00:30 GMT' } }, 30_000],
    ['a date in the old form', { headers: { 'retry-after': 'Tuesday, 01-Jan-30 00:00:30 GMT' } }, 30_000],
    ['a date that is over', { headers: { 'retry-after': 'Mon, 31 Dec 2029 23:59:00 GMT' } }, 0],
    ['nothing', { headers: { 'retry-after': '' } }, undefined],
    ['nonsense', { headers: { 'retry-after': 'a while' } }, undefined],
    ['Headers', { headers: new Headers({ 'Retry-After': '3' }) }, 3000],
    ['Headers of a response', { response: new Response('', { headers: { 'Retry-After': '3' } }) }, 3000],
    ['plain headers of a response', { response: { headers: { 'retry-after': '3' } } }, 3000],
    ['RateLimit-Reset', { headers: { 'ratelimit-reset': '9' } }, 9000],
    ['RateLimit-Reset of a response', { response: { headers: { 'ratelimit-reset': '9' } } }, 9000],
    ['headers that are text', { headers: 'retry-after: 5' }, undefined],
    ['a list of values', { headers: { 'retry-after': ['5'] } }, undefined],
    ['no headers', {}, undefined],
  ])('from %s', (_, facts, expected) => {
    vi.spyOn(Date, 'now').mockReturnValue(T0);
    expect(retryAfterOf(Object.assign(new Error('busy'), facts))).toBe(expected);
    expect(retryAfterOf(facts)).toBe(expected);
  });

  it('from a response itself', () => {
    expect(retryAfterOf(new Response('', { status: 503, headers: { 'Retry-After': '2' } }))).toBe(2000);
  });

  it('from a refusal of ours', () => {
    expect(retryAfterOf(new RateLimitedError({ policy, retryAfter: 70 }))).toBe(70);
    expect(retryAfterOf(new BulkheadFullError({ policy, reason: 'full' }))).toBeUndefined();
  });

  it.each([undefined, null, 5, 'retry-after: 5'])('from %o: nobody knows', (value) => {
    expect(retryAfterOf(value)).toBeUndefined();
  });
});

describe('a header of a plain object', () => {
  it('is found however its name is written', () => {
    expect(retryAfterOf({ response: { headers: { 'Retry-After': '2' } } })).toBe(2_000);
    expect(retryAfterOf({ headers: { 'RATELIMIT-RESET': 3 } })).toBe(3_000);
  });
});
