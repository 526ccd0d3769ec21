import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { TimeoutError, withTimeout } from '@holdfast/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import { exportRows, flush, ShippingClient, shippingQuote } from './timeout.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each([
  ['a policy', () => shippingQuote('7')],
  ['a decorated method', () => new ShippingClient().quote('7')],
])('ends %s that hangs, and its request with it', async (_, quote) => {
  const fetch = stubFetch('none');
  const failure = failureOf(quote());
  await vi.advanceTimersByTimeAsync(2_001);
  const error = await failure;
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ code: 'HOLDFAST_TIMEOUT', duration: 2_000, isLagged: false });
  expect(fetch.mock.calls[0]![1]!.signal!.reason).toBe(error);
});

it('answers in time, and never aborts after success', async () => {
  const fetch = stubFetch({ body: { price: 4 }, after: 1_999 });
  const quote = shippingQuote('7');
  await vi.advanceTimersByTimeAsync(1_999);
  expect(await quote).toEqual({ price: 4 });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fetch.mock.calls[0]![1]!.signal!.aborted).toBe(false);
});

it('takes the budget from the arguments', async () => {
  stubFetch('none');
  const failure = failureOf(exportRows('orders', 10_000));
  await vi.advanceTimersByTimeAsync(2_001);
  expect(await failure).toMatchObject({ policy: 'export', duration: 2_000 });
});

it('lets a cooperative operation end by itself', async () => {
  const write = () => new Promise<void>((resolve) => setTimeout(resolve, 2_000));
  const done = flush([write, write, write, write]);
  await vi.advanceTimersByTimeAsync(5_001);
  await vi.advanceTimersByTimeAsync(999);
  expect(await done).toBe(3);
});

it('does not keep the process alive', async () => {
  vi.useRealTimers();
  const program = `import { timeout } from '@holdfast/runtime'; timeout(60_000).execute(() => new Promise(() => {}));`;
  const startedAt = performance.now();
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: import.meta.dirname });
  expect(performance.now() - startedAt).toBeLessThan(30_000);
});

it('swallows what abandoned work ends with', async () => {
  const failure = failureOf(
    withTimeout(() => new Promise((_, reject) => setTimeout(() => reject(new Error('too late')), 200)), 100),
  );
  await vi.advanceTimersByTimeAsync(300);
  expect(await failure).toBeInstanceOf(TimeoutError);
});
