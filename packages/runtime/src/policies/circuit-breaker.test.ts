import { channel } from 'node:diagnostics_channel';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CircuitOpenError, RejectionError } from '../errors.js';
import { guard } from '../guard.js';
import { pipeline } from '../pipeline.js';
import { ManualClock } from '../testing.js';
import { bulkhead } from './bulkhead.js';
import { circuitBreaker, type CircuitBreakerOptions, type CircuitBreakerPolicy } from './circuit-breaker.js';
import { retry } from './retry.js';
import { retryBudget } from './retry-budget.js';
import { timeout } from './timeout.js';

const never = (): Promise<never> => new Promise(() => {});
const down = new Error('down');

/** A breaker that is driven by hand on a clock of its own. */
function setup(options: CircuitBreakerOptions = {}) {
  const clock = new ManualClock();
  const breaker = circuitBreaker({ clock, ...options });
  const succeed = (value: unknown = 'fine'): Promise<unknown> =>
    breaker.execute(() => value).catch((error: unknown) => error);
  const fail = (error: unknown = down): Promise<unknown> =>
    breaker.execute(() => Promise.reject(error as Error)).catch((thrown: unknown) => thrown);
  return {
    clock,
    breaker,
    succeed,
    fail,
    async failTimes(count: number): Promise<void> {
      for (let i = 0; i < count; i++) await fail();
    },
    async succeedTimes(count: number): Promise<void> {
      for (let i = 0; i < count; i++) await succeed();
    },
    /** A call that takes `ms`. */
    async slow(ms: number, value: unknown = 'slow'): Promise<unknown> {
      const call = breaker.execute(() => new Promise((resolve) => clock.setTimer(() => resolve(value), ms)));
      const settled = call.catch((error: unknown) => error);
      await clock.advance(ms);
      return settled;
    },
    /** A call that ends when told. */
    begin() {
      let end!: { resolve: (value: unknown) => void; reject: (error: unknown) => void };
      const call = breaker.execute(() => new Promise((resolve, reject) => (end = { resolve, reject })));
      const settled = call.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      return {
        ...(end as typeof end | undefined),
        settled,
        async succeed() {
          end.resolve('fine');
          await settled;
        },
        async fail(error: unknown = down) {
          end.reject(error);
          await settled;
        },
      };
    },
  };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('consecutive failures', () => {
  it('open the circuit: it refuses at once, runs nothing, and says when to come back', async () => {
    const { breaker, clock, failTimes } = setup({ failureThreshold: 3, recoveryTimeout: 1000, name: 'inventory' });
    await failTimes(2);
    expect(breaker.state).toBe('closed');
    await failTimes(1);
    expect(breaker.state).toBe('open');
    await clock.advance(400);
    const operation = vi.fn();
    const refusal: unknown = await breaker.execute(operation).catch((error: unknown) => error);
    expect(operation).not.toHaveBeenCalled();
    expect(refusal).toBeInstanceOf(CircuitOpenError);
    expect(refusal).toBeInstanceOf(RejectionError);
    expect(refusal).toMatchObject({
      name: 'CircuitOpenError',
      code: 'HOLDFAST_CIRCUIT_OPEN',
      policy: 'inventory',
      state: 'open',
      retryAfter: 600,
      cause: down,
      message: 'inventory: the circuit is open',
    });
  });

  it('are five by default', async () => {
    const { breaker, failTimes } = setup();
    await failTimes(4);
    expect(breaker.state).toBe('closed');
    await failTimes(1);
    expect(breaker.state).toBe('open');
  });

  it('start anew after a success', async () => {
    const { breaker, failTimes, succeed } = setup({ failureThreshold: 3 });
    for (let i = 0; i < 5; i++) {
      await failTimes(2);
      await succeed();
    }
    expect(breaker.state).toBe('closed');
  });

  it('say nothing any more when none has come for a whole period', async () => {
    const { breaker, clock, failTimes } = setup({ failureThreshold: 3, monitoringPeriod: 1000 });
    await failTimes(2);
    await clock.advance(1001);
    await failTimes(2);
    expect(breaker.state).toBe('closed');
    await clock.advance(900);
    await failTimes(1);
    expect(breaker.state).toBe('open');
  });
});

describe('what counts as a failure', () => {
  const opens = async (error: unknown, options: CircuitBreakerOptions = {}): Promise<boolean> => {
    const { breaker, fail } = setup({ failureThreshold: 1, ...options });
    await fail(error);
    return breaker.state === 'open';
  };

  it.each([
    ['an error', new Error('down'), true],
    ['a network failure of fetch', new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }), true],
    ['status 503', Object.assign(new Error(), { status: 503 }), true],
    ['status 429', Object.assign(new Error(), { response: { status: 429 } }), true],
    ['status 404, an answer', Object.assign(new Error(), { statusCode: 404 }), false],
    ['a bug', new TypeError('x is not a function'), false],
    ['a refusal of ours', new RejectionError('HOLDFAST_X', 'no', { policy: 'p' }), false],
    ['a rejection with undefined', undefined, true],
  ])('%s: %o', async (_, error, expected) => {
    expect(await opens(error)).toBe(expected);
  });

  it('is for `classify` to say, of errors and of results', async () => {
    const classify: CircuitBreakerOptions['classify'] = (result) => {
      if ('error' in result) return (result.error as Error).message === 'harmless' ? 'success' : undefined;
      return (result.value as { ok: boolean }).ok ? undefined : 'failure';
    };
    expect(await opens(new Error('harmless'), { classify })).toBe(false);
    expect(await opens(new Error('other'), { classify })).toBe(true);
    const { breaker, succeed } = setup({ failureThreshold: 1, classify });
    await expect(succeed({ ok: true })).resolves.toEqual({ ok: true });
    expect(breaker.state).toBe('closed');
    await expect(succeed({ ok: false })).resolves.toEqual({ ok: false });
    expect(breaker.state).toBe('open');
  });

  it('what is ignored counts neither way', async () => {
    const { breaker, fail, succeed } = setup({ failureThreshold: 2, classify: () => 'ignore' });
    for (let i = 0; i < 5; i++) await fail();
    await succeed();
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', successes: 0, failures: 0, ignored: 6 });
  });

  it('a `classify` that throws changes nothing, and is a warning of the process', async () => {
    const warnings: (Error & { code?: string })[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    try {
      const classify = (): never => {
        throw new Error('my bug');
      };
      const { breaker, fail, succeed } = setup({ failureThreshold: 1, name: 'inventory', classify });
      await expect(succeed('value')).resolves.toBe('value');
      expect(breaker.state).toBe('closed');
      await expect(fail()).resolves.toBe(down);
      expect(breaker.state).toBe('open');
      await new ManualClock().advance(0);
      expect(warnings[0]).toMatchObject({ code: 'HOLDFAST_CALLBACK', message: 'inventory: classify threw' });
    } finally {
      process.off('warning', note);
    }
  });

  // The refusal of the budget hid from the circuit that the call had failed, so in an outage it never opened.
  it('a call that failed and was not retried for want of budget has failed', async () => {
    const { breaker, clock } = setup({ failureThreshold: 1 });
    const again = retry({ budget: retryBudget({ minPerSecond: 0, clock }), clock });
    const call = pipeline(breaker, again).execute(() => Promise.reject(down));
    await expect(call).rejects.toMatchObject({ code: 'HOLDFAST_RETRY_BUDGET', cause: down });
    expect(breaker.state).toBe('open');
  });
});

