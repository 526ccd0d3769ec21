import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stubFetch } from '../fake-fetch.js';
import { PaymentClient, RefundClient } from './idempotent.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const keysSent = (fetch: ReturnType<typeof stubFetch>): string[] =>
  fetch.mock.calls.map(([, init]) => (init!.headers as Record<string, string>)['idempotency-key']!);

it('sends one key with all attempts of a call, and another with the next call', async () => {
  const fetch = stubFetch('none', 503, { body: { id: 'c1' } }, { body: { id: 'c2' } });
  const client = new PaymentClient();
  const first = client.charge('7', 100);
  await vi.advanceTimersByTimeAsync(2_700);
  expect(await first).toEqual({ id: 'c1' });
  await client.charge('7', 100);
  const [a, b, c, d] = keysSent(fetch);
  expect([b, c]).toEqual([a, a]);
  expect(a).toMatch(/^[0-9a-f-]{36}$/);
  expect(d).not.toBe(a);
});

it('makes the key from the arguments', async () => {
  const fetch = stubFetch(503, 200);
  const refund = new RefundClient().refund('7');
  await vi.advanceTimersByTimeAsync(200);
  await refund;
  expect(keysSent(fetch)).toEqual(['refund-7', 'refund-7']);
});
