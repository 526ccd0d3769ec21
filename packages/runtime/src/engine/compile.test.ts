import { createHook } from 'node:async_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guard } from '../guard.js';
import { pipeline } from '../pipeline.js';
import type { BuiltInPolicy, Policy } from '../policy.js';
import { bulkhead } from '../policies/bulkhead.js';
import { circuitBreaker } from '../policies/circuit-breaker.js';
import { hedge } from '../policies/hedge.js';
import { rateLimit } from '../policies/rate-limit.js';
import { retry } from '../policies/retry.js';
import { timeout } from '../policies/timeout.js';
import { ManualClock } from '../testing.js';
import { flatten } from './compile.js';

const down = new Error('down');

describe('the order of policies', () => {
  /** Policies that note when a call comes by on its way in. */
  const kinds = ['breaker', 'rate limit', 'timeout', 'retry', 'foreign'] as const;
  type Kind = (typeof kinds)[number];

  const noting = (kind: Kind, note: () => void): Policy => {
    const noted =
      <T>(value: T) =>
      (): T => {
        note();
        return value;
      };
    switch (kind) {
      case 'breaker':
        return circuitBreaker({ scope: noted('key') });
      case 'rate limit':
        return rateLimit({ limit: 1000, key: noted('key') });
      case 'timeout':
        return timeout({ duration: noted(1000) });
      case 'retry':
        return retry({ maxAttempts: 1, budget: { deposit: note, withdraw: () => false } });
      case 'foreign':
        return {
          kind: 'foreign',
          name: 'foreign',
          execute: (operation) => {
            note();
            return Promise.resolve(operation({} as never));
          },
        };
    }
  };

  it('is the order in which a call passes them, whatever it is, and however they are grouped', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 8 }),
        fc.nat(8),
        fc.nat(8),
        fc.constantFrom('pipeline', 'guard', 'guards'),
        async (row, from, length, form) => {
          const passed: number[] = [];
          const policies = row.map((kind, index) => noting(kind, () => passed.push(index)));
          const group = policies.slice(from, from + length);
          const grouped =
            group.length > 0
              ? [...policies.slice(0, from), pipeline(...group), ...policies.slice(from + length)]
              : policies;
          const fn = async (): Promise<string> => {
            passed.push(row.length);
            return 'value';
          };
          const call =
            form === 'pipeline'
              ? () => pipeline(...grouped).execute(fn)
              : form === 'guard'
                ? guard(fn, ...grouped)
                : grouped.reduceRight((inner, policy) => guard(inner, policy), fn);
          await expect(call()).resolves.toBe('value');
          expect(passed).toEqual(Array.from({ length: row.length + 1 }, (_, index) => index));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a retry repeats what is inside it and not what is outside', async () => {
    const clock = new ManualClock();
    const counted = (): BuiltInPolicy => circuitBreaker({ failureThreshold: 99, clock });
    const [outside, inside] = [counted(), counted()];
    const policy = pipeline(outside, retry({ maxAttempts: 4, baseDelay: 0, clock }), inside);
    await policy.execute(() => Promise.reject(down)).catch(() => {});
    expect(outside.snapshot()).toMatchObject({ failures: 1 });
    expect(inside.snapshot()).toMatchObject({ failures: 4 });
  });

  it('two policies of a kind are both in force', async () => {
    const [wide, narrow] = [bulkhead(2), bulkhead({ maxConcurrent: 1, maxQueue: 1 })];
    const policy = pipeline(wide, narrow);
    void policy.execute(() => new Promise(() => {}));
    void policy.execute(() => new Promise(() => {}));
    await expect(policy.execute(() => 'never')).rejects.toMatchObject({ code: 'HOLDFAST_BULKHEAD_FULL' });
    expect([wide.running, narrow.running, narrow.waiting]).toEqual([2, 1, 1]);
  });

  it('the same policy twice asks it twice', async () => {
    const limit = rateLimit(3);
    const policy = pipeline(limit, limit);
    await expect(policy.execute(() => 'value')).resolves.toBe('value');
    await expect(policy.execute(() => 'value')).rejects.toMatchObject({ code: 'HOLDFAST_RATE_LIMITED' });
  });

  it('policies outside one that makes copies see one call, those inside see each copy', async () => {
    const clock = new ManualClock();
    const [outside, inside] = [bulkhead(9), bulkhead(9)];
    let copies = 0;
    const call = pipeline(outside, hedge({ delay: 10, clock }), inside).execute(() =>
      ++copies === 1
        ? new Promise<string>(() => {})
        : new Promise<string>((resolve) => clock.setTimer(() => resolve('second'), 5)),
    );
    await clock.advance(10);
    expect([outside.running, inside.running]).toEqual([1, 2]);
    await clock.advance(5);
    await expect(call).resolves.toBe('second');
    expect([outside.running, inside.running]).toEqual([0, 0]);
  });
});

describe('flattening', () => {
  it('puts the policies of a pipeline in its place, at any depth', () => {
    const [a, b, c] = [bulkhead(1), retry(1), timeout(1)];
    expect(flatten([pipeline(a, pipeline(pipeline(b))), c])).toEqual([a, b, c]);
  });
});

describe('neighbouring layers', () => {
  /** How many promises one call makes. */
  function promisesOf(policy: Policy): number {
    let count = 0;
    const hook = createHook({
      init(_id, type) {
        if (type === 'PROMISE') count++;
      },
    });
    const answer = Promise.resolve('value');
    const operation = (): Promise<string> => answer;
    void policy.execute(operation);
    hook.enable();
    void policy.execute(operation);
    hook.disable();
    return count;
  }

  it('share one attempt: five policies cost a call no promise more than two of them', () => {
    const all = pipeline(retry(3), circuitBreaker({ failureRate: 0.5 }), rateLimit(100), bulkhead(100), timeout(1000));
    expect(promisesOf(all)).toBe(promisesOf(pipeline(bulkhead(100), timeout(1000))));
  });

  it('a call that nothing but its operation can end costs the one promise it returns', () => {
    expect(promisesOf(pipeline(retry(3), circuitBreaker(), bulkhead(100)))).toBe(1);
    expect(promisesOf(circuitBreaker())).toBe(1);
    expect(promisesOf(bulkhead(100))).toBe(1);
  });
});