describe('a count window', () => {
  it('opens at the failure rate, once there are enough calls', async () => {
    const { breaker, failTimes, succeedTimes } = setup({ failureRate: 0.5, windowSize: 10, minimumCalls: 4 });
    await failTimes(3);
    expect(breaker.state).toBe('closed');
    await failTimes(1);
    expect(breaker.state).toBe('open');
    breaker.close();
    await succeedTimes(5);
    await failTimes(4);
    expect(breaker.state).toBe('closed');
    await failTimes(1);
    expect(breaker.state).toBe('open');
  });

  it('forgets the calls before the last so many', async () => {
    const { breaker, failTimes, succeedTimes } = setup({ failureRate: 0.5, windowSize: 4, minimumCalls: 4 });
    await failTimes(1);
    await succeedTimes(3);
    await failTimes(1);
    expect(breaker.state).toBe('closed');
    await failTimes(1);
    expect(breaker.state).toBe('open');
  });

  it('of fewer than ten calls is enough when it is full', async () => {
    const { breaker, failTimes } = setup({ failureRate: 1, windowSize: 3 });
    await failTimes(3);
    expect(breaker.state).toBe('open');
  });

  it('goes with a threshold: whichever is reached first opens', async () => {
    const { breaker, failTimes, succeedTimes } = setup({ failureRate: 0.9, windowSize: 100, failureThreshold: 3 });
    await succeedTimes(50);
    await failTimes(3);
    expect(breaker.state).toBe('open');
  });
});

describe('a time window', () => {
  it('opens at the failure rate of the last period', async () => {
    const { breaker, clock, failTimes, succeedTimes } = setup({ failureRate: 0.5, monitoringPeriod: 1000 });
    await succeedTimes(20);
    await clock.advance(1000);
    await succeedTimes(5);
    await failTimes(4);
    expect(breaker.state).toBe('closed');
    await failTimes(1);
    expect(breaker.state).toBe('open');
  });

  // cockatiel moves on by one bucket per call, however much time has passed.
  it('an idle hour empties the window: one failure after it does not open the circuit', async () => {
    const { breaker, clock, failTimes, succeedTimes } = setup({ failureRate: 0.5, monitoringPeriod: 10_000 });
    await succeedTimes(5);
    await failTimes(4);
    await clock.advance(3_600_000);
    await failTimes(1);
    expect(breaker.state).toBe('closed');
    await failTimes(8);
    expect(breaker.state).toBe('closed');
    await failTimes(1);
    expect(breaker.state).toBe('open');
  });

  it('ten calls are the least by default', async () => {
    const { breaker, failTimes } = setup({ failureRate: 0.1 });
    await failTimes(9);
    expect(breaker.state).toBe('closed');
    await failTimes(1);
    expect(breaker.state).toBe('open');
  });
});

describe('slow calls', () => {
  const options = { slowCallDuration: 100, slowCallRate: 0.5, windowSize: 4 };

  it('open the circuit at their rate, though they succeed', async () => {
    const { breaker, slow } = setup(options);
    for (const ms of [10, 100, 99]) expect(await slow(ms)).toBe('slow');
    expect(breaker.state).toBe('closed');
    await slow(100);
    expect(breaker.state).toBe('open');
  });

  it('a slow probe is a failed one', async () => {
    const { breaker, clock, slow } = setup({ ...options, recoveryTimeout: 1000 });
    for (let i = 0; i < 4; i++) await slow(100);
    await clock.advance(1000);
    await slow(100);
    expect(breaker.state).toBe('open');
    await clock.advance(1000);
    await slow(99);
    expect(breaker.state).toBe('closed');
  });

  // A refusal named the result of a slow call as its cause, and kept it alive.
  it('do not lend their results to the refusals that follow', async () => {
    const { breaker, clock, slow, succeed } = setup({ ...options, recoveryTimeout: 1000 });
    for (let i = 0; i < 4; i++) await slow(100, { body: 'large' });
    const refusal = (await succeed()) as CircuitOpenError;
    expect(refusal).toBeInstanceOf(CircuitOpenError);
    expect(refusal.cause).toBeUndefined();
    await clock.advance(1000);
    await slow(100, { body: 'large' });
    expect(breaker.state).toBe('open');
    expect(((await succeed()) as CircuitOpenError).cause).toBeUndefined();
  });
});

