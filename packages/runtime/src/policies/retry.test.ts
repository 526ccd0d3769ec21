import { channel } from 'node:diagnostics_channel';
import { describe, expect, it, vi } from 'vitest';
import { RetryBudgetExhaustedError, TimeoutError } from '../errors.js';
import type { OperationContext } from '../engine/operation-context.js';
import { pipeline } from '../pipeline.js';
import { ManualClock, seededRandom } from '../testing.js';
import { bulkhead } from './bulkhead.js';
import { retry, type RetryOptions } from './retry.js';
import { retryBudget } from './retry-budget.js';
import { attemptErrors } from './retrying.js';
import { timeout } from './timeout.js';

const down = new Error('down');
const never = (): Promise<never> => new Promise(() => {});

interface Course {
  clock: ManualClock;
  /** When each attempt began. */
  starts: number[];
  contexts: OperationContext[];
  /** What came of the call: waits as long as it takes. */
  outcome: Promise<{ value: unknown } | { error: unknown }>;
  settledAt: () => number | undefined;
}

/** Runs a call whose attempts fail with, or return, what is given; the last of it again and again. */
function course(options: RetryOptions, outcomes: (() => unknown)[], signal?: AbortSignal): Course {
  const clock = new ManualClock();
  const starts: number[] = [];
  const contexts: OperationContext[] = [];
  let at: number | undefined;
  const call = retry({ jitter: false, clock, ...options }).execute(
    (context) => {
      starts.push(clock.now());
      contexts.push(context);
      return outcomes[Math.min(starts.length, outcomes.length) - 1]!();
    },
    { signal },
  );
  const outcome = call.then(
    (value) => {
      at = clock.now();
      return { value };
    },
    (error: unknown) => {
      at = clock.now();
      return { error };
    },
  );
  return { clock, starts, contexts, outcome, settledAt: () => at };
}
const fails =
  (...given: unknown[]) =>
  (): Promise<never> =>
    Promise.reject((given.length > 0 ? given[0] : down) as Error);
const returns = (value: unknown) => (): unknown => value;

