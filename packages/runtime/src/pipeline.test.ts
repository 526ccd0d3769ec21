import { describe, expect, it } from 'vitest';
import { pipeline } from './pipeline.js';
import type { Policy } from './policy.js';
import { bulkhead } from './policies/bulkhead.js';
import { circuitBreaker } from './policies/circuit-breaker.js';
import { fallback } from './policies/fallback.js';
import { retry } from './policies/retry.js';
import { timeout } from './policies/timeout.js';
import { ManualClock } from './testing.js';

const down = new Error('down');

describe('a pipeline', () => {
  it('is a policy of its members, outermost first', () => {
    const [outer, inner] = [retry({ name: 'outer' }), timeout({ duration: 5, name: 'inner' })];
    const made = pipeline(outer, inner);
    expect(made.policies).toEqual([outer, inner]);
    expect(made.kind).toBe('pipeline');
    expect(made.name).toBe('outer > inner');
    expect(made.snapshot()).toEqual({
      kind: 'pipeline',
      name: 'outer > inner',
      policies: [
        { kind: 'retry', name: 'outer' },
        { kind: 'timeout', name: 'inner' },
      ],
    });
  });

  it('runs the order that is written: a fallback inside a retry hides the failure from it, outside it does not', async () => {
    for (const [isOutside, attempts] of [
      [true, 3],
      [false, 1],
    ] as const) {
      const again = retry({ maxAttempts: 3, baseDelay: 0 });
      const instead = fallback({ value: 'instead' });
      let runs = 0;
      const policy = isOutside ? pipeline(instead, again) : pipeline(again, instead);
      await expect(
        policy.execute(() => {
          runs++;
          throw down;
        }),
      ).resolves.toBe('instead');
      expect(runs).toBe(attempts);
    }
  });

  it('a timeout outside a retry is for the whole, one inside is for each attempt', async () => {
    const hang = (): Promise<never> => new Promise(() => {});
    const clock = new ManualClock();
    const limit = timeout({ duration: 100, clock });
    const again = retry({ maxAttempts: 3, baseDelay: 10, jitter: false, backoff: 'constant', clock });
    const ends: number[] = [];
    for (const policy of [pipeline(limit, again), pipeline(again, limit)])
      policy.execute(hang).catch(() => ends.push(clock.now()));
    await clock.advance(1000);
    expect(ends).toEqual([100, 320]);
  });

  it('of pipelines is the same as one of their members', async () => {
    const clock = new ManualClock();
    const breaker = circuitBreaker({ failureThreshold: 9, clock });
    const permits = bulkhead({ maxConcurrent: 1, clock });
    const again = retry({ maxAttempts: 3, baseDelay: 0, clock });
    const nested = pipeline(pipeline(again), pipeline(pipeline(breaker), permits));
    await expect(nested.execute(() => Promise.reject(down))).rejects.toBe(down);
    expect(breaker.snapshot()).toMatchObject({ failures: 3 });
    expect(permits.running).toBe(0);
  });

  it('shares its members with others: their state is one', async () => {
    const breaker = circuitBreaker({ failureThreshold: 1 });
    const [first, second] = [pipeline(retry(1), breaker), pipeline(breaker, timeout(1000))];
    await first.execute(() => Promise.reject(down)).catch(() => {});
    await expect(second.execute(() => 'never')).rejects.toMatchObject({ code: 'HOLDFAST_CIRCUIT_OPEN' });
  });

  it('does not change when the list it was made of does', async () => {
    const list: Policy[] = [bulkhead(1)];
    const made = pipeline(...list);
    list.length = 0;
    expect(made.policies).toHaveLength(1);
    await expect(made.execute(() => 'value')).resolves.toBe('value');
  });

  it.each([
    [[], TypeError, 'pipeline: needs at least one policy, got none'],
    [[undefined], TypeError, 'pipeline: policy 1 must be an object with an execute method, got undefined'],
    [[bulkhead(1), {}], TypeError, 'pipeline: policy 2 must be an object with an execute method, got an object'],
    [[retry], TypeError, 'pipeline: policy 1 must be an object with an execute method, got the function retry'],
    [[[bulkhead(1)]], TypeError, 'pipeline: policy 1 must be an object with an execute method, got an array'],
  ])('of %o cannot work, and says so at once', (policies, type, message) => {
    const make = (): unknown => pipeline(...(policies as unknown as Policy[]));
    expect(make).toThrow(type);
    expect(make).toThrow(message);
  });
});