describe('half-open', () => {
  const half = async (options: CircuitBreakerOptions = {}) => {
    const made = setup({ failureThreshold: 1, recoveryTimeout: 1000, ...options });
    await made.fail();
    await made.clock.advance(1000);
    return made;
  };

  it('a probe that succeeds closes the circuit, one that fails opens it again', async () => {
    const { breaker, clock, fail, succeed } = await half();
    await fail();
    expect(breaker.state).toBe('open');
    await clock.advance(999);
    expect(await succeed()).toBeInstanceOf(CircuitOpenError);
    await clock.advance(1);
    expect(await succeed()).toBe('fine');
    expect(breaker.state).toBe('closed');
  });

  it('1000 callers while a probe runs: all refused, none held', async () => {
    const { breaker, begin, succeed } = await half();
    const probe = begin();
    const refusals = await Promise.all(Array.from({ length: 1000 }, () => succeed()));
    expect(refusals.every((refusal) => refusal instanceof CircuitOpenError)).toBe(true);
    expect(refusals[0]).toMatchObject({ state: 'half-open', retryAfter: undefined });
    expect(breaker.state).toBe('half-open');
    await probe.succeed();
    expect(breaker.state).toBe('closed');
  });

  it('n probes decide by the rate of their failures, half of them by default', async () => {
    const { breaker, clock, fail, succeed } = await half({ halfOpenProbes: 4 });
    for (const call of [succeed, fail, succeed]) await call();
    expect(breaker.state).toBe('half-open');
    await succeed();
    expect(breaker.state).toBe('closed');
    await fail();
    await clock.advance(1000);
    for (const call of [succeed, fail, fail]) await call();
    expect(breaker.state).toBe('open');
  });

  it('n probes decide by the failure rate where one is given', async () => {
    const { breaker, succeed, fail } = await half({ halfOpenProbes: 4, failureRate: 1 });
    for (const call of [fail, fail, fail]) await call();
    expect(breaker.state).toBe('half-open');
    await succeed();
    expect(breaker.state).toBe('closed');
  });

  it('as soon as the probes still missing cannot change the verdict, it stands', async () => {
    const { breaker, succeed } = await half({ halfOpenProbes: 5 });
    await succeed();
    await succeed();
    expect(breaker.state).toBe('half-open');
    await succeed();
    expect(breaker.state).toBe('closed');
  });

  it('no more probes run at once than are permitted', async () => {
    const { begin, succeed } = await half({ halfOpenProbes: 3 });
    for (let i = 0; i < 3; i++) begin();
    expect(await succeed()).toBeInstanceOf(CircuitOpenError);
  });

  it('a hung probe frees its place when its lease ends', async () => {
    const { breaker, clock, begin, succeed } = await half();
    const hung = begin();
    await clock.advance(999);
    expect(await succeed()).toBeInstanceOf(CircuitOpenError);
    await clock.advance(1);
    const second = begin();
    await hung.fail();
    expect(breaker.state).toBe('half-open');
    await second.succeed();
    expect(breaker.state).toBe('closed');
  });

  it('a probe that its caller gives up frees its place at once', async () => {
    const { breaker, succeed } = await half();
    const controller = new AbortController();
    const probe = breaker.execute(never, { signal: controller.signal });
    controller.abort('enough');
    await expect(probe).rejects.toBe('enough');
    expect(breaker.state).toBe('half-open');
    expect(await succeed()).toBe('fine');
    expect(breaker.state).toBe('closed');
  });

  it('a probe that says nothing of the dependency frees its place at once', async () => {
    const { breaker, fail, succeed } = await half();
    await fail(new TypeError('x is not a function'));
    expect(breaker.state).toBe('half-open');
    await succeed();
    expect(breaker.state).toBe('closed');
  });

  it('a probe that a bulkhead refuses decides nothing and frees its place', async () => {
    const { breaker, clock } = await half();
    const permits = bulkhead({ maxConcurrent: 1, clock });
    const policy = pipeline(breaker, permits);
    void permits.execute(never);
    for (let i = 0; i < 3; i++)
      await expect(policy.execute(() => 'probe')).rejects.toMatchObject({ code: 'HOLDFAST_BULKHEAD_FULL' });
    expect(breaker.state).toBe('half-open');
  });

  it('that lasts too long opens again by default, and backs off', async () => {
    const { breaker, clock, begin, succeed } = await half({ maxHalfOpenDuration: 500, recoveryMultiplier: 2 });
    begin();
    await clock.advance(500);
    expect(await succeed()).toMatchObject({ code: 'HOLDFAST_CIRCUIT_OPEN', state: 'open', retryAfter: 2000 });
    expect(breaker.state).toBe('open');
  });

  it('that lasts too long closes where that is wanted', async () => {
    const { breaker, clock, begin, succeed } = await half({ maxHalfOpenDuration: 500, afterHalfOpen: 'closed' });
    begin();
    await clock.advance(499);
    expect(await succeed()).toBeInstanceOf(CircuitOpenError);
    await clock.advance(1);
    expect(await succeed()).toBe('fine');
    expect(breaker.state).toBe('closed');
  });
});