describe('a retry', () => {
  it('runs the operation again until it succeeds', async () => {
    const { clock, starts, contexts, outcome } = course({ maxAttempts: 5 }, [fails(), fails(), returns('at last')]);
    await clock.advance(60_000);
    expect(await outcome).toEqual({ value: 'at last' });
    expect(starts).toEqual([0, 1000, 3000]);
    expect(contexts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(clock.pending).toBe(0);
  });

  it('gives up after three attempts by default, with the last error untouched', async () => {
    const errors = [new Error('one'), new Error('two'), new Error('three')];
    const { clock, starts, outcome } = course(
      {},
      errors.map((error) => fails(error)),
    );
    await clock.advance(60_000);
    expect(starts).toHaveLength(3);
    const result = (await outcome) as { error: unknown };
    expect(result.error).toBe(errors[2]);
    expect(attemptErrors(result.error)).toEqual(errors);
  });

  it('repeats what throws synchronously too', async () => {
    let attempts = 0;
    const call = retry({ baseDelay: 0 }).execute(() => {
      if (++attempts < 3) throw down;
      return attempts;
    });
    await expect(call).resolves.toBe(3);
  });

  it('of one attempt is none', async () => {
    const { starts, outcome } = course({ maxAttempts: 1 }, [fails()]);
    expect(await outcome).toEqual({ error: down });
    expect(starts).toHaveLength(1);
    expect(attemptErrors(down)).toEqual([]);
  });

  // p-retry replaces it by a TypeError and gives up.
  it.each([['text'], [404], [undefined], [null], [{ reason: 'busy' }]])(
    'a rejection with %o, which is no Error, passes through untouched and is retried',
    async (reason) => {
      const { clock, starts, outcome } = course({ maxAttempts: 3 }, [fails(reason)]);
      await clock.advance(60_000);
      expect(starts).toHaveLength(3);
      expect(await outcome).toEqual({ error: reason });
    },
  );

  it('each attempt of each call is its own: calls at once do not share their count', async () => {
    const clock = new ManualClock();
    const policy = retry({ maxAttempts: 2, clock });
    const counts = new Map<number, number>();
    const calls = Array.from({ length: 5 }, (_, index) =>
      policy
        .execute(() => {
          counts.set(index, (counts.get(index) ?? 0) + 1);
          throw down;
        })
        .catch(() => {}),
    );
    await clock.advance(10_000);
    await Promise.all(calls);
    expect([...counts.values()]).toEqual([2, 2, 2, 2, 2]);
  });

  it('counts its retries, and the calls that it could not save', async () => {
    const clock = new ManualClock();
    const policy = retry({ maxAttempts: 3, clock, name: 'inventory' });
    let attempts = 0;
    const saved = policy.execute(() => (++attempts < 3 ? fails()() : 'saved'));
    const lost = policy.execute(fails()).catch(() => {});
    await clock.advance(60_000);
    await Promise.all([saved, lost]);
    expect(policy.snapshot()).toEqual({ kind: 'retry', name: 'inventory', maxAttempts: 3, retries: 4, exhausted: 1 });
  });

  it('publishes each retry', async () => {
    const events: unknown[] = [];
    const note = (event: unknown): void => void events.push(event);
    channel('holdfast:retry').subscribe(note);
    try {
      const { clock, outcome } = course(
        { maxAttempts: 3, name: 'inventory', retryOnResult: (value) => value === 503 },
        [fails(), returns(503), returns(200)],
      );
      await clock.advance(60_000);
      await outcome;
    } finally {
      channel('holdfast:retry').unsubscribe(note);
    }
    expect(events).toEqual([
      { type: 'retry', policy: 'inventory', attempt: 2, delay: 1000, error: down },
      { type: 'retry', policy: 'inventory', attempt: 3, delay: 2000, result: 503 },
    ]);
  });
});

describe('what is worth another try', () => {
  const attemptsFor = async (error: unknown, options: RetryOptions = {}): Promise<number> => {
    const { clock, starts, outcome } = course({ maxAttempts: 2, ...options }, [fails(error)]);
    await clock.advance(60_000);
    expect(await outcome).toEqual({ error });
    return starts.length;
  };

  it.each([
    ['an error', down, 2],
    ['a timeout', new TimeoutError({ policy: 'p', duration: 5 }), 2],
    ['a network failure of fetch', new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }), 2],
    ['status 500', Object.assign(new Error(), { status: 500 }), 2],
    ['status 408', Object.assign(new Error(), { statusCode: 408 }), 2],
    ['status 429', Object.assign(new Error(), { response: { status: 429 } }), 2],
    ['status 404', Object.assign(new Error(), { status: 404 }), 1],
    ['a bug (TypeError)', new TypeError('x is not a function'), 1],
    ['a bug (ReferenceError)', new ReferenceError('x is not defined'), 1],
  ])('%s: %o is tried %i times', async (_, error, expected) => {
    expect(await attemptsFor(error)).toBe(expected);
  });

  it('is for `retryIf` to say, which is told the error and the number of the attempt', async () => {
    const retryIf = vi.fn((error: unknown, attempt: number) => error === down && attempt < 3);
    expect(await attemptsFor(down, { maxAttempts: 9, retryIf })).toBe(3);
    expect(retryIf.mock.calls).toEqual([
      [down, 1],
      [down, 2],
      [down, 3],
    ]);
    expect(await attemptsFor(new TypeError('bug'), { retryIf: () => true })).toBe(2);
  });

  it('a `retryIf` that throws does not change the outcome, and is a warning of the process', async () => {
    const warnings: (Error & { code?: string })[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    try {
      const retryIf = (): never => {
        throw new Error('my bug');
      };
      expect(await attemptsFor(down, { retryIf, name: 'inventory' })).toBe(1);
      await new ManualClock().advance(0);
      expect(warnings.map(({ code, message }) => [code, message])).toEqual([
        ['HOLDFAST_CALLBACK', 'inventory: retryIf threw'],
      ]);
    } finally {
      process.off('warning', note);
    }
  });

  it('a result can be, where `retryOnResult` says so; the last one is the result all the same', async () => {
    const options: RetryOptions = {
      maxAttempts: 3,
      retryOnResult: (response: { status: number }) => response.status >= 500,
    };
    const saved = course(options, [returns({ status: 503 }), returns({ status: 200 })]);
    await saved.clock.advance(60_000);
    expect(await saved.outcome).toEqual({ value: { status: 200 } });
    const lost = course(options, [returns({ status: 503 })]);
    await lost.clock.advance(60_000);
    expect(await lost.outcome).toEqual({ value: { status: 503 } });
    expect(lost.starts).toHaveLength(3);
  });

  it('a result and an error can take turns', async () => {
    const { clock, starts, outcome } = course({ maxAttempts: 4, retryOnResult: (value) => value === 'bad' }, [
      returns('bad'),
      fails(),
      returns('bad'),
      returns('good'),
    ]);
    await clock.advance(60_000);
    expect(await outcome).toEqual({ value: 'good' });
    expect(starts).toHaveLength(4);
  });
});

