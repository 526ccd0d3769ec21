import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { pipeline } from './pipeline.js';
import { bulkhead } from './policies/bulkhead.js';
import { circuitBreaker } from './policies/circuit-breaker.js';
import { retry } from './policies/retry.js';
import { timeout } from './policies/timeout.js';
import { snapshot } from './registry.js';
import { ManualClock } from './testing.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const named = (name: string): unknown[] => snapshot().filter((facts) => facts.name === name);

describe('the registry', () => {
  it('knows every live policy, with its facts', async () => {
    const policy = bulkhead({ maxConcurrent: 3, name: 'known' });
    void policy.execute(() => new Promise(() => {}));
    expect(named('known')).toEqual([
      { kind: 'bulkhead', name: 'known', maxConcurrent: 3, maxQueue: 0, running: 1, waiting: 0, rejected: 0 },
    ]);
  });

  it('lists policies of the same name side by side', () => {
    const both = [timeout({ duration: 1, name: 'twin' }), timeout({ duration: 2, name: 'twin' })];
    expect(named('twin')).toHaveLength(both.length);
  });

  it('forgets a policy that is disposed, which keeps working', async () => {
    const policy = circuitBreaker({ name: 'disposed' });
    expect(named('disposed')).toHaveLength(1);
    policy[Symbol.dispose]();
    policy[Symbol.dispose]();
    expect(named('disposed')).toEqual([]);
    await expect(policy.execute(() => 'still here')).resolves.toBe('still here');
  });

  it('does not leak: policies that nobody refers to leave by themselves', async () => {
    const kept = retry({ name: 'kept' });
    for (let i = 0; i < 100; i++) {
      const clock = new ManualClock();
      const members = [
        retry({ name: 'leaving', baseDelay: 0, clock }),
        circuitBreaker({ name: 'leaving', clock }),
        bulkhead({ name: 'leaving', maxConcurrent: 1, clock }),
        timeout({ name: 'leaving', duration: 1000, clock }),
      ];
      await pipeline(...members).execute(() => 'used');
      await Promise.all(members.map((member) => member.execute(() => 'used')));
    }
    await vi.waitFor(
      async () => {
        await new ManualClock().advance(0);
        collectGarbage();
        expect(named('leaving').length).toBeLessThan(10);
      },
      { timeout: 20_000 },
    );
    expect(named('kept')).toHaveLength(1);
    expect(kept.name).toBe('kept');
  });
});
