import { AsyncLocalStorage } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { channel } from 'node:diagnostics_channel';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { RejectionError } from '../errors.js';
import { pipeline } from '../pipeline.js';
import type { Operation, Policy } from '../policy.js';
import { bulkhead } from '../policies/bulkhead.js';
import { circuitBreaker } from '../policies/circuit-breaker.js';
import { hedge } from '../policies/hedge.js';
import { rateLimit } from '../policies/rate-limit.js';
import { retry } from '../policies/retry.js';
import { timeout } from '../policies/timeout.js';
import { ManualClock } from '../testing.js';
import type { OperationContext } from './operation-context.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Deferred<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
}

function deferred<T = unknown>(): Deferred<T> {
  const parts = {} as Deferred<T>;
  parts.promise = new Promise<T>((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

/** Each built-in way to run an operation: alone, fused, and around each other. */
const shapes = (clock: ManualClock): [string, Policy][] => [
  ['a retry', retry({ maxAttempts: 1, clock })],
  ['a circuit breaker', circuitBreaker({ failureThreshold: 99, clock })],
  ['a bulkhead', bulkhead({ maxConcurrent: 9, clock })],
  ['a rate limit', rateLimit({ limit: 99, clock })],
  ['a timeout', timeout({ duration: 1000, clock })],
  ['a cooperative timeout', timeout({ duration: 1000, mode: 'cooperative', clock })],
  [
    'all of them',
    pipeline(
      retry({ maxAttempts: 1, clock }),
      circuitBreaker({ failureThreshold: 99, clock }),
      rateLimit({ limit: 99, clock }),
      bulkhead({ maxConcurrent: 9, clock }),
      timeout({ duration: 1000, clock }),
    ),
  ],
  ['two of a kind', pipeline(bulkhead({ maxConcurrent: 9, clock }), bulkhead({ maxConcurrent: 9, clock }))],
];
const names = shapes(new ManualClock()).map(([name]) => name);
const shape = (name: string, clock = new ManualClock()): Policy => new Map(shapes(clock)).get(name)!;

describe.each(names)('under %s', (name) => {
  it('an action that returns undefined synchronously succeeds', async () => {
    await expect(shape(name).execute(() => undefined)).resolves.toBeUndefined();
  });

  it.each([0, '', null, false, 'text'])('a plain result %o is the result', async (value) => {
    await expect(shape(name).execute(() => value)).resolves.toBe(value);
  });

  it('a synchronous throw is a rejection', async () => {
    const error = new Error('at once');
    const call = shape(name).execute(() => {
      throw error;
    });
    await expect(call).rejects.toBe(error);
  });

  it('what is no function is a rejection, never a throw', async () => {
    const call = shape(name).execute('fetch' as never);
    await expect(call).rejects.toThrow(TypeError);
    await expect(call).rejects.toThrow('the operation must be a function, got "fetch"');
  });

  it.each([
    ['an AbortController', new AbortController()],
    ['a string', 'signal'],
    ['an object', {}],
  ])('%s in place of a signal is a rejection, never a throw', async (_, signal) => {
    const operation = vi.fn();
    const call = shape(name).execute(operation, { signal: signal as never });
    await expect(call).rejects.toThrow(/signal must be an AbortSignal, got/);
    expect(operation).not.toHaveBeenCalled();
  });

  it.each([[undefined], [null], [404], ['text'], [{ reason: 'none' }], [Symbol.for('odd')]])(
    'a rejection with %o, which is no Error, passes through untouched',
    async (reason) => {
      await expect(
        shape(name)
          .execute(() => Promise.reject(reason as unknown as Error))
          .then(
            () => 'success',
            (got: unknown) => ({ got }),
          ),
      ).resolves.toEqual({ got: reason });
    },
  );

  it('a thenable is asked once', async () => {
    const then = vi.fn((resolve: (value: string) => void) => resolve('row'));
    await expect(shape(name).execute(() => ({ then }) as unknown as Promise<string>)).resolves.toBe('row');
    expect(then).toHaveBeenCalledTimes(1);
  });

  it('nothing is aborted after success, so a body that is still being read is not cut off', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    let signal!: AbortSignal;
    const policy = shape(name, clock);
    await policy.execute(
      (context) => {
        ({ signal } = context);
        return 'headers';
      },
      { signal: controller.signal },
    );
    await clock.advance(5000);
    controller.abort();
    expect(signal.aborted).toBe(false);
  });

  it("the caller's abort settles the call at once with its reason, whatever the operation does", async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const settled = vi.fn();
    let signal!: AbortSignal;
    shape(name, clock)
      .execute(
        (context) => {
          ({ signal } = context);
          return new Promise(() => {});
        },
        { signal: controller.signal },
      )
      .catch(settled);
    controller.abort('enough');
    expect(signal.reason).toBe('enough');
    await clock.advance(0);
    expect(settled).toHaveBeenCalledWith('enough');
    expect(clock.pending).toBe(0);
  });

  it('a caller whose signal has aborted already is refused with its reason, and nothing runs', async () => {
    const operation = vi.fn();
    await expect(shape(name).execute(operation, { signal: AbortSignal.abort('before') })).rejects.toBe('before');
    expect(operation).not.toHaveBeenCalled();
  });

  it('more than 11 calls on one long-lived signal raise no warning and leave no listener', async () => {
    const warnings: string[] = [];
    const warned = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', warned);
    try {
      const { signal } = new AbortController();
      const clock = new ManualClock();
      const policy = pipeline(retry({ maxAttempts: 20, baseDelay: 10, clock }), shape(name, clock));
      const gate = deferred();
      const running = Array.from({ length: 9 }, () => policy.execute(() => gate.promise, { signal }));
      expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
      gate.resolve('done');
      await Promise.all(running);
      let attempts = 0;
      const retried = policy.execute(
        () => {
          if (++attempts < 15) throw new Error('again');
          return 'at last';
        },
        { signal },
      );
      await clock.advance(1_000_000);
      await retried;
      expect(attempts).toBe(15);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
      await clock.advance(0);
      expect(warnings).not.toContain('MaxListenersExceededWarning');
    } finally {
      process.off('warning', warned);
    }
  });

  it('a signal that nobody reads is never made', async () => {
    const clock = new ManualClock();
    const policy = shape(name, clock);
    let made = 0;
    class Counted extends AbortController {
      constructor() {
        super();
        made++;
      }
    }
    vi.stubGlobal('AbortController', Counted);
    try {
      await policy.execute(() => 'done');
      policy.execute(() => new Promise(() => {})).catch(() => {});
      await clock.advance(5000);
      expect(made).toBe(0);
      await policy.execute(({ signal }) => void signal.aborted);
      expect(made).toBe(1);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('a long-lived signal keeps nothing of a call that is over', async () => {
    const { signal } = new AbortController();
    const policy = shape(name);
    const results: WeakRef<object>[] = [];
    for (let i = 0; i < 50; i++) {
      const result = {};
      results.push(new WeakRef(result));
      await policy.execute(() => result, { signal });
    }
    await vi.waitFor(
      async () => {
        await new ManualClock().advance(0);
        collectGarbage();
        expect(results.filter((result) => result.deref()).length).toBeLessThan(10);
      },
      { timeout: 10_000 },
    );
    expect(signal.aborted).toBe(false);
  });

  it('a settled call leaves no timer behind', async () => {
    const clock = new ManualClock();
    await shape(name, clock).execute(() => 'done');
    await shape(name, clock)
      .execute(() => Promise.reject(new Error('failed')))
      .catch(() => {});
    expect(clock.pending).toBe(0);
  });
});

describe('a caller who aborts', () => {
  it('from within an operation that then throws gets the reason, and leaves no rejection that nobody handles', async () => {
    for (const policy of [timeout(1000), bulkhead(1), pipeline(circuitBreaker(), timeout(1000))]) {
      const controller = new AbortController();
      const call = policy.execute(
        ({ signal }) => {
          controller.abort('enough');
          signal.throwIfAborted();
        },
        { signal: controller.signal },
      );
      await expect(call).rejects.toBe('enough');
    }
  });

  it('while the call waits for a permit frees its place in the queue, and the operation never runs', async () => {
    const clock = new ManualClock();
    const permits = bulkhead({ maxConcurrent: 1, maxQueue: 1, clock });
    const gate = deferred();
    const first = permits.execute(() => gate.promise);
    const controller = new AbortController();
    const operation = vi.fn();
    const second = permits.execute(operation, { signal: controller.signal });
    controller.abort('enough');
    expect(permits.waiting).toBe(0);
    await expect(second).rejects.toBe('enough');
    gate.resolve('done');
    await first;
    await clock.advance(0);
    expect(operation).not.toHaveBeenCalled();
    expect(permits.running).toBe(0);
  });

  it('in the very turn in which a permit is handed over passes it on', async () => {
    const clock = new ManualClock();
    const permits = bulkhead({ maxConcurrent: 1, maxQueue: 2, clock });
    const gate = deferred();
    const controller = new AbortController();
    const [gone, next] = [vi.fn(), vi.fn(() => 'ran')];
    const first = permits.execute(() => gate.promise);
    const second = permits.execute(gone, { signal: controller.signal });
    const third = permits.execute(next);
    void first.then(() => {});
    // Runs right after the permit is handed over and before the one who got it goes on.
    void gate.promise.then(() => controller.abort('enough'));
    gate.resolve('done');
    await expect(second).rejects.toBe('enough');
    await expect(third).resolves.toBe('ran');
    expect(gone).not.toHaveBeenCalled();
    expect(permits.running).toBe(0);
  });

  it('does not abort the other calls on the same policy', async () => {
    const policy = pipeline(circuitBreaker(), bulkhead(5), timeout(1000));
    const controller = new AbortController();
    const signals: AbortSignal[] = [];
    const gate = deferred();
    const operation: Operation<unknown> = ({ signal }) => {
      signals.push(signal);
      return gate.promise;
    };
    const aborted = policy.execute(operation, { signal: controller.signal });
    const other = policy.execute(operation);
    controller.abort('enough');
    await expect(aborted).rejects.toBe('enough');
    gate.resolve('done');
    await expect(other).resolves.toBe('done');
    expect(signals.map(({ aborted: isAborted }) => isAborted)).toEqual([true, false]);
  });

  it('aborts every call that was given the same signal', async () => {
    const policy = bulkhead(5);
    const controller = new AbortController();
    const calls = Array.from({ length: 3 }, () =>
      policy.execute(() => new Promise(() => {}), { signal: controller.signal }),
    );
    controller.abort('enough');
    const settled = await Promise.allSettled(calls);
    expect(settled).toEqual(calls.map(() => ({ status: 'rejected', reason: 'enough' })));
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});

describe('what the breaker outside sees', () => {
  const failures = async (inner: Policy, operation: Operation<unknown>, calls = 5): Promise<string> => {
    const clock = new ManualClock();
    const breaker = circuitBreaker({ failureThreshold: 1, clock });
    const policy = pipeline(breaker, inner);
    for (let i = 0; i < calls; i++) void policy.execute(operation).catch(() => {});
    await clock.advance(0);
    return breaker.state;
  };

  it('refusals of the bulkhead do not open the circuit', async () => {
    expect(await failures(bulkhead(1), () => new Promise(() => {}))).toBe('closed');
  });

  it('refusals of the rate limit do not open the circuit', async () => {
    expect(await failures(rateLimit(1), () => 'fine')).toBe('closed');
  });

  it('refusals of another circuit do not open the circuit', async () => {
    const other = circuitBreaker();
    other.open();
    expect(await failures(other, () => 'fine')).toBe('closed');
  });

  it('a failure of the operation does', async () => {
    expect(await failures(bulkhead(10), () => Promise.reject(new Error('down')))).toBe('open');
  });

  it('a timeout inside is a failure of the dependency', async () => {
    const clock = new ManualClock();
    const breaker = circuitBreaker({ failureThreshold: 1, clock });
    const call = pipeline(breaker, timeout({ duration: 100, clock })).execute(() => new Promise(() => {}));
    const rejected = expect(call).rejects.toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
    await clock.advance(100);
    await rejected;
    expect(breaker.state).toBe('open');
  });

  it("the caller's abort is not", async () => {
    const clock = new ManualClock();
    const breaker = circuitBreaker({ failureThreshold: 1, clock });
    const controller = new AbortController();
    const call = breaker.execute(() => new Promise(() => {}), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(breaker.state).toBe('closed');
    expect(breaker.snapshot()).toMatchObject({ failures: 0, successes: 0, ignored: 1 });
  });

  it('a bug in the code around the call is not', async () => {
    const bug: Operation<unknown> = () => (undefined as never as { id: string }).id;
    expect(await failures(bulkhead(10), bug)).toBe('closed');
  });
});

describe('layers', () => {
  it('a refusal inside gives back what was taken outside', async () => {
    const clock = new ManualClock();
    const permits = bulkhead({ maxConcurrent: 1, clock });
    const limit = rateLimit({ limit: 1, interval: 1000, clock });
    const policy = pipeline(permits, timeout({ duration: 50, clock }), limit);
    await policy.execute(() => 'first');
    for (let i = 0; i < 3; i++) await expect(policy.execute(() => 'more')).rejects.toThrow(RejectionError);
    expect(permits.running).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('a timeout that cannot tell its duration gives back what was taken outside', async () => {
    const permits = bulkhead(1);
    const policy = pipeline(
      permits,
      timeout({
        duration: () => {
          throw new Error('no duration');
        },
      }),
    );
    for (let i = 0; i < 2; i++) await expect(policy.execute(() => 'never')).rejects.toThrow('no duration');
    expect(permits.running).toBe(0);
  });

  it('a timeout outside ends the wait for a permit, and the permit it did not get is not given back', async () => {
    const clock = new ManualClock();
    const permits = bulkhead({ maxConcurrent: 1, maxQueue: 5, clock });
    const gate = deferred();
    const first = permits.execute(() => gate.promise);
    const operation = vi.fn();
    const waiting = pipeline(timeout({ duration: 100, clock }), permits).execute(operation);
    const rejected = expect(waiting).rejects.toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
    await clock.advance(100);
    await rejected;
    expect([permits.running, permits.waiting]).toEqual([1, 0]);
    gate.resolve('done');
    await first;
    expect(permits.running).toBe(0);
    expect(operation).not.toHaveBeenCalled();
  });

  it('a hard timeout frees the permit at the deadline, and the late result frees nothing twice', async () => {
    const clock = new ManualClock();
    const permits = bulkhead({ maxConcurrent: 2, clock });
    const gate = deferred();
    const call = pipeline(permits, timeout({ duration: 100, clock })).execute(() => gate.promise);
    call.catch(() => {});
    await clock.advance(100);
    expect(permits.running).toBe(0);
    void permits.execute(() => new Promise(() => {}));
    gate.reject(new Error('late'));
    await clock.advance(0);
    expect(permits.running).toBe(1);
  });

  it('time left is the least of all timeouts around', async () => {
    const clock = new ManualClock();
    const left: number[] = [];
    const operation = (context: OperationContext): void => void left.push(context.remainingTime());
    const outer = timeout({ duration: 1000, clock });
    const inner = timeout({ duration: 300, clock });
    await pipeline(outer, inner).execute(operation);
    await pipeline(inner, outer).execute(operation);
    await bulkhead(1).execute(operation);
    const late = pipeline(outer, retry({ maxAttempts: 2, baseDelay: 800, jitter: false, clock }), inner).execute(
      (context) => {
        operation(context);
        if (context.attempt === 1) throw new Error('again');
      },
    );
    await clock.advance(800);
    await late;
    expect(left).toEqual([300, 300, Infinity, 300, 200]);
  });
});

describe('a foreign policy', () => {
  it('takes part in a pipeline through its own execute', async () => {
    const seen: string[] = [];
    const foreign: Policy = {
      kind: 'foreign',
      name: 'foreign',
      execute: async (operation) => {
        seen.push('in');
        const value = await operation({} as OperationContext);
        seen.push('out');
        return value;
      },
    };
    await expect(pipeline(bulkhead(1), foreign, timeout(1000)).execute(() => 'value')).resolves.toBe('value');
    expect(seen).toEqual(['in', 'out']);
  });

  // As opossum's breakers do when they are disabled.
  it('that throws synchronously rejects, also where it is outermost', async () => {
    const foreign: Policy = {
      kind: 'foreign',
      name: 'foreign',
      execute() {
        throw new Error('sync');
      },
    };
    await expect(pipeline(foreign, bulkhead(1)).execute(() => 'value')).rejects.toThrow('sync');
    await expect(pipeline(bulkhead(1), foreign).execute(() => 'value')).rejects.toThrow('sync');
  });
});

describe("the user's async context", () => {
  const storage = new AsyncLocalStorage<string>();
  const as = <T>(who: string, call: () => T): T => storage.run(who, call);

  it('the operation of a queued call runs in the context of its own caller', async () => {
    const permits = bulkhead({ maxConcurrent: 1, maxQueue: 5 });
    const seen: (string | undefined)[] = [];
    const calls = ['a', 'b', 'c'].map((who) =>
      as(who, () =>
        permits.execute(async () => {
          seen.push(storage.getStore());
          await undefined;
          seen.push(storage.getStore());
        }),
      ),
    );
    await Promise.all(calls);
    expect(seen).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  });

  it('the operation of a call that is retried after a timeout does, though one timer ends them all', async () => {
    const clock = new ManualClock();
    const policy = pipeline(
      retry({ maxAttempts: 3, baseDelay: 10, jitter: false, clock }),
      timeout({ duration: 100, clock }),
    );
    const seen = new Map<string, (string | undefined)[]>();
    const calls = ['a', 'b', 'c'].map((who) =>
      as(who, () =>
        policy.execute(({ attempt }) => {
          seen.set(who, [...(seen.get(who) ?? []), storage.getStore()]);
          return attempt < 3 ? new Promise<string>(() => {}) : 'done';
        }),
      ),
    );
    await as('the clock', () => clock.advance(1000));
    await Promise.all(calls);
    for (const who of ['a', 'b', 'c']) expect(seen.get(who)).toEqual([who, who, who]);
  });

  it('the operation of a rate-limited call that waited for its turn does', async () => {
    const clock = new ManualClock();
    const limit = rateLimit({ limit: 1, interval: 100, maxWait: 1000, clock });
    const calls = ['a', 'b', 'c'].map((who) => as(who, () => limit.execute(() => storage.getStore())));
    await as('the clock', () => clock.advance(1000));
    await expect(Promise.all(calls)).resolves.toEqual(['a', 'b', 'c']);
  });

  it('the copies of a hedged call do', async () => {
    const policy = hedge({ delay: 1, maxAttempts: 3 });
    const calls = ['a', 'b'].map((who) =>
      as(who, () => {
        let copies = 0;
        const seen: (string | undefined)[] = [];
        return policy.execute(() => {
          seen.push(storage.getStore());
          return ++copies < 3 ? new Promise<typeof seen>(() => {}) : seen;
        });
      }),
    );
    await expect(Promise.all(calls)).resolves.toEqual([
      ['a', 'a', 'a'],
      ['b', 'b', 'b'],
    ]);
  });

  it('what follows a timed-out call runs in the context of its own caller', async () => {
    const clock = new ManualClock();
    const policies = [timeout({ duration: 10, clock }), pipeline(bulkhead(9), timeout({ duration: 10, clock }))];
    const calls = ['a', 'b'].flatMap((who) =>
      policies.map((policy) =>
        as(who, async () => {
          await policy.execute(() => new Promise(() => {})).catch(() => {});
          return storage.getStore();
        }),
      ),
    );
    await as('the clock', () => clock.advance(10));
    await expect(Promise.all(calls)).resolves.toEqual(['a', 'a', 'b', 'b']);
  });
});

describe('a diagnostics subscriber that throws', () => {
  it('does not change the outcome of a call', async () => {
    const faults: unknown[] = [];
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => faults.push(error));
    const kinds = ['retry', 'circuit-breaker', 'bulkhead', 'timeout'];
    const subscriber = (): never => {
      throw new Error('subscriber');
    };
    for (const kind of kinds) channel(`holdfast:${kind}`).subscribe(subscriber);
    try {
      const clock = new ManualClock();
      const breaker = circuitBreaker({ failureThreshold: 2, clock });
      const permits = bulkhead({ maxConcurrent: 1, clock });
      const policy = pipeline(
        retry({ maxAttempts: 2, baseDelay: 1, jitter: false, clock }),
        breaker,
        permits,
        timeout({ duration: 100, clock }),
      );
      let attempts = 0;
      const recovered = policy.execute(() => (++attempts === 1 ? Promise.reject(new Error('once')) : 'fine'));
      await clock.advance(1);
      await expect(recovered).resolves.toBe('fine');
      const hung = policy.execute(() => new Promise(() => {}));
      const ended = expect(hung).rejects.toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
      await expect(policy.execute(() => 'more')).rejects.toMatchObject({ code: 'HOLDFAST_BULKHEAD_FULL' });
      await clock.advance(300);
      await ended;
      await expect(policy.execute(() => 'more')).rejects.toMatchObject({ code: 'HOLDFAST_CIRCUIT_OPEN' });
      expect(permits.running).toBe(0);
      // Reported where Node reports what subscribers throw.
      expect(faults.length).toBeGreaterThan(3);
    } finally {
      for (const kind of kinds) channel(`holdfast:${kind}`).unsubscribe(subscriber);
      await new ManualClock().advance(0);
      process.removeAllListeners('uncaughtException');
      for (const listener of others) process.on('uncaughtException', listener);
    }
  });
});