describe('the back-off', () => {
  it.each([
    [{ backoff: 'exponential' }, [0, 100, 300, 700, 1500]],
    [{ backoff: 'exponential', backoffMultiplier: 3 }, [0, 100, 400, 1300, 4000]],
    [{ backoff: 'linear' }, [0, 100, 300, 600, 1000]],
    [{ backoff: 'constant' }, [0, 100, 200, 300, 400]],
    [{ backoff: 'fibonacci' }, [0, 100, 200, 400, 700]],
    [{ backoff: 'exponential', maxDelay: 250 }, [0, 100, 300, 550, 800]],
    [{ delay: (_: unknown, attempt: number) => attempt * 7 }, [0, 7, 21, 42, 70]],
    [{ delay: (_: unknown, attempt: number) => (attempt === 2 ? 5 : undefined) }, [0, 100, 105, 505, 1305]],
    [{ delay: (_: unknown, attempt: number, waited: number) => attempt ** 3 - waited }, [0, 1, 8, 27, 64]],
    [
      { delay: (_: unknown, attempt: number, waited: number) => (attempt > 2 ? waited : undefined) },
      [0, 100, 300, 600, 1200],
    ],
  ] as const)('%o sets the pace', async (options, expected) => {
    const { clock, starts, outcome } = course({ maxAttempts: 5, baseDelay: 100, ...options }, [fails()]);
    await clock.advance(60_000);
    await outcome;
    expect(starts).toEqual(expected);
  });

  it.each([
    ['full', 0, 1],
    [true, 0, 1],
    ['equal', 0.5, 1],
    ['decorrelated', 0, Infinity],
  ] as const)('jitter %o stays within its bounds', async (jitter, least, most) => {
    for (let seed = 0; seed < 20; seed++) {
      const { clock, starts, outcome } = course(
        { maxAttempts: 6, baseDelay: 100, maxDelay: 1000, jitter, random: seededRandom(seed) },
        [fails()],
      );
      await clock.advance(60_000);
      await outcome;
      const plain = [100, 200, 400, 800, 1000];
      starts.slice(1).forEach((start, index) => {
        const delay = start - starts[index]!;
        expect(delay).toBeLessThanOrEqual(Math.min(1000, plain[index]! * most) + 1e-9);
        expect(delay).toBeGreaterThanOrEqual((jitter === 'decorrelated' ? 100 : plain[index]! * least) - 1e-9);
      });
    }
  });

  it('is jittered by default', async () => {
    const { clock, starts, outcome } = course({ maxAttempts: 2, jitter: true, random: () => 0.25 }, [fails()]);
    await clock.advance(60_000);
    await outcome;
    expect(starts).toEqual([0, 250]);
  });

  it('a `delay` that throws, or returns what is no delay, is passed over with a warning', async () => {
    const warnings: string[] = [];
    const note = (warning: Error & { detail?: string }): void => void warnings.push(String(warning.detail));
    process.on('warning', note);
    try {
      for (const delay of [() => NaN, () => -1, () => Infinity, () => '1s']) {
        const { clock, starts, outcome } = course({ maxAttempts: 2, delay: delay as () => number }, [fails()]);
        await clock.advance(60_000);
        await outcome;
        expect(starts).toEqual([0, 1000]);
      }
      await new ManualClock().advance(0);
      expect(warnings.length).toBeGreaterThanOrEqual(3);
      expect(warnings[0]).toContain('delay must return a number of milliseconds, 0 or more and finite, got NaN');
    } finally {
      process.off('warning', note);
    }
  });

  // cockatiel waits the delay out and then calls the function again.
  it('an abort during the back-off ends the call at once and runs nothing more', async () => {
    const controller = new AbortController();
    const { clock, starts, outcome, settledAt } = course(
      { maxAttempts: 3, baseDelay: 5000 },
      [fails()],
      controller.signal,
    );
    await clock.advance(100);
    controller.abort('enough');
    await clock.advance(0);
    expect(settledAt()).toBe(100);
    expect(await outcome).toEqual({ error: 'enough' });
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(starts).toEqual([0]);
  });

  it('an abort in the very turn in which the back-off ends runs nothing more', async () => {
    const controller = new AbortController();
    class Clock extends ManualClock {
      override setTimer(callback: () => void, delay: number) {
        return super.setTimer(() => {
          callback();
          controller.abort('enough');
        }, delay);
      }
    }
    const clock = new Clock();
    let attempts = 0;
    const call = retry({ baseDelay: 1000, jitter: false, clock }).execute(
      () => {
        attempts++;
        throw down;
      },
      { signal: controller.signal },
    );
    call.catch(() => {});
    await clock.advance(1000);
    await expect(call).rejects.toBe('enough');
    expect(attempts).toBe(1);
  });

  it('an abort during an attempt is not retried', async () => {
    const controller = new AbortController();
    const { clock, starts, outcome } = course({ maxAttempts: 3 }, [never], controller.signal);
    controller.abort('enough');
    expect(await outcome).toEqual({ error: 'enough' });
    await clock.advance(60_000);
    expect(starts).toEqual([0]);
  });

  it('a failure that comes of the abort is answered with the reason of the caller', async () => {
    const controller = new AbortController();
    const { outcome, starts } = course(
      { maxAttempts: 3, baseDelay: 0 },
      [
        () => {
          controller.abort('enough');
          throw new Error('cut off');
        },
      ],
      controller.signal,
    );
    expect(await outcome).toEqual({ error: 'enough' });
    expect(starts).toHaveLength(1);
  });

  // Without a turn of the event loop in between, neither a timer nor an abort could ever end it.
  it('of no delay leaves the event loop room, so that even endless retries can be stopped', async () => {
    const controller = new AbortController();
    setImmediate(() => controller.abort('enough'));
    let attempts = 0;
    const call = retry({ maxAttempts: Infinity, baseDelay: 0 }).execute(
      () => {
        if (++attempts > 1e6) throw new TypeError('starved');
        throw down;
      },
      { signal: controller.signal },
    );
    await expect(call).rejects.toBe('enough');
  });
});

