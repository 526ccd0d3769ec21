import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { guard, retry, timeout, Timeout } from '@holdfast/runtime';
import { currentAttempt, currentIdempotencyKey, currentSignal, remainingTime } from '@holdfast/runtime/context';
import { afterEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import { OrderClient, SearchClient } from './context.js';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('cancels what runs after an await, however deep', async () => {
  vi.useFakeTimers();
  const fetch = stubFetch({ body: {} }, 'none', { body: {} });
  const order = new OrderClient().order('7');
  await vi.advanceTimersByTimeAsync(1_001);
  expect(fetch.mock.calls[1]![1]!.signal!.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(100);
  expect(await order).toEqual({ order: {}, lines: {} });
});

it('tells the attempt and the time that is left', async () => {
  vi.useFakeTimers();
  const fetch = stubFetch(503, { body: 'found' });
  const found = new SearchClient().search('hat');
  await vi.advanceTimersByTimeAsync(100);
  await found;
  expect(fetch.mock.calls.map(([, init]) => init!.headers)).toEqual([
    { 'x-attempt': '1', 'x-budget-ms': '1000' },
    { 'x-attempt': '2', 'x-budget-ms': '1000' },
  ]);
});

it('makes guards within guards know of each other', async () => {
  vi.useFakeTimers();
  const asked: number[] = [];
  const inner = guard(
    async () => {
      asked.push(remainingTime());
      throw new Error('down');
    },
    retry({ maxAttempts: 5, baseDelay: 400, jitter: false }),
    timeout(5_000),
  );
  const failure = failureOf(guard(() => inner(), timeout(1_000))());
  await vi.advanceTimersByTimeAsync(400);
  expect(await failure).toMatchObject({ message: 'down' });
  expect(asked).toEqual([1_000, 600]);
});

it('says something sensible outside a guarded call', () => {
  expect(currentSignal().aborted).toBe(false);
  expect(currentAttempt()).toBe(1);
  expect(remainingTime()).toBe(Infinity);
  expect(currentIdempotencyKey()).toBeUndefined();
});

it('closes the connection of a real request', async () => {
  let server!: Server;
  const closed = new Promise((resolve) => {
    server = createServer((request) => void request.socket.once('close', resolve));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  class Client {
    @Timeout(50)
    async ask(): Promise<unknown> {
      return fetch(`http://127.0.0.1:${port}/`, { signal: currentSignal() });
    }
  }
  expect(await failureOf(new Client().ask())).toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
  await closed;
  server.close();
});
