import { channel } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { BulkheadFullError, RejectionError } from '../errors.js';
import { guard } from '../guard.js';
import { pipeline } from '../pipeline.js';
import { ManualClock } from '../testing.js';
import { bulkhead, type BulkheadOptions, type BulkheadPolicy } from './bulkhead.js';
import { circuitBreaker } from './circuit-breaker.js';
import { retry } from './retry.js';

interface Work {
  name: string;
  finish(): void;
  fail(error: unknown): void;
}

/** Work that waits to be finished by hand, and says in which order it began and what became of it. */
class Load {
  readonly started: string[] = [];
  readonly settled: [string, unknown][] = [];
  readonly running: Work[] = [];
  readonly policy: BulkheadPolicy;

  constructor(policy: BulkheadPolicy) {
    this.policy = policy;
  }

  call(name: string, signal?: AbortSignal): void {
    this.policy
      .execute(
        () => {
          this.started.push(name);
          return new Promise<string>((resolve, reject) => {
            this.running.push({ name, finish: () => resolve('done'), fail: reject });
          });
        },
        { signal },
      )
      .then(
        (value) => this.settled.push([name, value]),
        (error: unknown) => this.settled.push([name, error]),
      );
  }

  async finish(count = 1): Promise<void> {
    for (let i = 0; i < count; i++) {
      this.running.shift()?.finish();
      await new ManualClock().advance(0);
    }
  }

  what(name: string): unknown {
    return this.settled.find(([who]) => who === name)?.[1];
  }
}

const load = (options: BulkheadOptions | number): Load => new Load(bulkhead(options));

describe('a bulkhead', () => {
  it('lets the limit run at once and refuses the others at once', async () => {
    const pool = load({ maxConcurrent: 2, name: 'pool' });
    for (const name of ['a', 'b', 'c']) pool.call(name);
    expect(pool.started).toEqual(['a', 'b']);
    await new ManualClock().advance(0);
    expect(pool.what('c')).toBeInstanceOf(BulkheadFullError);
    expect(pool.what('c')).toBeInstanceOf(RejectionError);
    expect(pool.what('c')).toMatchObject({
      name: 'BulkheadFullError',
      code: 'HOLDFAST_BULKHEAD_FULL',
      policy: 'pool',
      message: 'pool: all 2 permits are taken',
    });
    await pool.finish(2);
    pool.call('d');
    expect(pool.started).toEqual(['a', 'b', 'd']);
  });

  it('frees the permit whatever becomes of the operation', async () => {
    const permits = bulkhead(1);
    const error = new Error('down');
    await expect(permits.execute(() => Promise.reject(error))).rejects.toBe(error);
    await expect(
      permits.execute(() => {
        throw error;
      }),
    ).rejects.toBe(error);
    await expect(permits.execute(() => undefined)).resolves.toBeUndefined();
    const controller = new AbortController();
    const aborted = permits.execute(() => new Promise(() => {}), { signal: controller.signal });
    controller.abort('enough');
    await expect(aborted).rejects.toBe('enough');
    expect(permits.running).toBe(0);
  });

  it('gives the operation a context, alone too', async () => {
    const { signal } = new AbortController();
    for (const options of [undefined, { signal }]) {
      await bulkhead(1).execute((context) => {
        expect(context.attempt).toBe(1);
        expect(context.signal.aborted).toBe(false);
        expect(context.idempotencyKey).toBeUndefined();
        expect(context.remainingTime()).toBe(Infinity);
      }, options);
    }
  });

  it('can share its permits between functions', async () => {
    const permits = bulkhead(1);
    const hung = guard(() => new Promise(() => {}), permits);
    const other = guard(async () => 'value', pipeline(retry(1), permits));
    void hung();
    await expect(other()).rejects.toThrow(BulkheadFullError);
  });

  it('says how many run and wait, and counts whom it refused', async () => {
    const pool = load({ maxConcurrent: 1, maxQueue: 1 });
    for (const name of ['a', 'b', 'c', 'd']) pool.call(name);
    expect([pool.policy.running, pool.policy.waiting]).toEqual([1, 1]);
    expect(pool.policy.snapshot()).toEqual({
      kind: 'bulkhead',
      name: 'bulkhead',
      maxConcurrent: 1,
      maxQueue: 1,
      running: 1,
      waiting: 1,
      rejected: 2,
    });
    await pool.finish(2);
    expect([pool.policy.running, pool.policy.waiting]).toEqual([0, 0]);
  });

  it('publishes whom it refused, and why', async () => {
    const events: unknown[] = [];
    const note = (event: unknown): void => void events.push(event);
    channel('holdfast:bulkhead').subscribe(note);
    try {
      const clock = new ManualClock();
      const pool = load({ maxConcurrent: 1, maxQueue: 1, queueTimeout: 50, name: 'pool', clock });
      for (const name of ['a', 'b', 'c']) pool.call(name);
      await clock.advance(50);
    } finally {
      channel('holdfast:bulkhead').unsubscribe(note);
    }
    expect(events).toEqual([
      { type: 'rejected', policy: 'pool', reason: 'full' },
      { type: 'rejected', policy: 'pool', reason: 'queue-timeout' },
    ]);
  });
});

