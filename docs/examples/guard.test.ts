import { snapshot } from '@holdfast/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import { ChangeFeed, PriceClient, SkuClient, StockClient } from './guard.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('shares its policies between methods and objects', async () => {
  const fetch = stubFetch('none');
  const clients = Array.from({ length: 20 }, () => new StockClient());
  const calls = clients.map((client) => failureOf(client.left('hat')));
  expect(await failureOf(new StockClient().shelf('hat'))).toMatchObject({ code: 'HOLDFAST_BULKHEAD_FULL' });
  expect(fetch).toHaveBeenCalledTimes(20);
  await vi.advanceTimersByTimeAsync(10_000);
  await Promise.all(calls);
});

it('runs stacked decorators from the top in', async () => {
  const fetch = stubFetch('none', 503, { body: 9 });
  const price = new PriceClient().priceOf('hat');
  await vi.advanceTimersByTimeAsync(1_400);
  expect(await price).toBe(9);
  expect(fetch).toHaveBeenCalledTimes(3);
});

it('names policies after the method', () => {
  const named = snapshot().filter(({ name }) => name === 'priceOf');
  expect(named.map(({ kind }) => kind).sort()).toEqual(['circuit-breaker', 'retry', 'timeout']);
});

it('keeps name and length of the method', () => {
  const { priceOf } = PriceClient.prototype;
  expect([priceOf.name, priceOf.length]).toEqual(['priceOf', 1]);
});

it('guards a field that holds a function', async () => {
  stubFetch('none');
  const failure = failureOf(new SkuClient().names('hat'));
  await vi.advanceTimersByTimeAsync(1_001);
  expect(await failure).toMatchObject({ code: 'HOLDFAST_TIMEOUT', policy: 'names' });
});

it('bounds each item of a stream', async () => {
  const after = (ms: number) => () => new Promise<string[]>((resolve) => setTimeout(() => resolve([`${ms}`]), ms));
  const changes = new ChangeFeed([after(900), after(900), after(2_000)]).changes();
  const take = async () => {
    const next = changes.next();
    next.catch(() => {});
    await vi.advanceTimersByTimeAsync(1_001);
    return next;
  };
  expect(await take()).toEqual({ done: false, value: '900' });
  expect(await take()).toEqual({ done: false, value: '900' });
  expect(await failureOf(take())).toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
});
