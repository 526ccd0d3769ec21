import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import { ShippingClient } from './readme.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('answers when a retry does, and stops asking when none do', async () => {
  const client = new ShippingClient();
  const fetch = stubFetch('none', 503, { body: { price: 4 } }, 503);
  const quote = client.quote('7');
  await vi.advanceTimersByTimeAsync(2_700);
  expect(await quote).toEqual({ price: 4 });
  expect(fetch).toHaveBeenCalledTimes(3);

  const failures = [1, 2].map(() => failureOf(client.quote('7')));
  await vi.advanceTimersByTimeAsync(600);
  await Promise.all(failures);
  expect(fetch).toHaveBeenCalledTimes(8);
  expect(await failureOf(client.quote('7'))).toMatchObject({ code: 'HOLDFAST_CIRCUIT_OPEN', policy: 'quote' });
  expect(fetch).toHaveBeenCalledTimes(8);
});
