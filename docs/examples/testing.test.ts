// #region manual-clock
import { ManualClock, seededRandom } from '@holdfast/runtime/testing';
import { expect, it } from 'vitest';
import { stockPolicies } from './testing.js';

it('gives up on a dependency that hangs, then stops asking', async () => {
  const clock = new ManualClock();
  const policies = stockPolicies(clock, seededRandom(1));
  let asked = 0;
  const hang = () => new Promise(() => asked++);

  const first = policies.execute(hang).catch((error: unknown) => error);
  await clock.advance(2_500);
  expect(await first).toMatchObject({ code: 'HOLDFAST_CIRCUIT_OPEN' });
  expect(asked).toBe(2);

  await clock.advance(5_000);
  expect(await policies.execute(() => 'back')).toBe('back');
});
// #endregion
