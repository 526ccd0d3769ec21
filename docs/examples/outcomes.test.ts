import { readFileSync } from 'node:fs';
import {
  BulkheadFullError,
  ChaosError,
  circuitBreaker,
  fallback,
  outcomeOfError,
  retry,
  RetryBudgetExhaustedError,
  TimeoutError,
} from '@holdfast/runtime';
import { afterEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import { fetchOk, HttpError, ledgerCircuit } from './outcomes.js';

afterEach(() => vi.unstubAllGlobals());

const httpError = (status: number) => new HttpError(new Response(null, { status }));

/** The rows of the table of the page, by their first cell. */
const errors: Record<string, unknown> = {
  'any other error (a reset connection, a failed query)': new Error('socket hang up'),
  '5xx': httpError(503),
  '408, 425, 429': httpError(429),
  'any other 4xx': httpError(404),
  "`TimeoutError`, and the platform's own": new TimeoutError({ policy: 'quote', duration: 10 }),
  '`TimeoutError` with `isLagged`': new TimeoutError({ policy: 'quote', duration: 10, isLagged: true }),
  'a refusal (`RejectionError`)': new BulkheadFullError({ policy: 'quote', reason: 'full' }),
  '`RetryBudgetExhaustedError`': new RetryBudgetExhaustedError({ policy: 'quote', cause: new Error('down') }),
  '`ChaosError`': new ChaosError({ policy: 'quote' }),
  'a bug: `TypeError`, `ReferenceError`, `RangeError`, …': new TypeError('x is not a function'),
  "`fetch`'s own `TypeError` for the network": new TypeError('fetch failed'),
  'a `SyntaxError` about JSON': new SyntaxError('Unexpected token < in JSON at position 0'),
};

const page = readFileSync(new URL('../outcomes.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.includes('---'))
  .map(
    (line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, 5) as [string, string, string, string],
  )
  .filter(([kind]) => kind in errors);

it('has a row for every kind of error', () => {
  expect(rows.map(([kind]) => kind)).toEqual(Object.keys(errors));
});

it.each(rows)(
  '%s: the breaker, the retry and the fallback do as the page says',
  async (kind, breaker, again, stands) => {
    const error = errors[kind];
    expect(`\`${outcomeOfError(error)}\``).toBe(breaker);

    const attempts = vi.fn(() => Promise.reject(error as Error));
    await failureOf(retry({ maxAttempts: 2, baseDelay: 0 }).execute(attempts));
    expect(attempts.mock.calls.length > 1).toBe(again === 'yes');

    const answer = await fallback({ value: 'instead' })
      .execute(attempts)
      .catch(() => 'the error');
    expect(answer === 'instead').toBe(stands === 'yes');
  },
);

it('treats the timeout of the platform as a failure', () => {
  expect(outcomeOfError(new DOMException('timed out', 'TimeoutError'))).toBe('failure');
});

it('learns nothing from the abort of the caller', async () => {
  const breaker = circuitBreaker(1);
  const caller = new AbortController();
  const failure = failureOf(breaker.execute(() => new Promise(() => {}), { signal: caller.signal }));
  caller.abort(new Error('the customer left'));
  await failure;
  expect(breaker.snapshot()).toMatchObject({ state: 'closed', failures: 0, ignored: 1 });
});

it('makes an error of a bad response', async () => {
  stubFetch(503);
  expect(await failureOf(fetchOk('https://stock.example/hat'))).toMatchObject({ response: { status: 503 } });
});

it('lets classify decide', async () => {
  for (let i = 0; i < 3; i++) await failureOf(ledgerCircuit.execute(() => Promise.reject(httpError(409))));
  expect(ledgerCircuit.state).toBe('open');
});
