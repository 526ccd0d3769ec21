import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, vi } from 'vitest';
import type { OperationContext } from '../engine/operation-context.js';
import { pipeline } from '../pipeline.js';
import { ManualClock } from '../testing.js';
import { bulkhead } from './bulkhead.js';
import { hedge, type HedgeOptions } from './hedge.js';
import { retryBudget } from './retry-budget.js';
import { timeout } from './timeout.js';

/** A hedged operation whose copies are settled by hand. */
function hedged(options: Partial<HedgeOptions> = {}) {
  const clock = new ManualClock();
  const policy = hedge({ delay: 50, clock, ...options });
  const copies: {
    at: number;
    signal: AbortSignal;
    resolve: (value: unknown) => void;
    reject: (error: unknown) => void;
  }[] = [];
  const operation = ({ signal }: OperationContext): Promise<unknown> =>
    new Promise((resolve, reject) => copies.push({ at: clock.now(), signal, resolve, reject }));
  return { clock, policy, copies, operation, call: (signal?: AbortSignal) => policy.execute(operation, { signal }) };
}

describe('a hedge', () => {
  it('asks once when the answer is in time', async () => {
    const { clock, copies, call, policy } = hedged();
    const answer = call();
    await clock.advance(49);
    copies[0]!.resolve('first');
    expect(await answer).toBe('first');
    expect(clock.pending).toBe(0);
    await clock.advance(1000);
    expect(copies).toHaveLength(1);
    expect(copies[0]!.signal.aborted).toBe(false);
    expect(policy.snapshot()).toMatchObject({ hedges: 0, wins: 0 });
  });

  it('asks again when the answer is late, takes the first and aborts the other', async () => {
    const { clock, copies, call, policy } = hedged();
    const answer = call();
    await clock.advance(50);
    expect(copies.map(({ at }) => at)).toEqual([0, 50]);
    copies[1]!.resolve('second');
    expect(await answer).toBe('second');
    expect(copies[0]!.signal.reason).toMatchObject({ name: 'AbortError', message: 'hedge: another copy was faster' });
    expect(copies[1]!.signal.aborted).toBe(false);
    expect(policy.snapshot()).toMatchObject({ hedges: 1, wins: 1 });
  });

  it('never aborts the winner, also when it is the first', async () => {
    const { clock, copies, call, policy } = hedged();
    const answer = call();
    await clock.advance(60);
    copies[0]!.resolve('first');
    expect(await answer).toBe('first');
    expect(copies.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    expect(policy.snapshot()).toMatchObject({ hedges: 1, wins: 0 });
    expect(clock.pending).toBe(0);
  });

  it('makes as many copies as it may, one per delay', async () => {
    const { clock, copies, call } = hedged({ maxAttempts: 4 });
    const answer = call();
    await clock.advance(1000);
    expect(copies.map(({ at }) => at)).toEqual([0, 50, 100, 150]);
    copies[2]!.resolve('third');
    expect(await answer).toBe('third');
    expect(copies.map(({ signal }) => signal.aborted)).toEqual([true, true, false, true]);
  });

  it('lets a copy that fails make way for the next at once', async () => {
    const { clock, copies, call } = hedged({ maxAttempts: 3 });
    const answer = call();
    await clock.advance(10);
    copies[0]!.reject(new Error('down'));
    await clock.advance(0);
    expect(copies.map(({ at }) => at)).toEqual([0, 10]);
    // The next delay counts from the new copy.
    await clock.advance(49);
    expect(copies).toHaveLength(2);
    await clock.advance(1);
    expect(copies).toHaveLength(3);
    copies[1]!.resolve('second');
    expect(await answer).toBe('second');
  });

  it('fails when all copies have failed, with the last error', async () => {
    const { clock, copies, call } = hedged();
    const answer = call();
    await clock.advance(50);
    copies[0]!.reject(new Error('first'));
    await clock.advance(0);
    copies[1]!.reject(new Error('second'));
    await expect(answer).rejects.toThrow('second');
    expect(clock.pending).toBe(0);
  });

  it('fails at once with a failure that another copy cannot change', async () => {
    const { clock, copies, call } = hedged();
    const answer = call();
    await clock.advance(50);
    const notFound = Object.assign(new Error('not found'), { status: 404 });
    copies[1]!.reject(notFound);
    await expect(answer).rejects.toBe(notFound);
    expect(copies[0]!.signal.aborted).toBe(true);
    expect(copies).toHaveLength(2);
  });

  it('starts no copy with a delay of 0 until the first has had its turn', async () => {
    const { clock, copies, call } = hedged({ delay: 0 });
    const answer = call();
    expect(copies).toHaveLength(1);
    await clock.advance(0);
    expect(copies).toHaveLength(2);
    copies[0]!.resolve('x');
    expect(await answer).toBe('x');
  });

  it('ends with its caller: all copies are aborted with the reason, and no timer is left', async () => {
    const { clock, copies, call } = hedged({ maxAttempts: 3 });
    const controller = new AbortController();
    const answer = call(controller.signal);
    await clock.advance(50);
    controller.abort('enough');
    await expect(answer).rejects.toBe('enough');
    expect(copies.map(({ signal }) => signal.reason as unknown)).toEqual(['enough', 'enough']);
    expect(clock.pending).toBe(0);
    await clock.advance(1000);
    expect(copies).toHaveLength(2);
  });

  it('does not begin for a caller who has aborted', async () => {
    const { copies, call } = hedged();
    await expect(call(AbortSignal.abort('gone'))).rejects.toBe('gone');
    expect(copies).toHaveLength(0);
  });

  it('ends at the timeout around it', async () => {
    const { clock, copies, policy, operation } = hedged();
    const call = pipeline(timeout({ duration: 70, clock }), policy).execute(operation);
    const refused = expect(call).rejects.toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
    await clock.advance(70);
    await refused;
    expect(copies.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect(clock.pending).toBe(0);
  });

  it('frees the permits of the copies that lost', async () => {
    const { clock, copies, policy, operation } = hedged();
    const permits = bulkhead({ maxConcurrent: 2, clock });
    const call = pipeline(policy, permits).execute(operation);
    await clock.advance(50);
    expect(permits.running).toBe(2);
    copies[1]!.resolve('second');
    await call;
    await clock.advance(0);
    expect(permits.running).toBe(0);
  });

  it('gives a copy that is refused a permit up, not the call', async () => {
    const { clock, copies, policy, operation } = hedged();
    const call = pipeline(policy, bulkhead({ maxConcurrent: 1, clock })).execute(operation);
    await clock.advance(50);
    // Once the refusal failed the call, and its first copy, which was only a little late, was aborted.
    expect(copies).toHaveLength(1);
    expect(copies[0]!.signal.aborted).toBe(false);
    copies[0]!.resolve('first');
    expect(await call).toBe('first');
  });

  it('bounds copies to a share of the calls', async () => {
    const { clock, copies, call, policy } = hedged({ budget: { ratio: 0.5, minPerSecond: 0 } });
    const answers = Array.from({ length: 6 }, () => call());
    await clock.advance(100);
    expect(policy.snapshot()).toMatchObject({ hedges: 3 });
    for (const copy of copies) copy.resolve('x');
    await Promise.all(answers);
  });

  it('shares a budget that it is given', async () => {
    const budget = retryBudget({ ratio: 1, minPerSecond: 0 });
    const { clock, copies, call } = hedged({ budget });
    const answer = call();
    expect(budget.withdraw()).toBe(true);
    await clock.advance(100);
    expect(copies).toHaveLength(1);
    // Nothing is left to wait for: a failure is the call's.
    copies[0]!.reject(new Error('down'));
    await expect(answer).rejects.toThrow('down');
  });

  it('waits for a quantile of the latencies once it knows them, and for the delay until then', async () => {
    const { clock, copies, call } = hedged({ quantile: 0.9, delay: 500 });
    for (let i = 1; i <= 32; i++) {
      const answer = call();
      await clock.advance(i <= 28 ? 20 : 100);
      copies.at(-1)!.resolve(i);
      await answer;
    }
    expect(copies).toHaveLength(32);
    const answer = call();
    await clock.advance(99);
    expect(copies).toHaveLength(33);
    await clock.advance(1);
    expect(copies).toHaveLength(34);
    copies[33]!.resolve('x');
    await answer;
  });

  it('says when it makes a copy', async () => {
    const events: unknown[] = [];
    const listener = (event: unknown): void => void events.push(event);
    subscribe('holdfast:hedge', listener);
    const { clock, copies, call } = hedged({ name: 'search' });
    const answer = call();
    await clock.advance(50);
    copies[0]!.resolve('x');
    await answer;
    unsubscribe('holdfast:hedge', listener);
    expect(events).toEqual([{ type: 'hedge', policy: 'search', copy: 2 }]);
  });

  it('handles copies that throw, and answers that are plain', async () => {
    const operation = vi.fn(() => {
      if (operation.mock.calls.length === 1) throw new Error('sync');
      return 'plain';
    });
    expect(await hedge(50).execute(operation)).toBe('plain');
    expect(operation).toHaveBeenCalledTimes(2);
  });
});

describe('the options of a hedge', () => {
  it.each<[unknown, new () => Error, string]>([
    [{}, TypeError, 'hedge: delay is missing; it must be a number of milliseconds, 0 or more'],
    [-1, RangeError, 'hedge: delay must be a number of milliseconds, 0 or more and finite, got -1'],
    [{ delay: '50' }, TypeError, 'hedge: delay must be a number of milliseconds, 0 or more and finite, got "50"'],
    [{ delay: 1, maxAttempts: 1 }, RangeError, 'hedge: maxAttempts must be a whole number of at least 2, got 1'],
    [{ delay: 1, quantile: 95 }, RangeError, 'hedge: quantile must be a number above 0 and at most 1, got 95'],
    [{ delay: 1, budget: 0.1 }, TypeError, 'hedge: budget must be an object, got 0.1'],
    [
      { delay: 1, budget: { ratio: 2 } },
      RangeError,
      'retryBudget: ratio must be a number above 0 and at most 1, got 2',
    ],
    [{ dealy: 1 }, TypeError, 'hedge: unknown option "dealy", did you mean "delay"?'],
  ])('%j are refused', (options, type, message) => {
    expect(() => hedge(options as HedgeOptions)).toThrow(type);
    expect(() => hedge(options as HedgeOptions)).toThrow(message);
  });
});
