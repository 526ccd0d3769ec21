import { channel } from 'node:diagnostics_channel';
import { stat } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { Clock } from '../clock.js';
import { HoldfastError, RejectionError, TimeoutError } from '../errors.js';
import { guard } from '../guard.js';
import { pipeline } from '../pipeline.js';
import type { Policy } from '../policy.js';
import { ManualClock } from '../testing.js';
import { bulkhead } from './bulkhead.js';
import { circuitBreaker } from './circuit-breaker.js';
import { retry } from './retry.js';
import { timeout, type TimeoutOptions, type TimeoutPolicy } from './timeout.js';

const never = (): Promise<never> => new Promise(() => {});

/** What became of a promise, to be looked at. */
interface Watched {
  value?: unknown;
  error?: unknown;
}
function watch(promise: Promise<unknown>): Watched {
  const seen: Watched = {};
  promise.then(
    (value) => (seen.value = value),
    (error: unknown) => (seen.error = error),
  );
  return seen;
}

// Alone it runs in a shape of its own; fused, and under a caller's signal, in another.
const ways: [string, (options: TimeoutOptions) => { policy: Policy; own: TimeoutPolicy; signal?: AbortSignal }][] = [
  [
    'alone',
    (options) => {
      const own = timeout(options);
      return { policy: own, own };
    },
  ],
  [
    'inside another policy',
    (options) => {
      const own = timeout(options);
      return { policy: pipeline(bulkhead(100), own), own };
    },
  ],
  [
    "under a caller's signal",
    (options) => {
      const own = timeout(options);
      return { policy: own, own, signal: new AbortController().signal };
    },
  ],
];