describe('Retry-After', () => {
  const T0 = Date.UTC(2030, 0, 1);
  const waitFor = async (error: unknown, options: RetryOptions = {}): Promise<number[]> => {
    const now = vi.spyOn(Date, 'now').mockReturnValue(T0);
    try {
      const { clock, starts, outcome } = course({ maxAttempts: 2, baseDelay: 100, ...options }, [fails(error)]);
      await clock.advance(120_000);
      await outcome;
      return starts;
    } finally {
      now.mockRestore();
    }
  };

  it.each([
    ['seconds', { headers: { 'retry-after': '7' } }, 7000],
    ['a number', { headers: { 'retry-after': 2 } }, 2000],
    ['a fraction of seconds', { headers: { 'retry-after': '0.25' } }, 250],
    ['a date', { headers: { 'retry-after': new Date(T0 + 9000).toUTCString() } }, 9000],
    ['a date that is over', { headers: { 'retry-after': new Date(T0 - 9000).toUTCString() } }, 100],
    ['Headers of fetch', { headers: new Headers({ 'Retry-After': '3' }) }, 3000],
    ['the response of axios', { response: { status: 503, headers: { 'retry-after': '4' } } }, 4000],
    ['a Map', { headers: new Map([['retry-after', '5']]) }, 5000],
    ['RateLimit-Reset', { headers: { 'ratelimit-reset': '6' } }, 6000],
    ['both, of which Retry-After is meant', { headers: { 'ratelimit-reset': '6', 'retry-after': '5' } }, 5000],
    ['less than the back-off', { headers: { 'retry-after': '0' } }, 100],
    ['nonsense', { headers: { 'retry-after': 'soon' } }, 100],
    ['nothing', { headers: { 'retry-after': '' } }, 100],
    ['a negative number', { headers: { 'retry-after': '-5' } }, 100],
    ['no headers', {}, 100],
  ])('as %s sets the delay', async (_, facts, expected) => {
    expect(await waitFor(Object.assign(new Error('busy'), facts))).toEqual([0, expected]);
  });

  it('of a result counts as well', async () => {
    const response = { status: 429, headers: new Headers({ 'retry-after': '3' }) };
    const { clock, starts, outcome } = course(
      { maxAttempts: 2, baseDelay: 100, retryOnResult: ({ status }: Response) => status === 429 },
      [returns(response), returns('fine')],
    );
    await clock.advance(60_000);
    await outcome;
    expect(starts).toEqual([0, 3000]);
  });

  it('beyond the longest delay ends the retries: coming back earlier would only add to the load', async () => {
    expect(await waitFor(Object.assign(new Error('busy'), { headers: { 'retry-after': '31' } }))).toEqual([0]);
    expect(
      await waitFor(Object.assign(new Error('busy'), { headers: { 'retry-after': '31' } }), { maxDelay: 40_000 }),
    ).toEqual([0, 31_000]);
  });

  it('gives way to a delay of your own', async () => {
    expect(
      await waitFor(Object.assign(new Error('busy'), { headers: { 'retry-after': '31' } }), { delay: () => 5 }),
    ).toEqual([0, 5]);
  });
});