describe('late results', () => {
  it('a late success does not close a circuit that opened meanwhile', async () => {
    const { breaker, clock, begin, fail } = setup({ failureThreshold: 1, recoveryTimeout: 1000 });
    const late = begin();
    await fail();
    await late.succeed();
    expect(breaker.state).toBe('open');
    await clock.advance(1000);
    begin();
    expect(breaker.state).toBe('half-open');
  });

  it('a late success does not close a half-open circuit while its probe still runs', async () => {
    const { breaker, clock, begin, fail } = setup({ failureThreshold: 1, recoveryTimeout: 1000 });
    const late = begin();
    await fail();
    await clock.advance(1000);
    const probe = begin();
    await late.succeed();
    expect(breaker.state).toBe('half-open');
    await probe.fail();
    expect(breaker.state).toBe('open');
  });

  it('a late failure does not count against a circuit that has closed again', async () => {
    const { breaker, clock, begin, fail, succeed } = setup({ failureThreshold: 1, recoveryTimeout: 1000 });
    const late = begin();
    await fail();
    await clock.advance(1000);
    await succeed();
    expect(breaker.state).toBe('closed');
    await late.fail();
    expect(breaker.state).toBe('closed');
    expect(breaker.snapshot()).toMatchObject({ failures: 2, successes: 1 });
  });

  it('a call that began before close() changes nothing after it', async () => {
    const { breaker, begin } = setup({ failureThreshold: 1 });
    const late = begin();
    breaker.close();
    await late.fail();
    expect(breaker.state).toBe('closed');
  });
});

describe('recovery', () => {
  /** How long the circuit stays open each time a probe fails. */
  async function stays(made: ReturnType<typeof setup>, times: number, error?: unknown): Promise<number[]> {
    const waits: number[] = [];
    for (let i = 0; i < times; i++) {
      await made.fail(error);
      const refusal = (await made.succeed()) as CircuitOpenError;
      waits.push(refusal.retryAfter!);
      await made.clock.advance(refusal.retryAfter!);
    }
    return waits;
  }

  it('takes a minute by default, each time', async () => {
    expect(await stays(setup({ failureThreshold: 1 }), 3)).toEqual([60_000, 60_000, 60_000]);
  });

  it('backs off by the multiplier, up to ten times by default', async () => {
    const made = setup({ failureThreshold: 1, recoveryTimeout: 1000, recoveryMultiplier: 3 });
    expect(await stays(made, 5)).toEqual([1000, 3000, 9000, 10_000, 10_000]);
  });

  it('backs off up to the longest recovery, and never overflows', async () => {
    const made = setup({
      failureThreshold: 1,
      recoveryTimeout: 1000,
      recoveryMultiplier: 1e300,
      maxRecoveryTimeout: 5000,
    });
    expect(await stays(made, 4)).toEqual([1000, 5000, 5000, 5000]);
  });

  it('is spread by its jitter, up and down', async () => {
    const waits: number[] = [];
    for (const random of [0, 0.25, 0.5, 0.75]) {
      waits.push(
        ...(await stays(
          setup({ failureThreshold: 1, recoveryTimeout: 1000, recoveryJitter: 0.2, random: () => random }),
          1,
        )),
      );
    }
    expect(waits).toEqual([800, 900, 1000, 1100]);
  });

  it('takes as long as the dependency asked for, within bounds', async () => {
    const asking = (retryAfter: string): unknown =>
      Object.assign(new Error('busy'), { headers: { 'retry-after': retryAfter } });
    const options = { failureThreshold: 1, recoveryTimeout: 1000, maxRecoveryTimeout: 20_000 };
    expect(await stays(setup(options), 1, asking('7'))).toEqual([7000]);
    expect(await stays(setup(options), 1, asking('0'))).toEqual([1000]);
    expect(await stays(setup(options), 1, asking('3600'))).toEqual([20_000]);
  });

  it('goes on backing off when the circuit has closed for a short while only', async () => {
    const { breaker, clock, fail, succeed } = setup({
      failureThreshold: 1,
      recoveryTimeout: 1000,
      recoveryMultiplier: 2,
    });
    await fail();
    await clock.advance(1000);
    await succeed();
    expect(breaker.state).toBe('closed');
    await clock.advance(999);
    await fail();
    expect(await succeed()).toMatchObject({ retryAfter: 2000 });
    await clock.advance(2000);
    await succeed();
    await clock.advance(2000);
    await fail();
    expect(await succeed()).toMatchObject({ retryAfter: 1000 });
  });

  it('by hand ends the backing-off', async () => {
    const { breaker, clock, fail, succeed } = setup({
      failureThreshold: 1,
      recoveryTimeout: 1000,
      recoveryMultiplier: 2,
    });
    await fail();
    await clock.advance(1000);
    await fail();
    breaker.close();
    await fail();
    expect(await succeed()).toMatchObject({ retryAfter: 1000 });
  });

  it('with a ramp-up lets calls back in little by little', async () => {
    const admitted: number[] = [];
    let dice = 0;
    const made = setup({ failureThreshold: 1, recoveryTimeout: 1000, rampUp: 1000, random: () => (dice += 0.01) % 1 });
    await made.fail();
    await made.clock.advance(1000);
    await made.succeed();
    for (let stage = 0; stage < 5; stage++) {
      let count = 0;
      for (let i = 0; i < 100; i++) {
        const result = await made.succeed();
        if (result === 'fine') count++;
        else
          expect(result).toMatchObject({
            code: 'HOLDFAST_CIRCUIT_OPEN',
            state: 'closed',
            message: 'circuit-breaker: the circuit is ramping up',
          });
      }
      admitted.push(count);
      await made.clock.advance(250);
    }
    expect(admitted[0]).toBe(0);
    expect(admitted[1]).toBeGreaterThanOrEqual(24);
    expect(admitted[1]).toBeLessThanOrEqual(26);
    expect(admitted[2]).toBeGreaterThanOrEqual(49);
    expect(admitted[3]).toBeLessThanOrEqual(76);
    expect(admitted[4]).toBe(100);
  });
});

