import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import { search, SearchClient, searchHedge, tailHedge } from './hedge.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each([
  ['a policy', search],
  ['a decorated method', (words: string) => new SearchClient().search(words)],
])('takes the first answer of %s and aborts the other copy', async (_, find) => {
  const fetch = stubFetch('none', { body: ['hat'], after: 20 });
  const found = find('hat');
  await vi.advanceTimersByTimeAsync(120);
  expect(await found).toEqual(['hat']);
  expect(fetch.mock.calls.map(([, init]) => init!.signal!.aborted)).toEqual([true, false]);
});

it('asks once when the answer is in time', async () => {
  const fetch = stubFetch({ body: [], after: 99 });
  const found = search('hat');
  await vi.advanceTimersByTimeAsync(1_000);
  await found;
  expect(fetch).toHaveBeenCalledTimes(1);
});

it('asks again at once when a copy fails, and fails when all have', async () => {
  const fetch = stubFetch(503);
  expect(await failureOf(search('hat'))).toMatchObject({ message: 'search answered 503' });
  expect(fetch).toHaveBeenCalledTimes(2);
});

it('fails at once with what another copy would not change', async () => {
  const fetch = stubFetch(400);
  expect(await failureOf(search('hat'))).toMatchObject({ message: 'search answered 400' });
  expect(fetch).toHaveBeenCalledTimes(1);
});

it('counts copies and what they won', async () => {
  const before = searchHedge.snapshot() as unknown as { hedges: number; wins: number };
  stubFetch('none', { body: [] });
  const found = search('hat');
  await vi.advanceTimersByTimeAsync(100);
  await found;
  expect(searchHedge.snapshot()).toMatchObject({ hedges: before.hedges + 1, wins: before.wins + 1 });
});

it('waits for the quantile once it knows enough', async () => {
  const answerAfter = async (ms: number) => {
    const answer = tailHedge.execute(() => new Promise((resolve) => setTimeout(resolve, ms)));
    await vi.advanceTimersByTimeAsync(ms);
    await answer;
  };
  for (let i = 0; i < 32; i++) await answerAfter(10);
  const copies = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 15)));
  const answer = tailHedge.execute(copies);
  await vi.advanceTimersByTimeAsync(10);
  expect(copies).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(5);
  await answer;
});