describe('limits', () => {
  it('no retry begins later than `maxElapsed` after the call did', async () => {
    const { clock, starts, outcome, settledAt } = course(
      { maxAttempts: Infinity, baseDelay: 100, backoff: 'constant', maxElapsed: 350 },
      [fails()],
    );
    await clock.advance(10_000);
    expect(await outcome).toEqual({ error: down });
    expect(starts).toEqual([0, 100, 200, 300]);
    expect(settledAt()).toBe(300);
  });

  it('the time that attempts take counts too', async () => {
    const clock = new ManualClock();
    const starts: number[] = [];
    const call = retry({ maxAttempts: 9, baseDelay: 100, jitter: false, maxElapsed: 1000, clock }).execute(() => {
      starts.push(clock.now());
      return new Promise((_, reject) => clock.setTimer(() => reject(down), 400));
    });
    call.catch(() => {});
    await clock.advance(10_000);
    await expect(call).rejects.toBe(down);
    expect(starts).toEqual([0, 500]);
  });

  it('never sleeps into a certain timeout: the failure is the answer at once', async () => {
    const clock = new ManualClock();
    let attempts = 0;
    const call = pipeline(
      timeout({ duration: 1000, clock }),
      retry({ maxAttempts: 9, baseDelay: 600, jitter: false, clock }),
    ).execute(() => {
      attempts++;
      throw down;
    });
    call.catch(() => {});
    await clock.advance(600);
    await expect(call).rejects.toBe(down);
    expect(attempts).toBe(2);
    expect(clock.now()).toBe(600);
  });

  it('a timeout outside ends the back-off', async () => {
    const clock = new ManualClock();
    const call = pipeline(
      timeout({ duration: 1000, clock }),
      retry({ maxAttempts: 9, delay: (_, attempt) => (attempt === 1 ? 999 : 0), clock }),
    ).execute(({ attempt }) => (attempt === 1 ? fails()() : never()));
    const rejected = expect(call).rejects.toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
    await clock.advance(1000);
    await rejected;
    expect(clock.pending).toBe(0);
  });
});

