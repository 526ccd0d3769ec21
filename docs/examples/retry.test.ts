import { RetryBudgetExhaustedError } from '@holdfast/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import { page, results, StockClient, stockOf, stockOrReport, suggestions } from './retry.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each([
  ['a policy', stockOf],
  ['a decorated method', (sku: string) => new StockClient().stockOf(sku)],
])('answers when a later attempt of %s does', async (_, stock) => {
  const fetch = stubFetch(503, new TypeError('fetch failed'), { body: { left: 2 } });
  const answer = stock('hat');
  await vi.advanceTimersByTimeAsync(600);
  expect(await answer).toEqual({ left: 2 });
  expect(fetch).toHaveBeenCalledTimes(3);
});

it('asks once when asking again changes nothing', async () => {
  const fetch = stubFetch(404);
  expect(await failureOf(stockOf('hat'))).toMatchObject({ message: 'stock answered 404' });
  expect(fetch).toHaveBeenCalledTimes(1);
});

it('waits as long as the other side asks for', async () => {
  const fetch = stubFetch({ status: 429, headers: { 'retry-after': '5' } }, { body: { left: 1 } });
  const answer = stockOf('hat');
  await vi.advanceTimersByTimeAsync(4_999);
  expect(fetch).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await answer).toEqual({ left: 1 });
});

it('does not wait for a Retry-After beyond the longest delay', async () => {
  const fetch = stubFetch({ status: 503, headers: { 'retry-after': '31' } });
  expect(await failureOf(stockOf('hat'))).toMatchObject({ message: 'stock answered 503' });
  expect(fetch).toHaveBeenCalledTimes(1);
});

it('returns the last result when it may not be tried again', async () => {
  const fetch = stubFetch(503);
  const response = page('home');
  await vi.advanceTimersByTimeAsync(600);
  expect((await response).status).toBe(503);
  expect(fetch).toHaveBeenCalledTimes(3);
});

it('shares a budget between policies: ten calls earn one retry', async () => {
  for (let call = 0; call < 10; call++) await suggestions.execute(() => 'ok');
  const down = () => Promise.reject(new Error('search is down'));
  const first = failureOf(results.execute(down));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await first).toBeInstanceOf(RetryBudgetExhaustedError);
  expect(await failureOf(suggestions.execute(down))).toMatchObject({
    code: 'HOLDFAST_RETRY_BUDGET',
    cause: new Error('search is down'),
  });
  expect(results.snapshot()).toMatchObject({ retries: 1, exhausted: 1 });
});

it('ends with the last error, which knows the others', async () => {
  stubFetch(500, 502, 503);
  const lines: string[] = [];
  const failure = failureOf(stockOrReport('hat', (line) => lines.push(line)));
  await vi.advanceTimersByTimeAsync(600);
  expect(await failure).toMatchObject({ message: 'stock answered 503' });
  expect(lines).toEqual(['Error: stock answered 500', 'Error: stock answered 502', 'Error: stock answered 503']);
});