describe('the clock of the system', () => {
  const busyFor = (ms: number): void => {
    const until = performance.now() + ms;
    while (performance.now() < until);
  };

  it('set back does not keep a circuit open', async () => {
    const breaker = circuitBreaker({ failureThreshold: 1, recoveryTimeout: 5 });
    await breaker.execute(() => Promise.reject(down)).catch(() => {});
    expect(breaker.state).toBe('open');
    vi.spyOn(Date, 'now').mockReturnValue(0);
    busyFor(6);
    await expect(breaker.execute(() => 'fine')).resolves.toBe('fine');
  });

  it('set forward does not end the recovery', async () => {
    const breaker = circuitBreaker({ failureThreshold: 1, recoveryTimeout: 60_000 });
    await breaker.execute(() => Promise.reject(down)).catch(() => {});
    vi.spyOn(Date, 'now').mockReturnValue(8.64e15);
    await expect(breaker.execute(() => 'fine')).rejects.toBeInstanceOf(CircuitOpenError);
  });
});

describe('by hand', () => {
  it('open() refuses everything until close(), however long', async () => {
    const { breaker, clock, succeed } = setup({ recoveryTimeout: 1000 });
    breaker.open();
    expect([breaker.state, breaker.mode]).toEqual(['open', 'forced-open']);
    await clock.advance(1_000_000);
    expect(await succeed()).toMatchObject({ code: 'HOLDFAST_CIRCUIT_OPEN', state: 'open', retryAfter: undefined });
    breaker.close();
    expect([breaker.state, breaker.mode]).toEqual(['closed', 'normal']);
    expect(await succeed()).toBe('fine');
  });

  it('disable() admits everything and minds no failure until close()', async () => {
    const { breaker, clock, failTimes, fail, succeed } = setup({ failureThreshold: 2, recoveryTimeout: 1000 });
    await failTimes(2);
    breaker.disable();
    await failTimes(10);
    expect(await fail()).toBe(down);
    expect(await succeed()).toBe('fine');
    expect(breaker.mode).toBe('disabled');
    breaker.close();
    await failTimes(1);
    expect(breaker.state).toBe('closed');
    await clock.advance(0);
  });

  it('disable() leaves a closed circuit closed, whatever fails', async () => {
    const { breaker, failTimes } = setup({ failureThreshold: 2 });
    breaker.disable();
    await failTimes(10);
    expect(breaker.state).toBe('closed');
  });

  it('a disabled breaker never throws synchronously', async () => {
    const { breaker } = setup();
    breaker.disable();
    const call = breaker.execute(() => {
      throw down;
    });
    await expect(call).rejects.toBe(down);
  });

  it('observe() admits everything, and says when it would have opened', async () => {
    const { breaker, failTimes, succeed } = setup({ failureThreshold: 2, name: 'inventory' });
    const events: { type: string }[] = [];
    const note = (event: unknown): void => void events.push(event as { type: string });
    channel('holdfast:circuit-breaker').subscribe(note);
    try {
      breaker.observe();
      await failTimes(5);
      expect(await succeed()).toBe('fine');
    } finally {
      channel('holdfast:circuit-breaker').unsubscribe(note);
    }
    expect(breaker.state).toBe('closed');
    expect(events.map(({ type }) => type)).toEqual(['would-open', 'would-open']);
    breaker.close();
    await failTimes(2);
    expect(breaker.state).toBe('open');
  });

  it('isolate() keeps the circuit open until every holder has released it, each once', async () => {
    const { breaker, succeed } = setup();
    const [first, second] = [breaker.isolate(), breaker.isolate()];
    first.release();
    first.release();
    expect(breaker.state).toBe('open');
    expect(breaker.snapshot()).toMatchObject({ isIsolated: true });
    expect(await succeed()).toBeInstanceOf(CircuitOpenError);
    second[Symbol.dispose]();
    expect(breaker.state).toBe('closed');
    expect(await succeed()).toBe('fine');
  });

  it('isolation leaves the state and mode below as they were', async () => {
    const { breaker, failTimes, succeed } = setup({ failureThreshold: 2 });
    await failTimes(2);
    const isolation = breaker.isolate();
    isolation.release();
    expect(breaker.state).toBe('open');
    breaker.disable();
    const other = breaker.isolate();
    expect(await succeed()).toBeInstanceOf(CircuitOpenError);
    other.release();
    expect(breaker.mode).toBe('disabled');
    expect(await succeed()).toBe('fine');
  });

  it('a circuit held open reports so in its snapshot too', () => {
    const { breaker } = setup();
    breaker.open();
    expect(breaker.snapshot()).toMatchObject({ mode: 'forced-open', state: 'open' });
    breaker.close();
    const isolation = breaker.isolate();
    expect(breaker.snapshot()).toMatchObject({ mode: 'normal', isIsolated: true, state: 'open' });
    isolation.release();
    expect(breaker.snapshot()).toMatchObject({ state: 'closed' });
  });
});