describe('a budget', () => {
  it('bounds the retries of all policies that share it, and says what failed', async () => {
    const clock = new ManualClock();
    const budget = retryBudget({ ratio: 0.5, minPerSecond: 0, clock });
    const policies = ['a', 'b'].map((name) => retry({ maxAttempts: 9, baseDelay: 0, budget, clock, name }));
    let attempts = 0;
    const errors: unknown[] = [];
    for (let i = 0; i < 10; i++) {
      await policies[i % 2]!.execute(() => {
        attempts++;
        throw down;
      }).catch((error: unknown) => errors.push(error));
    }
    expect(attempts).toBe(15);
    expect(errors.every((error) => error instanceof RetryBudgetExhaustedError)).toBe(true);
    expect(errors[1]).toMatchObject({ code: 'HOLDFAST_RETRY_BUDGET', policy: 'b', cause: down });
  });

  it('given as options is one of this policy alone, on its clock', async () => {
    const clock = new ManualClock();
    const policy = retry({ maxAttempts: 3, baseDelay: 0, budget: { minPerSecond: 1 }, clock });
    const attempt = async (): Promise<unknown> => policy.execute(fails()).catch((error: unknown) => error);
    expect(await attempt()).toBeInstanceOf(RetryBudgetExhaustedError);
    expect(policy.snapshot()).toMatchObject({ retries: 1 });
    await clock.advance(1000);
    await attempt();
    expect(policy.snapshot()).toMatchObject({ retries: 2 });
  });

  it('that is used up keeps the errors of the attempts', async () => {
    const errors = [new Error('one'), new Error('two'), new Error('three')];
    const { clock, outcome } = course(
      { maxAttempts: 9, baseDelay: 10, backoff: 'constant', budget: { minPerSecond: 2 } },
      errors.map((error) => fails(error)),
    );
    await clock.advance(100);
    const { error } = (await outcome) as { error: RetryBudgetExhaustedError };
    expect(error.cause).toBe(errors[2]);
    expect(attemptErrors(error)).toEqual(errors);
  });

  it('is not touched by calls that succeed, other than to earn', async () => {
    const budget = { deposit: vi.fn(), withdraw: vi.fn(() => true) };
    await retry({ budget }).execute(() => 'fine');
    expect(budget.deposit).toHaveBeenCalledTimes(1);
    expect(budget.withdraw).not.toHaveBeenCalled();
  });

  it('is not drawn on for a failure that is not retried anyway', async () => {
    const budget = { deposit: vi.fn(), withdraw: vi.fn(() => true) };
    await retry({ budget, maxAttempts: 9 })
      .execute(() => {
        throw new TypeError('bug');
      })
      .catch(() => {});
    const clock = new ManualClock();
    const inTime = pipeline(timeout({ duration: 50, clock }), retry({ budget, baseDelay: 100, jitter: false, clock }));
    await inTime.execute(fails()).catch(() => {});
    expect(budget.withdraw).not.toHaveBeenCalled();
  });
});

describe('the errors of attempts', () => {
  it('are kept up to the last ten, oldest first', async () => {
    const { clock, outcome } = course({ maxAttempts: 25, baseDelay: 1, maxDelay: 1 }, [
      ...Array.from({ length: 25 }, (_, index) => fails(new Error(String(index + 1)))),
    ]);
    await clock.advance(1000);
    const { error } = (await outcome) as { error: Error };
    expect(attemptErrors(error).map((each) => (each as Error).message)).toEqual(
      Array.from({ length: 10 }, (_, index) => String(16 + index)),
    );
  });

  it('of a call that was not retried are none', async () => {
    const { outcome } = course({}, [fails(new TypeError('bug'))]);
    const { error } = (await outcome) as { error: Error };
    expect(attemptErrors(error)).toEqual([]);
  });

  it.each([undefined, null, 'text', 5])('of %o are none', (value) => {
    expect(attemptErrors(value)).toEqual([]);
  });
});

