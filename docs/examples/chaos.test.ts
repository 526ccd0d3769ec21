import { ChaosError, chaos, guard } from '@holdfast/runtime';
import { seededRandom } from '@holdfast/runtime/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { emptyAnswers, setGameDay, slowTenth, stockPolicies } from './chaos.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('does nothing until it is enabled', async () => {
  const calls = Array.from({ length: 100 }, () => stockPolicies.execute(() => 'answer'));
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['answer']));
});

it('injects faults that the policies around it see', async () => {
  setGameDay(true);
  const operation = vi.fn(() => 'answer');
  // Each call has three attempts, and each of these fails one time in five.
  const calls = Array.from({ length: 1_000 }, () => stockPolicies.execute(operation).catch((error: unknown) => error));
  await vi.advanceTimersByTimeAsync(1_000);
  const failures = (await Promise.all(calls)).filter((answer) => answer !== 'answer');
  setGameDay(false);
  expect(failures.length).toBeLessThan(40);
  for (const error of failures) {
    expect(error).toBeInstanceOf(ChaosError);
    expect(error).toMatchObject({ code: 'HOLDFAST_CHAOS', policy: 'stock-chaos' });
  }
});

it('delays its share of the calls', async () => {
  let prompt = 0;
  const calls = Array.from({ length: 1_000 }, () => slowTenth.execute(() => 'answer').then(() => prompt++));
  await vi.advanceTimersByTimeAsync(1_999);
  expect(prompt).toBeGreaterThan(800);
  expect(prompt).toBeLessThan(1_000);
  await vi.advanceTimersByTimeAsync(1);
  await Promise.all(calls);
});

it('answers in place of the operation for chosen arguments', async () => {
  const stockOf = guard(async (_sku: string) => ({ left: 5 }), emptyAnswers);
  expect(await stockOf('test')).toEqual({ left: 0 });
  expect(await stockOf('hat')).toEqual({ left: 5 });
});

it('strikes the same calls for the same seed', async () => {
  const strikes = async (): Promise<boolean[]> => {
    const policy = chaos({ enabled: true, rate: 0.5, fault: true, random: seededRandom(7) });
    const calls = Array.from({ length: 20 }, () => policy.execute(() => false).catch(() => true));
    return Promise.all(calls);
  };
  expect(await strikes()).toEqual(await strikes());
});