describe('scopes', () => {
  const failing = (breaker: CircuitBreakerPolicy) =>
    guard(async function (this: unknown, host: string): Promise<string> {
      if (host.startsWith('bad')) throw down;
      return host;
    }, breaker);
  const stateOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'admitted',
      (error: unknown) => (error instanceof CircuitOpenError ? 'refused' : 'failed'),
    );

  it('class: all calls share one circuit', async () => {
    const call = failing(circuitBreaker({ failureThreshold: 1 }));
    expect(await stateOf(call.call({}, 'bad'))).toBe('failed');
    expect(await stateOf(call.call({}, 'good'))).toBe('refused');
  });

  it('instance: each object has its own circuit, and calls without one share one', async () => {
    const breaker = circuitBreaker({ failureThreshold: 1, scope: 'instance' });
    const call = failing(breaker);
    const [a, b] = [{}, {}];
    expect(await stateOf(call.call(a, 'bad'))).toBe('failed');
    expect(await stateOf(call.call(a, 'good'))).toBe('refused');
    expect(await stateOf(call.call(b, 'good'))).toBe('admitted');
    expect(await stateOf(call.call(undefined, 'bad'))).toBe('failed');
    expect(await stateOf(call('good'))).toBe('refused');
    expect(await stateOf(call.call(7, 'good'))).toBe('refused');
    expect(breaker.state).toBe('open');
    expect(breaker.snapshot()).toMatchObject({ circuits: 3, open: 2, failures: 2, successes: 1, rejected: 3 });
  });

  it('key: calls with the same key share a circuit', async () => {
    const breaker = circuitBreaker({ failureThreshold: 1, scope: (host: string) => host });
    const call = failing(breaker);
    expect(await stateOf(call('bad.example'))).toBe('failed');
    expect(await stateOf(call('bad.example'))).toBe('refused');
    expect(await stateOf(call('bad.other'))).toBe('failed');
    expect(await stateOf(call('good.example'))).toBe('admitted');
    expect(breaker.snapshot()).toMatchObject({
      keys: { 'bad.example': 'open', 'bad.other': 'open', 'good.example': 'closed' },
      open: 2,
    });
  });

  it('key: calls without a key share one, whose state is that of the policy', async () => {
    const breaker = circuitBreaker({ failureThreshold: 1, scope: (host: string) => host });
    await breaker.execute(() => Promise.reject(down)).catch(() => {});
    expect(breaker.state).toBe('open');
    expect(await stateOf(failing(breaker)('good'))).toBe('admitted');
  });

  it('key: a key function that throws rejects the call', async () => {
    const breaker = circuitBreaker({ scope: (request: { host: string }) => request.host });
    await expect(breaker.execute(() => 'value')).rejects.toThrow(TypeError);
  });

  it('key: the circuits kept are bounded, and open ones outlast idle ones', async () => {
    const breaker = circuitBreaker({ failureThreshold: 1, scope: (host: string) => host });
    const call = failing(breaker);
    await stateOf(call('bad'));
    for (let i = 0; i < 2500; i++) await call(`good ${i}`);
    const keys = Object.keys(breaker.snapshot()['keys'] as object);
    expect(keys).toHaveLength(1000);
    expect(keys).toContain('bad');
    expect(keys).toContain('good 2499');
    expect(keys).not.toContain('good 0');
    expect(await stateOf(call('bad'))).toBe('refused');
  });

  it('key: the least recently used goes first', async () => {
    const breaker = circuitBreaker({ scope: (host: string) => host });
    const call = failing(breaker);
    await call('favourite');
    for (let i = 0; i < 999; i++) await call(`good ${i}`);
    await call('favourite');
    await call('newcomer');
    const keys = Object.keys(breaker.snapshot()['keys'] as object);
    expect(keys).toContain('favourite');
    expect(keys).not.toContain('good 0');
  });

  it('hands work on all circuits of a breaker', async () => {
    const breaker = circuitBreaker({ failureThreshold: 1, scope: (host: string) => host });
    const call = failing(breaker);
    await stateOf(call('bad'));
    breaker.close();
    expect(await stateOf(call('bad'))).toBe('failed');
    breaker.disable();
    expect(await stateOf(call('bad'))).toBe('failed');
    const isolation = breaker.isolate();
    expect(await stateOf(call('good'))).toBe('refused');
    isolation.release();
    expect(await stateOf(call('good'))).toBe('admitted');
  });

  it('instance: circuits go with their objects', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const breaker = circuitBreaker({ scope: 'instance' });
    const call = failing(breaker);
    for (let i = 0; i < 200; i++) await call.call({}, 'good');
    await vi.waitFor(
      async () => {
        await new ManualClock().advance(0);
        collectGarbage();
        expect(breaker.snapshot()['circuits']).toBeLessThan(10);
      },
      { timeout: 10_000 },
    );
  });

  // Each new circuit looked through all others, which made many objects a square.
  it('instance: the cost of one more object does not grow with their number', async () => {
    const deref = vi.spyOn(WeakRef.prototype, 'deref');
    const call = failing(circuitBreaker({ scope: 'instance' }));
    const objects = Array.from({ length: 2000 }, () => ({}));
    for (const object of objects) void call.call(object, 'good');
    expect(deref.mock.calls.length).toBeLessThan(20_000);
  });
});

