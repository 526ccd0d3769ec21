import { guard, TimeoutError, timeout } from '@holdfast/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import { configuration, featureGate, invoiceOf, pingTime } from './functions.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('guards a function, which keeps its name and its arguments', async () => {
  const fetch = stubFetch('none', 503, { body: { total: 5 } });
  const invoice = invoiceOf('7');
  await vi.advanceTimersByTimeAsync(1_400);
  expect(await invoice).toEqual({ total: 5 });
  expect(fetch).toHaveBeenCalledTimes(3);
  expect([invoiceOf.name, invoiceOf.length]).toEqual(['fetchInvoice', 1]);
});

it('gives up an operation after its time, and cancels it', async () => {
  const fetch = stubFetch('none');
  const failure = failureOf(pingTime('a.example'));
  await vi.advanceTimersByTimeAsync(501);
  expect(await failure).toBeInstanceOf(TimeoutError);
  expect(fetch.mock.calls[0]![1]!.signal!.aborted).toBe(true);
});

it('repeats an operation', async () => {
  stubFetch(503, 503, { body: { name: 'shop' } });
  const found = configuration();
  await vi.advanceTimersByTimeAsync(600);
  expect(await found).toEqual({ name: 'shop' });

  stubFetch(500);
  const failure = failureOf(configuration());
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await failure).toMatchObject({ message: 'config answered 500 at attempt 5' });
});

it('runs a policy of another make among its own', async () => {
  let isOn = false;
  const answer = guard(
    async () => 'answer',
    timeout(1_000),
    featureGate(() => isOn),
  );
  expect(await failureOf(answer())).toMatchObject({ message: 'the feature is off' });
  isOn = true;
  expect(await answer()).toBe('answer');
});
