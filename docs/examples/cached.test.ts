import { guard } from '@holdfast/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import { RateClient, rateOf, rates, setRate, sharedRates, storeIn, userOf, users } from './cached.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  rates.clear();
  users.clear();
});

it('answers again what was answered before, and asks once for many callers', async () => {
  const fetch = stubFetch({ body: { rate: 1.1 }, after: 5 });
  const answers = [rateOf('EUR'), rateOf('EUR'), rateOf('EUR')];
  await vi.advanceTimersByTimeAsync(5);
  expect(await Promise.all(answers)).toEqual([{ rate: 1.1 }, { rate: 1.1 }, { rate: 1.1 }]);
  expect(await rateOf('EUR')).toEqual({ rate: 1.1 });
  expect(fetch).toHaveBeenCalledTimes(1);
});

it('answers the stale result while a new one is fetched', async () => {
  stubFetch({ body: { rate: 1 } }, { body: { rate: 2 } });
  await rateOf('EUR');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await rateOf('EUR')).toEqual({ rate: 1 });
  await vi.advanceTimersByTimeAsync(0);
  expect(await rateOf('EUR')).toEqual({ rate: 2 });
});

it('answers the stale result when fetching a new one fails, for as long as allowed', async () => {
  stubFetch({ body: { rate: 1 } }, 503);
  await rateOf('EUR');
  await vi.advanceTimersByTimeAsync(659_999);
  expect(await rateOf('EUR')).toEqual({ rate: 1 });
  await vi.advanceTimersByTimeAsync(1);
  expect(await failureOf(rateOf('EUR'))).toMatchObject({ message: 'rates answered 503' });
});

it('does not answer the stale result when the dependency says there is none', async () => {
  stubFetch({ body: { rate: 1 } }, 410);
  await rateOf('EUR');
  await vi.advanceTimersByTimeAsync(90_000);
  expect(await failureOf(rateOf('EUR'))).toMatchObject({ message: 'rates answered 410' });
});

it('hands out one and the same object', async () => {
  stubFetch({ body: { rate: 1 } });
  expect(await rateOf('EUR')).toBe(await rateOf('EUR'));
});

it('asks again after invalidate', async () => {
  const fetch = stubFetch({ body: { rate: 1 } }, 200, { body: { rate: 2 } });
  await rateOf('EUR');
  await setRate('EUR', 2);
  expect(await rateOf('EUR')).toEqual({ rate: 2 });
  expect(fetch).toHaveBeenCalledTimes(3);
});

it('remembers that there is none for its own time', async () => {
  const fetch = stubFetch(404);
  await userOf('7');
  await vi.advanceTimersByTimeAsync(4_999);
  await userOf('7');
  expect(fetch).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  await userOf('7');
  expect(fetch).toHaveBeenCalledTimes(2);
});

it('finds in a store what another process put there, and goes on without it when it is down', async () => {
  const shared = new Map<string, string>();
  const ask = vi.fn(async (currency: string) => ({ currency }));
  const first = guard(ask, sharedRates(storeIn(shared)));
  const second = guard(ask, sharedRates(storeIn(shared)));
  await first('EUR');
  expect(await second('EUR')).toEqual({ currency: 'EUR' });
  expect(ask).toHaveBeenCalledTimes(1);
  expect([...shared.keys()]).toEqual(['rates:EUR']);

  const broken = { ...storeIn(shared), get: () => Promise.reject(new Error('store is down')) };
  expect(await guard(ask, sharedRates(broken))('EUR')).toEqual({ currency: 'EUR' });
});

it('does not cache what cannot be told apart by its data', async () => {
  class Query {}
  const ask = vi.fn(async (_query: unknown) => 'answer');
  const answer = guard(ask, rates);
  await answer(new Query());
  await answer(new Query());
  expect(ask).toHaveBeenCalledTimes(2);
});

it('keeps the results of each object apart, unless the class shares them', async () => {
  const fetch = stubFetch({ body: [] });
  const [a, b] = [new RateClient(), new RateClient()];
  await a.rateOf('EUR');
  await b.rateOf('EUR');
  expect(fetch).toHaveBeenCalledTimes(2);
  await a.currencies();
  await b.currencies();
  expect(fetch).toHaveBeenCalledTimes(3);
});