describe('a saved state', () => {
  const T0 = Date.UTC(2030, 0, 1);

  it('tells in wall time until when the circuit is open, and a later process keeps to it', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(T0);
    const { breaker, clock, fail } = setup({ failureThreshold: 1, recoveryTimeout: 10_000 });
    await clock.advance(5000);
    await fail();
    await clock.advance(1000);
    const saved = JSON.parse(JSON.stringify(breaker.save())) as ReturnType<typeof breaker.save>;
    expect(saved).toEqual({ state: 'open', trips: 1, openUntil: T0 + 9000 });

    vi.spyOn(Date, 'now').mockReturnValue(T0 + 4000);
    const later = setup({ failureThreshold: 1, recoveryTimeout: 10_000, restore: saved });
    expect(later.breaker.state).toBe('open');
    expect(await later.succeed()).toMatchObject({ code: 'HOLDFAST_CIRCUIT_OPEN', retryAfter: 5000 });
    await later.clock.advance(4999);
    expect(await later.succeed()).toBeInstanceOf(CircuitOpenError);
    await later.clock.advance(1);
    expect(await later.succeed()).toBe('fine');
    expect(later.breaker.state).toBe('closed');
  });

  it('whatever the wall clock did meanwhile, never keeps the circuit open for longer than it could have opened itself', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(T0);
    const restore = { state: 'open' as const, trips: 1, openUntil: T0 + 1e12 };
    const ahead = setup({ recoveryTimeout: 1000, maxRecoveryTimeout: 3000, restore });
    expect(await ahead.succeed()).toMatchObject({ retryAfter: 3000 });
    const past = setup({ recoveryTimeout: 1000, restore: { ...restore, openUntil: T0 - 1e12 } });
    expect(await past.succeed()).toBe('fine');
  });

  it('of a circuit that is half-open lets a probe through at once', async () => {
    const made = setup({ failureThreshold: 1, recoveryTimeout: 1000 });
    await made.fail();
    await made.clock.advance(1000);
    made.begin();
    const saved = made.breaker.save();
    expect(saved.state).toBe('half-open');
    const later = setup({ restore: saved });
    expect(await later.succeed()).toBe('fine');
  });

  it('keeps how often it has opened, so a restart does not end the backing-off', async () => {
    const made = setup({ failureThreshold: 1, recoveryTimeout: 1000, recoveryMultiplier: 2 });
    for (let i = 0; i < 3; i++) {
      await made.fail();
      await made.clock.advance(10_000);
    }
    const later = setup({
      failureThreshold: 1,
      recoveryTimeout: 1000,
      recoveryMultiplier: 2,
      restore: made.breaker.save(),
    });
    await later.clock.advance(10_000);
    await later.fail();
    expect(await later.succeed()).toMatchObject({ retryAfter: 8000 });
  });

  // It was kept in the saved state and thrown away by the first failure.
  it('keeps it for a circuit that has only just closed, and drops it for one that stayed closed', async () => {
    const options = { failureThreshold: 1, recoveryTimeout: 1000, recoveryMultiplier: 2 };
    const made = setup(options);
    await made.fail();
    await made.clock.advance(1000);
    await made.fail();
    await made.clock.advance(2000);
    await made.succeed();
    const justClosed = made.breaker.save();
    expect(justClosed).toEqual({ state: 'closed', trips: 2 });
    await made.clock.advance(2000);
    expect(made.breaker.save()).toEqual({ state: 'closed', trips: 0 });

    const later = setup({ ...options, restore: justClosed });
    expect(later.breaker.state).toBe('closed');
    await later.fail();
    expect(await later.succeed()).toMatchObject({ retryAfter: 4000 });

    const muchLater = setup({ ...options, restore: justClosed });
    await muchLater.clock.advance(2000);
    await muchLater.fail();
    expect(await muchLater.succeed()).toMatchObject({ retryAfter: 1000 });
  });

  it.each([
    [{}],
    [{ state: 'ajar', trips: 0 }],
    [{ state: 'open' }],
    [{ state: 'open', trips: -1 }],
    [{ state: 'open', trips: 1.5 }],
    [{ state: 'open', trips: 1, openUntil: 'soon' }],
    [{ state: 'open', trips: 1, openUntil: NaN }],
    [null],
    ['open'],
  ])('%o is none, and is refused at construction', (restore) => {
    expect(() => circuitBreaker({ restore: restore as never })).toThrow(TypeError);
    expect(() => circuitBreaker({ restore: restore as never })).toThrow(
      'circuitBreaker: restore must be a state that save() returned, got ',
    );
  });
});

describe('what is published', () => {
  it('each change of state with its cause, and each refusal', async () => {
    const { clock, fail, succeed } = setup({ failureThreshold: 1, recoveryTimeout: 1000, name: 'inventory' });
    const events: unknown[] = [];
    const note = (event: unknown): void => void events.push(event);
    channel('holdfast:circuit-breaker').subscribe(note);
    try {
      await fail();
      await succeed();
      await clock.advance(1000);
      await succeed();
    } finally {
      channel('holdfast:circuit-breaker').unsubscribe(note);
    }
    const policy = 'inventory';
    expect(events).toEqual([
      { type: 'state-change', policy, from: 'closed', to: 'open', cause: down },
      { type: 'rejected', policy, state: 'open', retryAfter: 1000 },
      { type: 'state-change', policy, from: 'open', to: 'half-open', cause: down },
      { type: 'state-change', policy, from: 'half-open', to: 'closed', cause: undefined },
    ]);
  });
});

describe('with other policies', () => {
  it('an open circuit is not retried blindly', async () => {
    const { breaker, clock } = setup();
    breaker.open();
    const again = retry({ maxAttempts: 5, clock });
    await expect(pipeline(again, breaker).execute(() => 'never')).rejects.toBeInstanceOf(CircuitOpenError);
    expect(again.snapshot()).toMatchObject({ retries: 0 });
  });

  it('around a retry it sees one result of one call, inside it each attempt', async () => {
    for (const [isOutside, failures] of [
      [true, 1],
      [false, 3],
    ] as const) {
      const { breaker, clock } = setup({ failureThreshold: 9 });
      const again = retry({ maxAttempts: 3, baseDelay: 0, clock });
      const policy = isOutside ? pipeline(breaker, again) : pipeline(again, breaker);
      await expect(policy.execute(() => Promise.reject(down))).rejects.toBe(down);
      expect(breaker.snapshot()).toMatchObject({ failures });
    }
  });

  it('two breakers in one pipeline each mind their own circuit', async () => {
    const clock = new ManualClock();
    const [outer, inner] = [
      circuitBreaker({ failureThreshold: 2, clock }),
      circuitBreaker({ failureThreshold: 1, clock }),
    ];
    const policy = pipeline(outer, timeout({ duration: 50, clock }), inner);
    for (let i = 0; i < 5; i++) await policy.execute(() => Promise.reject(down)).catch(() => {});
    expect([outer.state, inner.state]).toEqual(['closed', 'open']);
  });
});

