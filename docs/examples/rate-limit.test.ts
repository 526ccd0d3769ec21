import { rateLimit } from '@holdfast/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import { GeocodeClient, search, sendMail } from './rate-limit.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('lets a burst go, makes others wait their turn, and refuses whom it would keep too long', async () => {
  const fetch = stubFetch(200);
  const sent = [1, 2, 3, 4].map((to) => sendMail(String(to)));
  expect(await failureOf(sendMail('5'))).toMatchObject({
    code: 'HOLDFAST_RATE_LIMITED',
    policy: 'mail',
    retryAfter: 100,
  });
  expect(fetch).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(100);
  expect(fetch).toHaveBeenCalledTimes(3);
  await vi.advanceTimersByTimeAsync(100);
  await Promise.all(sent);
  expect(fetch).toHaveBeenCalledTimes(4);
});

it('has a limit per tenant', async () => {
  stubFetch({ body: 'found' });
  for (let i = 0; i < 5; i++) await search('a', 'x');
  expect(await failureOf(search('a', 'x'))).toMatchObject({ retryAfter: 1_000 });
  expect(await search('b', 'x')).toBe('"found"');
});

it('spaces the calls of a method evenly', async () => {
  const fetch = stubFetch(200);
  const client = new GeocodeClient();
  const calls = ['a', 'b', 'c'].map((address) => client.locate(address));
  await vi.advanceTimersByTimeAsync(1_199);
  expect(fetch).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(fetch).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1_200);
  await Promise.all(calls);
});

it.each([
  ['token-bucket', 19],
  ['sliding-window', 10],
] as const)('lets at most so many start within one interval, when full: %s', async (algorithm, most) => {
  const policy = rateLimit({ limit: 10, algorithm });
  let started = 0;
  for (let ms = 0; ms < 1_000; ms++) {
    await policy.execute(() => started++).catch(() => {});
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(started).toBe(most);
});