describe('the queue', () => {
  it('serves the longest wait first', async () => {
    const pool = load({ maxConcurrent: 1, maxQueue: 9 });
    for (const name of ['a', 'b', 'c', 'd']) pool.call(name);
    await pool.finish(4);
    expect(pool.started).toEqual(['a', 'b', 'c', 'd']);
  });

  it('serves the shortest wait first under lifo', async () => {
    const pool = load({ maxConcurrent: 1, maxQueue: 9, order: 'lifo' });
    for (const name of ['a', 'b', 'c', 'd']) pool.call(name);
    await pool.finish(4);
    expect(pool.started).toEqual(['a', 'd', 'c', 'b']);
  });

  it('serves higher priorities first, told from the object and the arguments of the call', async () => {
    const started: string[] = [];
    const gates: (() => void)[] = [];
    const priority = vi.fn(function (this: { bonus: number }, _name: string, rank: number) {
      return rank + this.bonus;
    });
    const call = guard(
      function (this: { bonus: number }, name: string, _rank: number): Promise<void> {
        started.push(name);
        return new Promise((resolve) => gates.push(resolve));
      },
      bulkhead({ maxConcurrent: 1, maxQueue: 9, priority: priority as never }),
    );
    const [plain, important] = [{ bonus: 0 }, { bonus: 100 }];
    void call.call(plain, 'first', 1);
    expect(priority).not.toHaveBeenCalled();
    void call.call(plain, 'low', 1);
    void call.call(plain, 'high', 50);
    void call.call(important, 'highest', 1);
    for (let i = 0; i < 4; i++) {
      gates.shift()!();
      await new ManualClock().advance(0);
    }
    expect(started).toEqual(['first', 'highest', 'high', 'low']);
  });

  it('a priority function that throws is the end of that call only', async () => {
    const pool = load({
      maxConcurrent: 1,
      maxQueue: 9,
      priority: () => {
        throw new Error('no priority');
      },
    });
    pool.call('a');
    pool.call('b');
    await pool.finish();
    expect(pool.what('b')).toEqual(new Error('no priority'));
    expect([pool.policy.running, pool.policy.waiting]).toEqual([0, 0]);
  });

  // cockatiel lets newcomers barge in between the release and the waiter's start, and then refuses the waiter.
  it('a queued call is never overtaken or refused later, however newcomers crowd in', async () => {
    const pool = load({ maxConcurrent: 1, maxQueue: 2 });
    pool.call('first');
    pool.call('queued');
    pool.running.shift()!.finish();
    // In every turn in which the permit could look free.
    for (let i = 0; i < 12; i++) {
      pool.call(`newcomer ${i}`);
      await undefined;
    }
    await pool.finish(3);
    expect(pool.started.slice(0, 2)).toEqual(['first', 'queued']);
    expect(pool.what('queued')).toBe('done');
  });

  it('an aborted waiter leaves the queue at once, and its place is free', async () => {
    const pool = load({ maxConcurrent: 1, maxQueue: 1 });
    const controller = new AbortController();
    pool.call('first');
    pool.call('gone', controller.signal);
    expect(pool.policy.waiting).toBe(1);
    controller.abort('enough');
    expect(pool.policy.waiting).toBe(0);
    pool.call('next');
    await pool.finish(2);
    expect(pool.started).toEqual(['first', 'next']);
    expect(pool.what('gone')).toBe('enough');
  });

  it('a thousand aborted waiters starve nobody', async () => {
    const pool = load({ maxConcurrent: 1, maxQueue: Infinity });
    pool.call('first');
    const controller = new AbortController();
    for (let i = 0; i < 1000; i++) pool.call(`gone ${i}`, controller.signal);
    pool.call('patient');
    controller.abort('enough');
    await pool.finish();
    expect(pool.started).toEqual(['first', 'patient']);
  });

  it('a wait that takes too long is refused, and the permit it did not get is not lost', async () => {
    const clock = new ManualClock();
    const pool = load({ maxConcurrent: 1, maxQueue: 5, queueTimeout: 100, name: 'pool', clock });
    pool.call('first');
    pool.call('late');
    await clock.advance(60);
    pool.call('in time');
    await clock.advance(40);
    expect(pool.what('late')).toBeInstanceOf(BulkheadFullError);
    expect(pool.what('late')).toMatchObject({ message: 'pool: waited 100 ms in the queue' });
    await pool.finish(2);
    expect(pool.started).toEqual(['first', 'in time']);
    expect(pool.policy.snapshot()).toMatchObject({ running: 0, waiting: 0, rejected: 1 });
    expect(clock.pending).toBe(0);
  });

  it('the time in the queue is no longer limited once the call runs', async () => {
    const clock = new ManualClock();
    const pool = load({ maxConcurrent: 1, maxQueue: 5, queueTimeout: 100, clock });
    pool.call('first');
    pool.call('second');
    await pool.finish();
    await clock.advance(1000);
    expect(pool.what('second')).toBeUndefined();
    await pool.finish();
    expect(pool.what('second')).toBe('done');
  });

  it('a queued call that fails rejects once, and nowhere else', async () => {
    const pool = load({ maxConcurrent: 1, maxQueue: 5 });
    pool.call('first');
    pool.call('second');
    await pool.finish();
    const error = new Error('down');
    pool.running.shift()!.fail(error);
    await new ManualClock().advance(0);
    expect(pool.settled).toEqual([
      ['first', 'done'],
      ['second', error],
    ]);
  });

  it('fifty calls that waited and finished leave nothing behind', async () => {
    const clock = new ManualClock();
    const { signal } = new AbortController();
    const pool = load({ maxConcurrent: 1, maxQueue: 50, queueTimeout: 1000, clock });
    for (let i = 0; i < 50; i++) pool.call(String(i), signal);
    await pool.finish(50);
    expect(pool.settled).toHaveLength(50);
    expect(pool.policy.snapshot()).toMatchObject({ running: 0, waiting: 0, rejected: 0 });
    expect(clock.pending).toBe(0);
  });

  it('each attempt of a retry waits for its own permit', async () => {
    const clock = new ManualClock();
    const permits = bulkhead({ maxConcurrent: 1, maxQueue: 5, clock });
    const order: string[] = [];
    const policy = pipeline(retry({ maxAttempts: 2, baseDelay: 0, clock }), permits);
    const call = (name: string): Promise<string> =>
      policy.execute(async ({ attempt }) => {
        order.push(`${name}${attempt}`);
        if (attempt === 1) throw new Error('again');
        return name;
      });
    await expect(Promise.all([call('a'), call('b')])).resolves.toEqual(['a', 'b']);
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2']);
    expect(permits.running).toBe(0);
  });

  it('a full bulkhead is not retried: another try at once would only add to the crowd', async () => {
    const clock = new ManualClock();
    const permits = bulkhead({ maxConcurrent: 1, clock });
    void permits.execute(() => new Promise(() => {}));
    const again = retry({ maxAttempts: 5, clock });
    await expect(pipeline(again, permits).execute(() => 'never')).rejects.toThrow(BulkheadFullError);
    expect(again.snapshot()).toMatchObject({ retries: 0 });
  });

  it('a refusal of the probe does not decide about the circuit', async () => {
    const clock = new ManualClock();
    const breaker = circuitBreaker({ failureThreshold: 1, recoveryTimeout: 100, clock });
    const permits = bulkhead({ maxConcurrent: 1, clock });
    const policy = pipeline(breaker, permits);
    await policy.execute(() => Promise.reject(new Error('down'))).catch(() => {});
    await clock.advance(100);
    void permits.execute(() => new Promise(() => {}), { signal: undefined });
    await expect(policy.execute(() => 'probe')).rejects.toThrow(BulkheadFullError);
    expect(breaker.state).toBe('half-open');
    await expect(policy.execute(() => 'probe')).rejects.toThrow(BulkheadFullError);
  });
});

