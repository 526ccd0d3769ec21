import { describe, expect, it } from 'vitest';
import type { OperationContext } from '../engine/operation-context.js';
import { pipeline } from '../pipeline.js';
import { guard } from '../guard.js';
import { ManualClock } from '../testing.js';
import { hedge } from './hedge.js';
import { idempotent, type IdempotentOptions } from './idempotent.js';
import { retry } from './retry.js';
import { timeout } from './timeout.js';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

describe('an idempotency key', () => {
  it('is the same in all attempts of one call, and another one in the next call', async () => {
    const keys: (string | undefined)[] = [];
    const policy = pipeline(idempotent(), retry({ maxAttempts: 3, baseDelay: 0 }));
    const charge = ({ idempotencyKey }: OperationContext): Promise<never> => {
      keys.push(idempotencyKey);
      return Promise.reject(new Error('down'));
    };
    await policy.execute(charge).catch(() => {});
    await policy.execute(charge).catch(() => {});
    expect(keys).toHaveLength(6);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key).toMatch(UUID);
  });

  it('is the same in the copies of a hedged call', async () => {
    const clock = new ManualClock();
    const keys: unknown[] = [];
    const call = pipeline(idempotent(), hedge({ delay: 10, clock })).execute((context) => {
      keys.push(context.idempotencyKey);
      return keys.length === 1 ? new Promise(() => {}) : 'done';
    });
    await clock.advance(10);
    expect(await call).toBe('done');
    expect(keys[0]).toMatch(UUID);
    expect(keys[1]).toBe(keys[0]);
  });

  it('is made from the arguments, with `this`, by a function that is asked once per call', async () => {
    const asked: string[] = [];
    const policies = [
      idempotent({
        key(this: { shop: string }, order: { id: number }) {
          return asked[asked.push(`${this.shop}-${order.id}`) - 1]!;
        },
      }),
      retry({ maxAttempts: 2, baseDelay: 0 }),
    ];
    let attempts = 0;
    const pay = guard(
      async function (this: { shop: string }, _order: { id: number }) {
        if (++attempts < 2) throw new Error('down');
      },
      ...policies,
    );
    await pay.call({ shop: 's' }, { id: 7 });
    expect([attempts, asked]).toEqual([2, ['s-7']]);
  });

  it('that is missing is an error: shared by different calls, all but the first would be dropped', async () => {
    for (const missing of [undefined, null, '']) {
      const pay = guard(async (_order: object) => 'paid', idempotent({ key: () => missing as never, name: 'pay' }));
      await expect(pay({})).rejects.toThrow(
        `pay: key must return a non-empty string, got ${missing === '' ? '""' : missing}`,
      );
    }
  });

  it('is a rejection when the key function throws', async () => {
    const pay = guard(
      async (_order: { id: string }) => 'paid',
      idempotent({ key: (order: { id: string }) => order.id }),
    );
    await expect(pay(undefined as never)).rejects.toThrow(TypeError);
    expect(await pay({ id: 'a' })).toBe('paid');
  });

  it('does not get between a caller and the abort', async () => {
    const controller = new AbortController();
    let signal: AbortSignal | undefined;
    const call = idempotent().execute(
      (context) => {
        signal = context.signal;
        return new Promise(() => {});
      },
      { signal: controller.signal },
    );
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    expect(signal!.reason).toBe('enough');
  });

  it('does not hide the time that is left, nor the attempt', async () => {
    const clock = new ManualClock();
    const policy = pipeline(timeout({ duration: 70, clock }), retry({ maxAttempts: 2, baseDelay: 0 }), idempotent());
    const seen: unknown[] = [];
    await policy.execute(async (context) => {
      seen.push([context.attempt, context.remainingTime()]);
      if (seen.length === 1) throw new Error('again');
    });
    expect(seen).toEqual([
      [1, 70],
      [2, 70],
    ]);
  });
});

describe('the options of idempotent', () => {
  it.each<[unknown, string]>([
    [{ key: 'id' }, 'idempotent: key must be a function, got "id"'],
    [{ kee: () => '' }, 'idempotent: unknown option "kee", did you mean "key"?'],
    [{ name: 1 }, 'idempotent: name must be a non-empty string, got 1'],
  ])('%j are refused', (options, message) => {
    expect(() => idempotent(options as IdempotentOptions)).toThrow(message);
  });
});
