import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, vi } from 'vitest';
import { ChaosError } from '../errors.js';
import { guard } from '../guard.js';
import { pipeline } from '../pipeline.js';
import { ManualClock, seededRandom } from '../testing.js';
import { chaos, type ChaosOptions } from './chaos.js';
import { timeout } from './timeout.js';

const ok = (): string => 'ok';

describe('chaos', () => {
  it('does nothing until it is enabled', async () => {
    const policy = chaos({ fault: true, latency: 1e9, behavior: () => expect.unreachable() });
    expect(await policy.execute(ok)).toBe('ok');
    expect(policy.snapshot()).toMatchObject({ injected: 0 });
  });

  it('asks at each call whether it is enabled', async () => {
    let isOn = false;
    const policy = chaos({ enabled: () => isOn, fault: true });
    expect(await policy.execute(ok)).toBe('ok');
    isOn = true;
    await expect(policy.execute(ok)).rejects.toBeInstanceOf(ChaosError);
    expect(policy.snapshot()).toMatchObject({ injected: 1 });
  });

  it('fails in place of the operation', async () => {
    const operation = vi.fn();
    await expect(chaos({ enabled: true, fault: true, name: 'broken' }).execute(operation)).rejects.toMatchObject({
      code: 'HOLDFAST_CHAOS',
      policy: 'broken',
      message: 'broken: injected fault',
    });
    const own = new Error('own');
    await expect(chaos({ enabled: true, fault: () => own }).execute(operation)).rejects.toBe(own);
    expect(operation).not.toHaveBeenCalled();
  });

  it('answers in place of the operation', async () => {
    const operation = vi.fn();
    expect(await chaos({ enabled: true, result: () => null }).execute(operation)).toBeNull();
    expect(operation).not.toHaveBeenCalled();
  });

  it('delays the operation, by a time that may be drawn anew', async () => {
    const clock = new ManualClock();
    const latency = vi.fn(() => 30);
    const operation = vi.fn(ok);
    const call = chaos({ enabled: true, latency, clock }).execute(operation);
    await clock.advance(29);
    expect(operation).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(await call).toBe('ok');
    expect(latency).toHaveBeenCalledTimes(1);
  });

  it('does something at the time of the call, after the delay and before the answer', async () => {
    const clock = new ManualClock();
    const order: string[] = [];
    const call = chaos({
      enabled: true,
      latency: 10,
      behavior: async () => void order.push(`behavior at ${clock.now()}`),
      clock,
    }).execute(() => order.push('operation'));
    await clock.advance(10);
    await call;
    expect(order).toEqual(['behavior at 10', 'operation']);
  });

  it('strikes its share of the calls, the same ones for the same seed', async () => {
    const struck = async (seed: number): Promise<boolean[]> => {
      const policy = chaos({ enabled: true, rate: 0.2, fault: true, random: seededRandom(seed) });
      const results = await Promise.allSettled(Array.from({ length: 2_000 }, () => policy.execute(ok)));
      return results.map(({ status }) => status === 'rejected');
    };
    const first = await struck(1);
    expect(await struck(1)).toEqual(first);
    expect(await struck(2)).not.toEqual(first);
    const share = first.filter(Boolean).length / first.length;
    expect(share).toBeGreaterThan(0.17);
    expect(share).toBeLessThan(0.23);
  });

  it('strikes every call at a rate of 1, and none at 0', async () => {
    for (const random of [() => 0, () => 1 - 2 ** -32]) {
      await expect(chaos({ enabled: true, rate: 1, fault: true, random }).execute(ok)).rejects.toThrow();
      expect(await chaos({ enabled: true, rate: 0, fault: true, random }).execute(ok)).toBe('ok');
    }
  });

  it('strikes only the calls it is aimed at', async () => {
    const get = guard(async (id: number) => id, chaos({ enabled: true, fault: true, when: (id: number) => id === 13 }));
    expect(await get(12)).toBe(12);
    await expect(get(13)).rejects.toThrow('injected fault');
  });

  it('is a rejection when its own functions throw', async () => {
    const boom = (): never => {
      throw new Error('boom');
    };
    for (const options of [
      { enabled: boom, fault: true },
      { when: boom, fault: true },
      { latency: boom },
      { behavior: boom },
      { result: boom },
    ])
      await expect(chaos({ enabled: true, ...options }).execute(ok)).rejects.toThrow('boom');
  });

  it('gives its delay up when the caller aborts, and leaves no timer', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const operation = vi.fn();
    const call = chaos({ enabled: true, latency: 1000, clock }).execute(operation, { signal: controller.signal });
    await clock.advance(10);
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    expect(clock.pending).toBe(0);
    await clock.advance(1000);
    expect(operation).not.toHaveBeenCalled();
  });

  it('gives its delay up at the timeout around it', async () => {
    const clock = new ManualClock();
    const call = pipeline(timeout({ duration: 50, clock }), chaos({ enabled: true, latency: 1000, clock })).execute(ok);
    const refused = expect(call).rejects.toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
    await clock.advance(50);
    await refused;
    expect(clock.pending).toBe(0);
  });

  it('does not hold a caller who aborts while its behaviour goes on', async () => {
    // Once the caller had to wait for it.
    const controller = new AbortController();
    const call = chaos({ enabled: true, behavior: () => new Promise(() => {}) }).execute(ok, {
      signal: controller.signal,
    });
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
  });

  it('says when it strikes', async () => {
    const events: unknown[] = [];
    const listener = (event: unknown): void => void events.push(event);
    subscribe('holdfast:chaos', listener);
    await chaos({ enabled: true, result: ok, name: 'slow disk' }).execute(ok);
    unsubscribe('holdfast:chaos', listener);
    expect(events).toEqual([{ type: 'injected', policy: 'slow disk' }]);
  });
});

describe('the options of chaos', () => {
  it.each<[unknown, new () => Error, string]>([
    [{}, TypeError, 'chaos: nothing to inject; give at least one of latency, behavior, result, fault'],
    [{ enabled: true }, TypeError, 'chaos: nothing to inject'],
    [{ fault: false }, TypeError, 'chaos: nothing to inject'],
    [{ result: ok, fault: true }, TypeError, 'chaos: give either result or fault, got both'],
    [{ fault: true, rate: 1.5 }, RangeError, 'chaos: rate must be a number from 0 to 1, got 1.5'],
    [{ fault: true, rate: '10%' }, TypeError, 'chaos: rate must be a number from 0 to 1, got "10%"'],
    [
      { latency: -1 },
      RangeError,
      'chaos: latency must be a number of milliseconds, 0 or more and finite or a function, got -1',
    ],
    [{ fault: true, enabled: 'yes' }, TypeError, 'chaos: enabled must be true or false or a function, got "yes"'],
    [{ behaviour: ok }, TypeError, 'chaos: unknown option "behaviour", did you mean "behavior"?'],
    [undefined, TypeError, 'chaos: options must be an object, got undefined'],
  ])('%j are refused', (options, type, message) => {
    expect(() => chaos(options as ChaosOptions)).toThrow(type);
    expect(() => chaos(options as ChaosOptions)).toThrow(message);
  });
});