describe('options', () => {
  const duration = 'a number of milliseconds above 0 and finite';
  const ratio = 'a number above 0 and at most 1';
  const whole = 'a whole number of at least 1';
  it.each([
    [0, RangeError, `failureThreshold must be ${whole}, got 0`],
    [null, TypeError, 'options must be an object, got null'],
    ['5', TypeError, 'options must be an object, got "5"'],
    [{ failureThreshold: 0 }, RangeError, `failureThreshold must be ${whole}, got 0`],
    [{ failureThreshold: '5' }, TypeError, `failureThreshold must be ${whole}, got "5"`],
    [{ recoveryTimeout: 0 }, RangeError, `recoveryTimeout must be ${duration}, got 0`],
    [{ recoveryTimeout: Infinity }, RangeError, `recoveryTimeout must be ${duration}, got Infinity`],
    [{ recoveryTimeout: '1m' }, TypeError, `recoveryTimeout must be ${duration}, got "1m"`],
    [{ monitoringPeriod: -1 }, RangeError, `monitoringPeriod must be ${duration}, got -1`],
    [{ failureRate: 0.5, windowSize: 0 }, RangeError, `windowSize must be ${whole}, got 0`],
    [{ failureRate: 50 }, RangeError, `failureRate must be ${ratio}, got 50`],
    [{ failureRate: 0 }, RangeError, `failureRate must be ${ratio}, got 0`],
    [{ failureRate: '50%' }, TypeError, `failureRate must be ${ratio}, got "50%"`],
    [{ failureRate: 0.5, minimumCalls: 0 }, RangeError, `minimumCalls must be ${whole}, got 0`],
    [{ slowCallDuration: 0, slowCallRate: 0.5 }, RangeError, `slowCallDuration must be ${duration}, got 0`],
    [{ slowCallDuration: 5, slowCallRate: 2 }, RangeError, `slowCallRate must be ${ratio}, got 2`],
    [{ halfOpenProbes: 0 }, RangeError, `halfOpenProbes must be ${whole}, got 0`],
    [{ maxHalfOpenDuration: 0 }, RangeError, `maxHalfOpenDuration must be ${duration}, got 0`],
    [{ afterHalfOpen: 'ajar' }, RangeError, 'afterHalfOpen must be one of "open", "closed", got "ajar"'],
    [{ recoveryMultiplier: 0.5 }, RangeError, 'recoveryMultiplier must be a finite number of at least 1, got 0.5'],
    [{ maxRecoveryTimeout: NaN }, RangeError, `maxRecoveryTimeout must be ${duration}, got NaN`],
    [{ recoveryJitter: 1.5 }, RangeError, 'recoveryJitter must be a number from 0 to 1, got 1.5'],
    [{ rampUp: -1 }, RangeError, 'rampUp must be a number of milliseconds, 0 or more and finite, got -1'],
    [{ classify: 'failure' }, TypeError, 'classify must be a function, got "failure"'],
    [{ scope: 'method' }, RangeError, 'scope must be one of "class", "instance" or a function, got "method"'],
    [{ scope: 5 }, TypeError, 'scope must be one of "class", "instance" or a function, got 5'],
    [{ name: '' }, RangeError, 'name must be a non-empty string, got ""'],
    [{ clock: Date }, TypeError, 'clock must be a clock (an object with now and setTimer), got the function Date'],
    [{ random: 0.5 }, TypeError, 'random must be a function, got 0.5'],
    [{ slowCallRate: 0.5 }, TypeError, 'slowCallRate does nothing without slowCallDuration; give both'],
    [{ slowCallDuration: 100 }, TypeError, 'slowCallDuration does nothing without slowCallRate; give both'],
    [{ windowSize: 10 }, TypeError, 'windowSize does nothing without failureRate or slowCallRate'],
    [{ minimumCalls: 10 }, TypeError, 'minimumCalls does nothing without failureRate or slowCallRate'],
    [
      { failureRate: 0.5, windowSize: 5, minimumCalls: 6 },
      RangeError,
      'minimumCalls must be at most windowSize (5), got 6',
    ],
    [
      { recoveryTimeout: 100, maxRecoveryTimeout: 99 },
      RangeError,
      'maxRecoveryTimeout must be at least recoveryTimeout (100), got 99',
    ],
    [{ failureTreshold: 5 }, TypeError, 'unknown option "failureTreshold", did you mean "failureThreshold"?'],
    [{ recoverytimeout: 5 }, TypeError, 'unknown option "recoverytimeout", did you mean "recoveryTimeout"?'],
    [{ resetTimeout: 5 }, TypeError, 'unknown option "resetTimeout". Allowed: failureThreshold, recoveryTimeout,'],
  ])('%o cannot work, and says so at once', (options, type, message) => {
    const make = (): unknown => circuitBreaker(options as CircuitBreakerOptions);
    expect(make).toThrow(type);
    expect(make).toThrow(`circuitBreaker: ${message}`);
  });

  it('a number is the failure threshold', async () => {
    const breaker = circuitBreaker(1);
    await breaker.execute(() => Promise.reject(down)).catch(() => {});
    expect(breaker.state).toBe('open');
  });
});
