import { CircuitOpenError } from '@holdfast/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import {
  charge,
  duringMigration,
  hostCircuit,
  paymentCircuit,
  PaymentClient,
  responseCircuit,
  searchCircuit,
  statusOf,
  TenantStore,
} from './circuit-breaker.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  for (const breaker of [paymentCircuit, searchCircuit, hostCircuit, responseCircuit]) breaker.close();
});

async function fail(times: number, call: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < times; i++) await failureOf(call());
}

it('opens after failures in a row, refuses without asking, and closes when a probe succeeds', async () => {
  const fetch = stubFetch(503);
  await fail(5, () => charge('7'));
  expect(paymentCircuit.state).toBe('open');
  const refusal = await failureOf(charge('7'));
  expect(refusal).toBeInstanceOf(CircuitOpenError);
  expect(refusal).toMatchObject({ code: 'HOLDFAST_CIRCUIT_OPEN', policy: 'payments', retryAfter: 30_000 });
  expect((refusal as Error).cause).toMatchObject({ message: 'payments answered 503' });
  expect(fetch).toHaveBeenCalledTimes(5);

  await vi.advanceTimersByTimeAsync(30_000);
  stubFetch({ body: { id: 'c1' } });
  expect(await charge('7')).toEqual({ id: 'c1' });
  expect(paymentCircuit.state).toBe('closed');
});

it('takes a 404 for an answer', async () => {
  stubFetch(404);
  await fail(20, () => charge('7'));
  expect(paymentCircuit.state).toBe('closed');
});

it('forgets a run of failures that nothing was added to for a whole period', async () => {
  stubFetch(503);
  await fail(4, () => charge('7'));
  await vi.advanceTimersByTimeAsync(10_001);
  await fail(4, () => charge('7'));
  expect(paymentCircuit.state).toBe('closed');
  await fail(1, () => charge('7'));
  expect(paymentCircuit.state).toBe('open');
});

it('opens at a rate of failures, once there are enough calls', async () => {
  const down = () => Promise.reject(new Error('down'));
  await fail(10, () => searchCircuit.execute(down));
  expect(searchCircuit.state).toBe('closed');
  for (let i = 0; i < 9; i++) await searchCircuit.execute(() => 'ok');
  expect(searchCircuit.state).toBe('closed');
  await fail(1, () => searchCircuit.execute(down));
  expect(searchCircuit.state).toBe('open');
});

it('opens at a rate of slow calls', async () => {
  for (let i = 0; i < 20; i++) {
    const slow = searchCircuit.execute(() => new Promise((resolve) => setTimeout(resolve, 1_000)));
    await vi.advanceTimersByTimeAsync(1_000);
    await slow;
  }
  expect(searchCircuit.state).toBe('open');
});

it('has a circuit per host', async () => {
  stubFetch(500);
  await fail(3, () => statusOf('https://a.example/x'));
  expect(await failureOf(statusOf('https://a.example/y'))).toBeInstanceOf(CircuitOpenError);
  stubFetch(200);
  expect(await statusOf('https://b.example/x')).toBe(200);
  expect(hostCircuit.snapshot()['keys']).toEqual({ 'a.example': 'open', 'b.example': 'closed' });
});

it('refuses while it is isolated, without a time to come back', async () => {
  const fetch = stubFetch(200);
  await duringMigration(async () => {
    expect(await failureOf(charge('7'))).toMatchObject({ code: 'HOLDFAST_CIRCUIT_OPEN', retryAfter: undefined });
  });
  await charge('7');
  expect(fetch).toHaveBeenCalledTimes(1);
});

it('counts results that are called failures', async () => {
  for (let i = 0; i < 2; i++) await responseCircuit.execute(async () => new Response('', { status: 503 }));
  expect(responseCircuit.state).toBe('open');
});

it('shares one circuit between methods', async () => {
  stubFetch(503);
  const client = new PaymentClient();
  await fail(5, () => client.charge('7'));
  expect(await failureOf(client.refund('7'))).toBeInstanceOf(CircuitOpenError);
});

it('has a circuit per object', async () => {
  stubFetch(503);
  const [a, b] = [new TenantStore('a.example'), new TenantStore('b.example')];
  await fail(3, () => a.load('1'));
  expect(await failureOf(a.load('1'))).toBeInstanceOf(CircuitOpenError);
  expect(await failureOf(b.load('1'))).toMatchObject({ message: 'b.example answered 503' });
});