describe('the signals of attempts', () => {
  it('are fresh for each: a zombie of attempt 1 never sees what becomes of attempt 2', async () => {
    const clock = new ManualClock();
    const contexts: OperationContext[] = [];
    const call = pipeline(
      retry({ maxAttempts: 3, baseDelay: 50, backoff: 'constant', jitter: false, clock }),
      timeout({ duration: 100, clock }),
    ).execute((context) => {
      contexts.push(context);
      return contexts.length < 3 ? never() : 'fine';
    });
    await clock.advance(150);
    const [first, second] = contexts as [OperationContext, OperationContext];
    expect(first.signal.aborted).toBe(true);
    expect(second.signal.aborted).toBe(false);
    expect(second.signal).not.toBe(first.signal);
    const reasonOfFirst: unknown = first.signal.reason;
    await clock.advance(150);
    await expect(call).resolves.toBe('fine');
    expect(first.signal.reason).toBe(reasonOfFirst);
    expect(second.signal.reason).not.toBe(reasonOfFirst);
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true, true, false]);
    expect(contexts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('do not abort because an attempt failed by itself', async () => {
    const { clock, contexts, outcome } = course({ maxAttempts: 2 }, [fails(), returns('fine')]);
    await clock.advance(60_000);
    await outcome;
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([false, false]);
  });

  it('an abort reaches the attempt that runs, not those that are over', async () => {
    const controller = new AbortController();
    const { clock, contexts, outcome } = course({ maxAttempts: 2 }, [fails(), never], controller.signal);
    await clock.advance(1000);
    controller.abort('enough');
    expect(await outcome).toEqual({ error: 'enough' });
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([false, true]);
  });
});

describe('retries around retries', () => {
  it('multiply, each with its own count', async () => {
    const clock = new ManualClock();
    const seen: number[] = [];
    const call = pipeline(
      retry({ maxAttempts: 2, baseDelay: 0, clock }),
      bulkhead(1),
      retry({ maxAttempts: 3, baseDelay: 0, clock }),
    ).execute(({ attempt }) => {
      seen.push(attempt);
      throw down;
    });
    await expect(call).rejects.toBe(down);
    expect(seen).toEqual([1, 2, 3, 1, 2, 3]);
  });
});

describe('options', () => {
  const delay = 'a number of milliseconds, 0 or more and finite';
  const attempts = 'a whole number of at least 1, or Infinity';
  it.each([
    [0, RangeError, `maxAttempts must be ${attempts}, got 0`],
    ['3', TypeError, 'options must be an object, got "3"'],
    [null, TypeError, 'options must be an object, got null'],
    [{ maxAttempts: 0 }, RangeError, `maxAttempts must be ${attempts}, got 0`],
    [{ maxAttempts: 2.5 }, RangeError, `maxAttempts must be ${attempts}, got 2.5`],
    [{ maxAttempts: '3' }, TypeError, `maxAttempts must be ${attempts}, got "3"`],
    [{ baseDelay: -1 }, RangeError, `baseDelay must be ${delay}, got -1`],
    [{ baseDelay: '1s' }, TypeError, `baseDelay must be ${delay}, got "1s"`],
    [{ maxDelay: Infinity }, RangeError, `maxDelay must be ${delay}, got Infinity`],
    [{ maxDelay: NaN }, RangeError, `maxDelay must be ${delay}, got NaN`],
    [{ baseDelay: 200, maxDelay: 100 }, RangeError, 'baseDelay must be at most maxDelay (100), got 200'],
    [
      { backoff: 'quadratic' },
      RangeError,
      'backoff must be one of "exponential", "linear", "constant", "fibonacci", got "quadratic"',
    ],
    [{ backoff: 2 }, TypeError, 'backoff must be one of'],
    [{ backoffMultiplier: 0.5 }, RangeError, 'backoffMultiplier must be a finite number of at least 1, got 0.5'],
    [{ jitter: 'half' }, RangeError, 'jitter must be one of true, false, "full", "equal", "decorrelated", got "half"'],
    [{ jitter: 0.5 }, TypeError, 'jitter must be one of true, false, "full", "equal", "decorrelated", got 0.5'],
    [{ maxElapsed: 0 }, RangeError, 'maxElapsed must be a number of milliseconds above 0, or Infinity, got 0'],
    [{ maxElapsed: '1m' }, TypeError, 'maxElapsed must be a number of milliseconds above 0, or Infinity, got "1m"'],
    [{ retryIf: [503] }, TypeError, 'retryIf must be a function, got an array'],
    [{ retryOnResult: true }, TypeError, 'retryOnResult must be a function, got true'],
    [{ delay: 500 }, TypeError, 'delay must be a function, got 500'],
    [{ budget: 0.1 }, TypeError, 'budget must be an object, got 0.1'],
    [{ name: '' }, RangeError, 'name must be a non-empty string, got ""'],
    [{ clock: {} }, TypeError, 'clock must be a clock (an object with now and setTimer), got an object'],
    [{ random: 4 }, TypeError, 'random must be a function, got 4'],
    [{ maxAttemps: 3 }, TypeError, 'unknown option "maxAttemps", did you mean "maxAttempts"?'],
    [{ dely: () => 5 }, TypeError, 'unknown option "dely", did you mean "delay"?'],
    [{ retries: 3 }, TypeError, 'unknown option "retries". Allowed: maxAttempts, baseDelay, maxDelay, backoff,'],
  ])('%o cannot work, and says so at once', (options, type, message) => {
    const make = (): unknown => retry(options as RetryOptions);
    expect(make).toThrow(type);
    expect(make).toThrow(`retry: ${message}`);
  });

  it('those of a budget are checked as well', () => {
    expect(() => retry({ budget: { ratio: 5 } })).toThrow(
      'retryBudget: ratio must be a number above 0 and at most 1, got 5',
    );
    expect(() => retry({ budget: { ratoi: 0.5 } as never })).toThrow('retryBudget: unknown option "ratoi"');
  });

  it('a number is how many attempts there are', () => {
    expect(retry(7).snapshot()).toMatchObject({ maxAttempts: 7 });
  });

  it('a base delay above the usual longest one moves that up', async () => {
    const { clock, starts, outcome } = course({ maxAttempts: 2, baseDelay: 60_000 }, [fails()]);
    await clock.advance(100_000);
    await outcome;
    expect(starts).toEqual([0, 60_000]);
  });
});

describe('answers of callbacks', () => {
  const failing = () => Promise.reject(new Error('down'));

  it('any true value is a yes', async () => {
    let runs = 0;
    const policy = retry({ maxAttempts: 3, baseDelay: 0, retryIf: ((error: Error) => error.message) as never });
    await expect(policy.execute(() => (runs++, failing()))).rejects.toThrow('down');
    expect(runs).toBe(3);
  });

  // A promise is never `true`, and always truthy: either reading of it would be silently wrong.
  it('one that comes later is a warning, and a no', async () => {
    const warned = new Promise<Error & { detail?: string }>((resolve) => process.once('warning', resolve));
    let runs = 0;
    const policy = retry({ maxAttempts: 3, baseDelay: 0, retryIf: (async () => true) as never });
    await expect(policy.execute(() => (runs++, failing()))).rejects.toThrow('down');
    expect(runs).toBe(1);
    expect((await warned).detail).toContain('it must answer at once');
  });

  it('a refused result is returned when the budget has no retry left', async () => {
    const empty = { deposit() {}, withdraw: () => false };
    const policy = retry({ maxAttempts: 3, baseDelay: 0, retryOnResult: (value: number) => value > 1, budget: empty });
    await expect(policy.execute(() => Promise.resolve(503))).resolves.toBe(503);
  });
});
