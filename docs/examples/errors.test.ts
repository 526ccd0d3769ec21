import {
  bulkhead,
  captureStacks,
  circuitBreaker,
  CircuitOpenError,
  HoldfastError,
  rateLimit,
  RejectionError,
  TimeoutError,
} from '@holdfast/runtime';
import { afterEach, expect, it } from 'vitest';
import { failureOf } from '../fake-fetch.js';
import { debugRefusals, statusFor } from './errors.js';

afterEach(() => captureStacks(false));

it('tells refusals, timeouts and other failures apart', async () => {
  const open = circuitBreaker();
  open.open();
  expect(statusFor(await failureOf(open.execute(() => 1)))).toEqual({ status: 503 });

  const limit = rateLimit({ limit: 1, interval: 1_500 });
  await limit.execute(() => 1);
  expect(statusFor(await failureOf(limit.execute(() => 1)))).toEqual({ status: 503, retryAfter: 2 });

  const full = bulkhead(1);
  void full.execute(() => new Promise(() => {}));
  expect(statusFor(await failureOf(full.execute(() => 1)))).toEqual({ status: 503 });

  expect(statusFor(new TimeoutError({ policy: 'quote', duration: 10 }))).toEqual({ status: 504 });
  expect(statusFor(new Error('socket hang up'))).toEqual({ status: 502 });
});

it('has one root for all its errors, and one for refusals', () => {
  const refusal = new CircuitOpenError({ policy: 'quote', state: 'open' });
  expect(refusal).toBeInstanceOf(RejectionError);
  expect(refusal).toBeInstanceOf(HoldfastError);
  expect(new TimeoutError({ policy: 'quote', duration: 10 })).not.toBeInstanceOf(RejectionError);
});

it('gives refusals a stack only on demand', async () => {
  const open = circuitBreaker();
  open.open();
  const before = (await failureOf(open.execute(() => 1))) as Error;
  expect(before.stack).not.toMatch(/\n {4}at /);
  debugRefusals();
  const after = (await failureOf(open.execute(() => 1))) as Error;
  expect(after.stack).toMatch(/\n {4}at /);
});
