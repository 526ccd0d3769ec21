import { spawnSync } from 'node:child_process';
import { mock } from 'node:test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from './clock.js';
import { retry } from './policies/retry.js';
import { timeout } from './policies/timeout.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function busyFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Runs a script in a process of its own, over the built package. */
function run(script: string): { output: string; took: number } {
  const index = new URL('../dist/esm/index.js', import.meta.url).href;
  const startedAt = performance.now();
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', `import * as holdfast from ${JSON.stringify(index)};\n${script}`],
    { encoding: 'utf8', timeout: 50_000 },
  );
  return { output: stdout.trim() + stderr.trim(), took: performance.now() - startedAt };
}

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  mock.timers.reset();
});

describe('the system clock', () => {
  it('does not go back when the clock of the system does', () => {
    const before = systemClock.now();
    vi.spyOn(Date, 'now').mockReturnValue(0);
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
    vi.setSystemTime(0);
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });

  // Node counts whole milliseconds, and from the start of the turn in which a timer was armed.
  it('a timer that Node fires early is not early by the clock', async () => {
    const real = performance.now.bind(performance);
    let behind = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => real() - behind);
    const setAt = systemClock.now();
    const fired = new Promise<number>((resolve) => {
      systemClock.setTimer(() => resolve(systemClock.now()), 10);
    });
    behind = 15;
    expect((await fired) - setAt).toBeGreaterThanOrEqual(10);
  });

  it('a timer that is set after a long synchronous stretch does not fire early', async () => {
    await turn();
    busyFor(40);
    const setAt = performance.now();
    const firedAt = await new Promise<number>((resolve) => {
      systemClock.setTimer(() => resolve(performance.now()), 20);
    });
    expect(firedAt - setAt).toBeGreaterThanOrEqual(20);
  });

  it('a timer fires once, and not after it was cancelled', async () => {
    vi.useFakeTimers();
    const [fired, cancelled] = [vi.fn(), vi.fn()];
    systemClock.setTimer(fired, 10);
    systemClock.setTimer(cancelled, 10).cancel();
    await vi.advanceTimersByTimeAsync(100);
    expect(fired).toHaveBeenCalledTimes(1);
    expect(cancelled).not.toHaveBeenCalled();
  });

  it('a timer of no delay still fires later', async () => {
    const fired = vi.fn();
    systemClock.setTimer(fired, 0);
    expect(fired).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(fired).toHaveBeenCalled());
  });

  // Node fires such a timer after 1 ms. Under fake timers the last stretch was cut off.
  it.each([2 ** 31 - 1, 2 ** 31, 3e9, 5 * (2 ** 31 - 1) + 7])(
    'a timer of %d ms fires then, and not before',
    async (delay) => {
      vi.useFakeTimers();
      const fired = vi.fn();
      systemClock.setTimer(fired, delay);
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(fired).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(fired).toHaveBeenCalledTimes(1);
    },
  );

  it('the coarse time is that of the turn, and moves on with the next', async () => {
    await turn();
    const first = systemClock.coarseNow!();
    busyFor(5);
    expect(systemClock.coarseNow!()).toBe(first);
    await turn();
    await turn();
    expect(systemClock.coarseNow!()).toBeGreaterThanOrEqual(first + 5);
  });
});

