import { fallback } from '@holdfast/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import { priceOf, Recommendations, recommendations } from './fallback.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each([503, 404])('answers with the value when the dependency answers %i', async (status) => {
  stubFetch(status);
  expect(await recommendations('7')).toEqual([]);
});

it('answers with the value when the dependency hangs', async () => {
  stubFetch('none');
  const answer = recommendations('7');
  await vi.advanceTimersByTimeAsync(301);
  expect(await answer).toEqual([]);
});

it('does not hide a bug, nor the abort of the caller', async () => {
  const policy = fallback({ value: 'instead' });
  const bug = () => Promise.reject(new TypeError('x is not a function'));
  expect(await failureOf(policy.execute(bug))).toBeInstanceOf(TypeError);
  const signal = AbortSignal.abort(new Error('the customer left'));
  expect(await failureOf(policy.execute(() => 'answer', { signal }))).toMatchObject({ message: 'the customer left' });
});

it('asks the replica with the same arguments, only for the failures it stands in for', async () => {
  const fetch = stubFetch(503, { body: { price: 3 } });
  expect(await priceOf('hat')).toEqual({ price: 3 });
  expect(fetch.mock.calls[1]![0]).toBe('https://prices-replica.example/hat');
  stubFetch(404);
  expect(await failureOf(priceOf('hat'))).toMatchObject({ message: 'prices answered 404' });
});

it('fails with the error of the handler, which remembers the first', async () => {
  const second = new Error('replica is down');
  stubFetch(503, second);
  expect(await failureOf(priceOf('hat'))).toBe(second);
  expect(second.cause).toMatchObject({ message: 'prices answered 503' });
});

it('gives the handler the object of the method', async () => {
  stubFetch(503);
  expect(await new Recommendations().forUser('7')).toEqual(['hat', 'scarf']);
});
