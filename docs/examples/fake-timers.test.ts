// #region fake-timers
import { timeout } from '@holdfast/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const twoSeconds = timeout(2_000);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('gives up after two seconds', async () => {
  const failure = twoSeconds.execute(() => new Promise(() => {})).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(2_001);
  expect(await failure).toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
});
// #endregion