describe('fake timers', () => {
  const aRetryIsDueAfter = async (advance: (ms: number) => Promise<unknown>): Promise<number> => {
    let attempts = 0;
    const call = retry({ maxAttempts: 3, baseDelay: 1000, jitter: false }).execute(() => {
      if (++attempts < 3) throw new Error('again');
      return attempts;
    });
    await advance(999);
    expect(attempts).toBe(1);
    await advance(1);
    expect(attempts).toBe(2);
    await advance(2000);
    return call;
  };
  const aTimeoutEndsAfter = async (ms: number, advance: (ms: number) => Promise<unknown>): Promise<void> => {
    const settled = vi.fn();
    timeout(ms)
      .execute(() => new Promise(() => {}))
      .catch(settled);
    await advance(ms - 1);
    expect(settled).not.toHaveBeenCalled();
    await advance(1);
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ code: 'HOLDFAST_TIMEOUT', isLagged: false }));
  };

  describe.each([
    ['everything', {}],
    ['only timers', { toFake: ['setTimeout', 'clearTimeout'] }],
    ['timers and the date', { toFake: ['setTimeout', 'clearTimeout', 'Date'] }],
  ])('of Vitest (%s)', (_, options) => {
    const advance = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

    it('move the back-off', async () => {
      vi.useFakeTimers(options as Parameters<typeof vi.useFakeTimers>[0]);
      await expect(aRetryIsDueAfter(advance)).resolves.toBe(3);
    });

    it('move timeouts, short ones and those of more than 2^31-1 ms', async () => {
      vi.useFakeTimers(options as Parameters<typeof vi.useFakeTimers>[0]);
      await aTimeoutEndsAfter(1000, advance);
      await aTimeoutEndsAfter(3e9, advance);
    });
  });

  describe.each([[['setTimeout'] as const], [['setTimeout', 'Date'] as const]])('of node:test (%j)', (apis) => {
    const advance = async (ms: number): Promise<void> => {
      await turn();
      mock.timers.tick(ms);
      await turn();
    };

    it('move the back-off and timeouts', async () => {
      mock.timers.enable({ apis: [...apis] });
      await expect(aRetryIsDueAfter(advance)).resolves.toBe(3);
      await aTimeoutEndsAfter(1000, advance);
    });
  });

  it('that go leave the clock running, and the timers that are set from then on', async () => {
    const policy = timeout(5);
    vi.useFakeTimers();
    void policy.execute(() => new Promise(() => {})).catch(() => {});
    vi.useRealTimers();
    const before = systemClock.now();
    await expect(policy.execute(() => new Promise(() => {}))).rejects.toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
    expect(systemClock.now()).toBeGreaterThan(before);
  });

  // As under Jest with `fakeTimers: { enableGlobally: true }`.
  it('that were there before the package was loaded move it, and may go', async () => {
    vi.useFakeTimers();
    vi.resetModules();
    const fresh = await import('./index.js');
    expect(fresh.systemClock).not.toBe(systemClock);
    const settled = vi.fn();
    fresh
      .timeout(1000)
      .execute(() => new Promise(() => {}))
      .catch(settled);
    await vi.advanceTimersByTimeAsync(999);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toHaveBeenCalledTimes(1);
    const coarse = fresh.systemClock.coarseNow!();
    vi.useRealTimers();
    await turn();
    busyFor(5);
    expect(fresh.systemClock.coarseNow!()).not.toBe(coarse);
    await expect(fresh.timeout(5).execute(() => new Promise(() => {}))).rejects.toThrow('timed out after 5 ms');
    await turn();
    const later = fresh.systemClock.coarseNow!();
    busyFor(5);
    await turn();
    expect(fresh.systemClock.coarseNow!()).toBeGreaterThan(later);
  });
});

describe('a process with nothing else to do', () => {
  it('waits for a back-off, because work is still owed', () => {
    const { output } = run(`
      let attempts = 0;
      holdfast.retry({ maxAttempts: 2, baseDelay: 50, jitter: false })
        .execute(() => { if (++attempts < 2) throw new Error('again'); })
        .then(() => console.log('attempts: ' + attempts));
    `);
    expect(output).toBe('attempts: 2');
  });

  it('does not wait for the back-off of a call that is over', () => {
    const { output, took } = run(`
      const controller = new AbortController();
      holdfast.retry({ maxAttempts: 2, baseDelay: 30_000, jitter: false })
        .execute(() => { throw new Error('again'); }, { signal: controller.signal })
        .catch((reason) => console.log(reason));
      setImmediate(() => controller.abort('enough'));
    `);
    expect(output).toBe('enough');
    expect(took).toBeLessThan(25_000);
  });

  it('never waits for a timeout, pending or not', () => {
    const { output, took } = run(`
      holdfast.timeout(30_000).execute(() => {}).then(() => console.log('done'));
      void holdfast.timeout(30_000).execute(() => new Promise(() => {}));
      void holdfast.pipeline(holdfast.bulkhead(1), holdfast.timeout(30_000)).execute(() => new Promise(() => {}));
    `);
    expect(output).toBe('done');
    expect(took).toBeLessThan(25_000);
  });

  it('never waits for policies that are only there', () => {
    const { output, took } = run(`
      globalThis.kept = [
        holdfast.circuitBreaker({ failureRate: 0.5 }),
        holdfast.bulkhead({ maxConcurrent: 1, queueTimeout: 30_000 }),
        holdfast.rateLimit(1),
        holdfast.retry({ budget: {} }),
      ];
      await kept[0].execute(() => {});
      console.log('end');
    `);
    expect(output).toBe('end');
    expect(took).toBeLessThan(25_000);
  });

  it('loads the package without a side effect that lasts', () => {
    expect(
      run(`console.log(process.getActiveResourcesInfo().filter((kind) => /time|immediate/i.test(kind)).length)`).output,
    ).toBe('0');
  });
});
