import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import { forAll, perAttempt, stock, stockOf, stockWhileConnected } from './pipeline.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('runs each attempt under what is inside the retry', async () => {
  const fetch = stubFetch('none', 503, { body: { left: 1 } });
  const answer = stockOf('hat');
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await answer).toEqual({ left: 1 });
  expect(fetch.mock.calls.map(([url]) => url)).toEqual([1, 2, 3].map((n) => `https://stock.example/hat?attempt=${n}`));
});

it('does not begin a retry that the outer timeout would cut off', async () => {
  const fetch = stubFetch({ status: 503, headers: { 'retry-after': '4' } });
  expect(await failureOf(stockOf('hat'))).toMatchObject({ message: 'stock answered 503' });
  expect(fetch).toHaveBeenCalledTimes(1);
});

it('bounds each attempt or all of them, as the order says', async () => {
  const hang = vi.fn(() => new Promise(() => {}));
  const each = failureOf(perAttempt.execute(hang));
  await vi.advanceTimersByTimeAsync(3_400);
  expect(await each).toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
  expect(hang).toHaveBeenCalledTimes(3);

  hang.mockClear();
  const all = failureOf(forAll.execute(hang));
  await vi.advanceTimersByTimeAsync(1_001);
  expect(await all).toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
  expect(hang).toHaveBeenCalledTimes(1);
});

it('ends with the reason of the caller', async () => {
  const caller = new AbortController();
  const failure = failureOf(stockWhileConnected(() => new Promise(() => {}), caller.signal));
  caller.abort(new Error('the customer left'));
  expect(await failure).toMatchObject({ message: 'the customer left' });
});

it('is named after its members', () => {
  expect(stock.name).toBe('stock-total > retry > stock-circuit > bulkhead > stock-attempt');
});