describe.each(ways)('a timeout %s', (_, make) => {
  const setup = (options: Partial<TimeoutOptions> = {}) => {
    const clock = new ManualClock();
    return { clock, ...make({ duration: 100, clock, name: 'inventory', ...options }) };
  };

  it('rejects at the deadline and not before, although the operation ignores its signal', async () => {
    const { clock, policy, signal } = setup();
    const call = watch(policy.execute(never, { signal }));
    await clock.advance(99);
    expect(call).toEqual({});
    await clock.advance(1);
    expect(call.error).toBeInstanceOf(TimeoutError);
    expect(call.error).toBeInstanceOf(HoldfastError);
    expect(call.error).not.toBeInstanceOf(RejectionError);
    expect(call.error).toMatchObject({
      name: 'TimeoutError',
      code: 'HOLDFAST_TIMEOUT',
      policy: 'inventory',
      duration: 100,
      isLagged: false,
      message: 'inventory: timed out after 100 ms',
    });
  });

  it('the reason of a timed-out signal is the TimeoutError that the call rejects with', async () => {
    const { clock, policy, signal } = setup();
    let own!: AbortSignal;
    const call = watch(
      policy.execute(
        (context) => {
          own = context.signal;
          return never();
        },
        { signal },
      ),
    );
    await clock.advance(100);
    expect(own.aborted).toBe(true);
    expect(own.reason).toBe(call.error);
    expect((own.reason as Error).name).toBe('TimeoutError');
  });

  it('a signal that is first read after the deadline has aborted, with the same reason', async () => {
    const { clock, policy, signal } = setup();
    let read!: () => AbortSignal;
    const call = watch(
      policy.execute(
        (context) => {
          read = () => context.signal;
          return never();
        },
        { signal },
      ),
    );
    await clock.advance(100);
    expect(read().aborted).toBe(true);
    expect(read().reason).toBe(call.error);
  });

  it('a result in time is the result, and the clock is left alone from then on', async () => {
    const { clock, policy, signal } = setup();
    const call = watch(
      policy.execute(() => new Promise((resolve) => clock.setTimer(() => resolve('in time'), 99)), { signal }),
    );
    await clock.advance(99);
    expect(call).toEqual({ value: 'in time' });
    expect(clock.pending).toBe(0);
  });

  it("a failure in time is the operation's own error, untouched", async () => {
    const { policy, signal } = setup();
    const error = new Error('down');
    await expect(policy.execute(() => Promise.reject(error), { signal })).rejects.toBe(error);
  });

  it("a result that comes too late changes nothing, and a failure that comes too late is nobody's", async () => {
    const { clock, policy, own, signal } = setup();
    const calls = [true, false].map((isSuccess) =>
      watch(
        policy.execute(
          () =>
            new Promise((resolve, reject) => {
              clock.setTimer(() => (isSuccess ? resolve('late') : reject(new Error('late'))), 150);
            }),
          { signal },
        ),
      ),
    );
    await clock.advance(200);
    for (const { error } of calls) expect(error).toBeInstanceOf(TimeoutError);
    expect(own.snapshot()).toMatchObject({ timeouts: 2 });
  });

  it('one timed-out call does not abort the others', async () => {
    const { clock, policy, signal } = setup();
    const signals: AbortSignal[] = [];
    const start = (): Watched =>
      watch(
        policy.execute(
          (context) => {
            signals.push(context.signal);
            return never();
          },
          { signal },
        ),
      );
    const first = start();
    await clock.advance(60);
    const second = start();
    await clock.advance(40);
    expect(first.error).toBeInstanceOf(TimeoutError);
    expect(second).toEqual({});
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    await clock.advance(60);
    expect(second.error).not.toBe(first.error);
    expect(signals[1]!.reason).toBe(second.error);
  });

  it('a thousand calls share one timer', async () => {
    const { clock, policy, signal } = setup();
    const calls = Array.from({ length: 90 }, () => watch(policy.execute(never, { signal })));
    expect(clock.pending).toBe(1);
    await clock.advance(100);
    expect(calls.every(({ error }) => error instanceof TimeoutError)).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('tells the operation how much time is left', async () => {
    const { clock, policy, signal } = setup();
    const left: number[] = [];
    const call = policy.execute(
      async (context) => {
        left.push(context.remainingTime());
        await new Promise<void>((resolve) => clock.setTimer(resolve, 30));
        left.push(context.remainingTime());
        await new Promise<void>((resolve) => clock.setTimer(resolve, 100));
        left.push(context.remainingTime());
      },
      { signal },
    );
    call.catch(() => {});
    await clock.advance(200);
    expect(left).toEqual([100, 70, 0]);
  });

  it('counts and publishes what timed out', async () => {
    const { clock, policy, own, signal } = setup();
    const events: unknown[] = [];
    const note = (event: unknown): void => void events.push(event);
    channel('holdfast:timeout').subscribe(note);
    try {
      watch(policy.execute(never, { signal }));
      await clock.advance(100);
    } finally {
      channel('holdfast:timeout').unsubscribe(note);
    }
    expect(events).toEqual([{ type: 'timeout', policy: 'inventory', duration: 100, isLagged: false }]);
    expect(own.snapshot()).toEqual({
      kind: 'timeout',
      name: 'inventory',
      duration: 100,
      mode: 'hard',
      timeouts: 1,
      lagged: 0,
    });
  });

  it('an abort of the work started under its signal reaches calls inside', async () => {
    const { clock, policy, signal } = setup();
    const inner = bulkhead(1);
    const call = watch(policy.execute((context) => inner.execute(never, { signal: context.signal }), { signal }));
    await clock.advance(100);
    expect(call.error).toBeInstanceOf(TimeoutError);
    expect(inner.running).toBe(0);
  });
});

describe('a cooperative timeout', () => {
  const cooperative = (clock: ManualClock): TimeoutPolicy => timeout({ duration: 100, mode: 'cooperative', clock });

  it('aborts the signal at the deadline and waits for the operation to settle', async () => {
    const clock = new ManualClock();
    let signal!: AbortSignal;
    let finish!: (value: string) => void;
    const call = watch(
      cooperative(clock).execute((context) => {
        ({ signal } = context);
        return new Promise((resolve) => (finish = resolve));
      }),
    );
    await clock.advance(500);
    expect(signal.reason).toBeInstanceOf(TimeoutError);
    expect(call).toEqual({});
    finish('made it after all');
    await clock.advance(0);
    expect(call).toEqual({ value: 'made it after all' });
  });

  it('rejects with the TimeoutError when the operation gives up with the reason of its signal', async () => {
    const clock = new ManualClock();
    const call = watch(
      cooperative(clock).execute(
        ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      ),
    );
    await clock.advance(100);
    expect(call.error).toBeInstanceOf(TimeoutError);
  });

  it('holds the permit of a bulkhead until the work has really stopped', async () => {
    const clock = new ManualClock();
    const permits = bulkhead({ maxConcurrent: 1, clock });
    let stop!: () => void;
    watch(pipeline(permits, cooperative(clock)).execute(() => new Promise<void>((resolve) => (stop = resolve))));
    await clock.advance(300);
    expect(permits.running).toBe(1);
    stop();
    await clock.advance(0);
    expect(permits.running).toBe(0);
  });

  it('a caller who aborts is still answered at once', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const call = watch(cooperative(clock).execute(never, { signal: controller.signal }));
    controller.abort('enough');
    await clock.advance(0);
    expect(call.error).toBe('enough');
  });
});

describe('durations', () => {
  it('can come from the arguments and the object of the call', async () => {
    const clock = new ManualClock();
    class Client {
      patience = 10;
      call = guard(
        function (this: Client, _factor: number): Promise<unknown> {
          return never();
        },
        timeout({
          duration: function (this: Client, factor: number) {
            return this.patience * factor;
          } as (factor: number) => number,
          clock,
        }),
      );
    }
    const client = new Client();
    const [slow, quick] = [watch(client.call(20)), watch(client.call(3))];
    await clock.advance(30);
    expect(quick.error).toMatchObject({ duration: 30 });
    expect(slow).toEqual({});
    await clock.advance(170);
    expect(slow.error).toMatchObject({ duration: 200 });
  });

  it.each([[0], [-1], [NaN], [Infinity]])(
    'a computed duration of %d rejects the call with a RangeError',
    async (ms) => {
      const operation = vi.fn();
      const call = timeout({ duration: () => ms, name: 'inventory' }).execute(operation);
      await expect(call).rejects.toThrow(RangeError);
      await expect(call).rejects.toThrow(
        `inventory: the computed duration must be a number of milliseconds above 0 and finite, got ${ms}`,
      );
      expect(operation).not.toHaveBeenCalled();
    },
  );

  it('a computed duration that is no number rejects the call with a TypeError', async () => {
    await expect(timeout({ duration: () => '5s' as never }).execute(never)).rejects.toThrow(TypeError);
  });

  it('any number of computed durations runs at once, each call ending at its own time', async () => {
    const clock = new ManualClock();
    const call = guard((_ms: number) => never(), timeout({ duration: (ms: number) => ms, clock }));
    const ended: number[] = [];
    for (let ms = 1; ms <= 300; ms++) void call(ms).catch(() => ended.push(clock.now()));
    expect(clock.pending).toBe(300);
    // Of a duration that is in use there is one list, however many others there are.
    call(1).catch(() => {});
    expect(clock.pending).toBe(300);
    await clock.advance(400);
    expect(ended).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(clock.pending).toBe(0);
  });

  it('nest: an inner timeout never outlives the one outside, and the error names who called time', async () => {
    const clock = new ManualClock();
    const total = timeout({ duration: 250, name: 'total', clock });
    const attempt = timeout({ duration: 100, name: 'attempt', clock });
    const again = retry({ maxAttempts: 9, baseDelay: 10, backoff: 'constant', jitter: false, clock });
    const signals: AbortSignal[] = [];
    const call = watch(
      pipeline(total, again, attempt).execute(({ signal }) => {
        signals.push(signal);
        return never();
      }),
    );
    await clock.advance(1000);
    expect(call.error).toMatchObject({ policy: 'total' });
    expect(signals.map(({ reason }) => (reason as TimeoutError).policy)).toEqual(['attempt', 'attempt', 'total']);
    expect(total.snapshot()).toMatchObject({ timeouts: 1 });
    expect(attempt.snapshot()).toMatchObject({ timeouts: 2 });
    expect(clock.pending).toBe(0);
  });
});

describe('a blocked event loop', () => {
  /** A clock whose timers fire late by as much as it is told. */
  class LateClock extends ManualClock {
    late = 0;
    override setTimer(callback: () => void, delay: number, options?: { keepAlive?: boolean }) {
      void options;
      return super.setTimer(callback, delay + this.late);
    }
  }

  it('a timeout that fires late by half its duration is lagged, and the circuit does not count it', async () => {
    const clock = new LateClock();
    const breaker = circuitBreaker({ failureThreshold: 1, clock });
    const own = timeout({ duration: 100, clock });
    clock.late = 50;
    const call = watch(pipeline(breaker, own).execute(never));
    await clock.advance(150);
    expect(call.error).toMatchObject({ code: 'HOLDFAST_TIMEOUT', isLagged: true });
    expect(breaker.state).toBe('closed');
    expect(own.snapshot()).toMatchObject({ timeouts: 1, lagged: 1 });
  });

  it('a timeout that fires a little late is a timeout', async () => {
    const clock = new LateClock();
    const breaker = circuitBreaker({ failureThreshold: 1, clock });
    clock.late = 40;
    const call = watch(pipeline(breaker, timeout({ duration: 100, clock })).execute(never));
    await clock.advance(150);
    expect(call.error).toMatchObject({ isLagged: false });
    expect(breaker.state).toBe('open');
  });

  it('an answer that arrived while the loop was blocked is the answer', async () => {
    const call = timeout(20).execute(
      () =>
        new Promise((resolve, reject) => {
          stat('.', (error, found) => (error ? reject(error) : resolve(found.isDirectory())));
          // The answer is there long before the loop gets to look at it, and so is the deadline.
          setImmediate(() => {
            const until = performance.now() + 120;
            while (performance.now() < until);
          });
        }),
    );
    await expect(call).resolves.toBe(true);
  });

  it('under a clock that cannot tell when a poll is over, a late timer ends its calls at once', async () => {
    const manual = new ManualClock();
    const clock: Clock = {
      now: () => manual.now(),
      setTimer: (callback, delay) => manual.setTimer(callback, delay + 30),
      afterPoll: () => false,
    };
    const call = watch(timeout({ duration: 100, clock }).execute(never));
    await manual.advance(130);
    expect(call.error).toBeInstanceOf(TimeoutError);
  });
});

describe('options', () => {
  const allowed = 'a number of milliseconds above 0 and finite';
  it.each([
    [0, RangeError, `timeout: duration must be ${allowed}, got 0`],
    [-5, RangeError, `timeout: duration must be ${allowed}, got -5`],
    [NaN, RangeError, `timeout: duration must be ${allowed}, got NaN`],
    [Infinity, RangeError, `timeout: duration must be ${allowed}, got Infinity`],
    [undefined, TypeError, 'timeout: options must be an object, got undefined'],
    [null, TypeError, 'timeout: options must be an object, got null'],
    ['5s', TypeError, 'timeout: options must be an object, got "5s"'],
    [[100], TypeError, 'timeout: options must be an object, got an array'],
    [{}, TypeError, 'timeout: duration is missing; it must be a number of milliseconds above 0'],
    [{ duration: 0 }, RangeError, `timeout: duration must be ${allowed} or a function, got 0`],
    [{ duration: '5s' }, TypeError, `timeout: duration must be ${allowed} or a function, got "5s"`],
    [{ duration: 1, mode: 'soft' }, RangeError, 'timeout: mode must be one of "hard", "cooperative", got "soft"'],
    [{ duration: 1, mode: true }, TypeError, 'timeout: mode must be one of "hard", "cooperative", got true'],
    [{ duration: 1, name: '' }, RangeError, 'timeout: name must be a non-empty string, got ""'],
    [{ duration: 1, name: 5 }, TypeError, 'timeout: name must be a non-empty string, got 5'],
    [
      { duration: 1, clock: null },
      TypeError,
      'timeout: clock must be a clock (an object with now and setTimer), got null',
    ],
    [
      { duration: 1, clock: Date },
      TypeError,
      'timeout: clock must be a clock (an object with now and setTimer), got the function Date',
    ],
    [
      { duration: 1, clock: {} },
      TypeError,
      'timeout: clock must be a clock (an object with now and setTimer), got an object',
    ],
    [
      { duratoin: 1 },
      TypeError,
      'timeout: unknown option "duratoin", did you mean "duration"? Allowed: duration, mode',
    ],
    [{ duration: 1, ms: 1 }, TypeError, 'timeout: unknown option "ms". Allowed: duration, mode, name, clock'],
  ])('%o cannot work, and says so at once', (options, type, message) => {
    const make = (): unknown => timeout(options as TimeoutOptions);
    expect(make).toThrow(type);
    expect(make).toThrow(message);
  });

  it('a number is the duration', () => {
    expect(timeout(50).snapshot()).toMatchObject({ duration: 50, mode: 'hard', name: 'timeout' });
  });

  it('an option that is undefined counts as absent', () => {
    expect(() => timeout({ duration: 50, name: undefined, mode: undefined, clock: undefined } as never)).not.toThrow();
  });
});