describe('any load', () => {
  it('never runs more than the limit, and runs every accepted call that is not aborted', async () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.record({ do: fc.constant('call' as const), isAbortable: fc.boolean() }) },
        {
          weight: 3,
          arbitrary: fc.record({ do: fc.constant('end' as const), isFailure: fc.boolean(), which: fc.nat() }),
        },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat() }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
      ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom('fifo' as const, 'lifo' as const),
        async (course, maxConcurrent, maxQueue, order) => {
          const pool = load({ maxConcurrent, maxQueue, order });
          const controllers: AbortController[] = [];
          let calls = 0;
          for (const step of course) {
            if (step.do === 'call') {
              const controller = step.isAbortable ? new AbortController() : undefined;
              if (controller) controllers.push(controller);
              pool.call(String(calls++), controller?.signal);
            } else if (step.do === 'end' && pool.running.length > 0) {
              const [work] = pool.running.splice(step.which % pool.running.length, 1);
              if (step.isFailure) work!.fail(new Error('down'));
              else work!.finish();
            } else if (step.do === 'abort') controllers[step.which % (controllers.length || 1)]?.abort('enough');
            else await new ManualClock().advance(0);
            expect(pool.policy.running).toBeLessThanOrEqual(maxConcurrent);
            expect(pool.policy.waiting).toBeLessThanOrEqual(maxQueue);
          }
          for (let i = 0; i <= calls; i++) await pool.finish();
          expect(pool.settled).toHaveLength(calls);
          expect([pool.policy.running, pool.policy.waiting]).toEqual([0, 0]);
          const refused = pool.settled.filter(([, what]) => what instanceof BulkheadFullError).length;
          const aborted = pool.settled.filter(([, what]) => what === 'enough').length;
          expect(pool.started.length).toBeGreaterThanOrEqual(calls - refused - aborted);
          expect(pool.policy.snapshot()).toMatchObject({ rejected: refused });
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('options', () => {
  const whole = 'a whole number of at least';
  it.each([
    [0, RangeError, `bulkhead: maxConcurrent must be ${whole} 1, got 0`],
    [1.5, RangeError, `bulkhead: maxConcurrent must be ${whole} 1, got 1.5`],
    [Infinity, RangeError, `bulkhead: maxConcurrent must be ${whole} 1, got Infinity`],
    [undefined, TypeError, 'bulkhead: options must be an object, got undefined'],
    [{}, TypeError, `bulkhead: maxConcurrent is missing; it must be ${whole} 1`],
    [{ maxConcurrent: -1 }, RangeError, `bulkhead: maxConcurrent must be ${whole} 1, got -1`],
    [{ maxConcurrent: '5' }, TypeError, `bulkhead: maxConcurrent must be ${whole} 1, got "5"`],
    [{ maxConcurrent: 1, maxQueue: -1 }, RangeError, `bulkhead: maxQueue must be ${whole} 0, or Infinity, got -1`],
    [{ maxConcurrent: 1, maxQueue: 0.5 }, RangeError, `bulkhead: maxQueue must be ${whole} 0, or Infinity, got 0.5`],
    [{ maxConcurrent: 1, maxQueue: null }, TypeError, `bulkhead: maxQueue must be ${whole} 0, or Infinity, got null`],
    [
      { maxConcurrent: 1, queueTimeout: 0 },
      RangeError,
      'bulkhead: queueTimeout must be a number of milliseconds above 0 and finite, got 0',
    ],
    [
      { maxConcurrent: 1, queueTimeout: '1s' },
      TypeError,
      'bulkhead: queueTimeout must be a number of milliseconds above 0 and finite, got "1s"',
    ],
    [{ maxConcurrent: 1, order: 'random' }, RangeError, 'bulkhead: order must be one of "fifo", "lifo", got "random"'],
    [{ maxConcurrent: 1, order: 1 }, TypeError, 'bulkhead: order must be one of "fifo", "lifo", got 1'],
    [{ maxConcurrent: 1, priority: 5 }, TypeError, 'bulkhead: priority must be a function, got 5'],
    [{ maxConcurrent: 1, name: '' }, RangeError, 'bulkhead: name must be a non-empty string, got ""'],
    [{ maxConcurrent: 1, clock: {} }, TypeError, 'bulkhead: clock must be a clock (an object with now and setTimer)'],
    [{ maxConcurent: 1 }, TypeError, 'bulkhead: unknown option "maxConcurent", did you mean "maxConcurrent"?'],
    [{ maxConcurrent: 1, queueTimout: 1 }, TypeError, 'unknown option "queueTimout", did you mean "queueTimeout"?'],
  ])('%o cannot work, and says so at once', (options, type, message) => {
    const make = (): unknown => bulkhead(options as BulkheadOptions);
    expect(make).toThrow(type);
    expect(make).toThrow(message);
  });
});

describe('a bulkhead of weighted calls', () => {
  const weighed = (maxConcurrent: number, clock = new ManualClock(), queueTimeout?: number) => {
    const policy = bulkhead({
      maxConcurrent,
      maxQueue: 100,
      weight: (weight: number) => weight,
      clock,
      ...(queueTimeout === undefined ? {} : { queueTimeout }),
    });
    const finishers: (() => void)[] = [];
    const started: number[] = [];
    const run = guard((weight: number) => {
      started.push(weight);
      return new Promise<number>((resolve) => finishers.push(() => resolve(weight)));
    }, policy);
    return { policy, run, started, finish: (index: number) => finishers[index]!(), clock };
  };

  it('never hands out more permits than there are', async () => {
    const { policy, run, started, finish, clock } = weighed(5);
    const calls = [run(3), run(3), run(2)];
    await clock.advance(0);
    expect(started).toEqual([3]);
    finish(0);
    await clock.advance(0);
    expect(started).toEqual([3, 3, 2]);
    expect(policy.running).toBe(5);
    finish(1);
    finish(2);
    await Promise.all(calls);
    expect(policy.running).toBe(0);
  });

  it('does not let light calls overtake a heavy one that waits', async () => {
    const { run, started, finish, clock } = weighed(4);
    void run(3);
    void run(4);
    void run(1);
    await clock.advance(0);
    expect(started).toEqual([3]);
    finish(0);
    await clock.advance(0);
    expect(started).toEqual([3, 4]);
  });

  it('lets those behind a heavy call go when it gives up waiting', async () => {
    const { policy, run, started, clock } = weighed(4, new ManualClock(), 100);
    void run(3);
    const heavy = run(4);
    await clock.advance(50);
    void run(1);
    await Promise.all([expect(heavy).rejects.toThrow(BulkheadFullError), clock.advance(50)]);
    await clock.advance(0);
    expect(started).toEqual([3, 1]);
    expect(policy.running).toBe(4);
  });

  it.each([0, 1.5, 6, Number.NaN])(
    'refuses a weight of %d, which could never be granted, and takes no permit',
    async (weight) => {
      const { policy, run } = weighed(5);
      await expect(run(weight)).rejects.toThrow(`weight must return a whole number from 1 to 5, got ${weight}`);
      expect(policy.running).toBe(0);
    },
  );

  it('holds the permits law for any course of weights', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 30 }), async (weights) => {
        const policy = bulkhead({ maxConcurrent: 4, maxQueue: 100, weight: (weight: number) => weight });
        let held = 0;
        let most = 0;
        const run = guard(async (weight: number) => {
          held += weight;
          most = Math.max(most, held);
          for (let i = 0; i < weight; i++) await undefined;
          held -= weight;
        }, policy);
        await Promise.all(weights.map(run));
        expect(most).toBeLessThanOrEqual(4);
        expect({ running: policy.running, waiting: policy.waiting }).toEqual({ running: 0, waiting: 0 });
      }),
      { numRuns: 200 },
    );
  });
});
