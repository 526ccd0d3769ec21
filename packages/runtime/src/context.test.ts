import { execFile } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentAttempt, currentIdempotencyKey, currentSignal, remainingTime } from './context.js';
import { Cached } from './decorators/cached.js';
import { Fallback } from './decorators/fallback.js';
import { Hedge } from './decorators/hedge.js';
import { Idempotent } from './decorators/idempotent.js';
import { Retry } from './decorators/retry.js';
import { Timeout } from './decorators/timeout.js';
import { shared } from './engine/ambient.js';
import { timeout } from './policies/timeout.js';
import { retry } from './policies/retry.js';
import { ManualClock } from './testing.js';

/** A server whose answers are given by hand, and that notices clients who hang up before theirs. */
class SlowServer extends EventEmitter {
  readonly answers: ServerResponse[] = [];
  hangUps = 0;
  private readonly server: Server = createServer((request, response) => {
    this.answers.push(response);
    response.on('close', () => {
      if (response.writableEnded) return;
      this.hangUps++;
      this.emit('hang-up', request.url);
    });
    this.emit('request', request.url);
  });

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

let server: SlowServer;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock();
  server = new SlowServer();
  await server.start();
});
afterEach(() => server.stop());

const clocked = (duration: number) => ({ duration, clock: { now: () => clock.now(), setTimer: clockTimer } });
// Decorators are evaluated with the class, once: they look for the clock of the test that runs.
const clockTimer = (callback: () => void, delay: number) => clock.setTimer(callback, delay);
const currentClock = { now: () => clock.now(), setTimer: clockTimer };

const get = async (path = ''): Promise<string> => (await fetch(server.url + path, { signal: currentSignal() })).text();

describe('work that is given the current signal really stops', () => {
  class Client {
    readonly signals: AbortSignal[] = [];

    @Timeout(clocked(50))
    async atOnce(): Promise<string> {
      return get();
    }

    @Timeout(clocked(50))
    async afterAwait(): Promise<string> {
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.resolve();
      return get();
    }

    @Timeout(clocked(1000))
    async outer(): Promise<string> {
      return this.inner();
    }

    @Timeout(clocked(5000))
    @Retry({ maxAttempts: 3, clock: currentClock })
    async inner(): Promise<string> {
      return get();
    }

    @Retry({ maxAttempts: 2, baseDelay: 100, jitter: false, clock: currentClock })
    @Timeout(clocked(50))
    async again(): Promise<string> {
      this.signals.push(currentSignal());
      return get(`${currentAttempt()}`);
    }

    @Hedge({ delay: 20, clock: currentClock })
    async hedged(): Promise<string> {
      return get();
    }

    @Timeout(clocked(50))
    async response(): Promise<Response> {
      this.signals.push(currentSignal());
      return fetch(server.url, { signal: currentSignal() });
    }

    @Cached({ ttl: 1000, clock: currentClock })
    async cached(): Promise<string> {
      return get();
    }
  }

  it.each(['atOnce', 'afterAwait'] as const)('the timeout closes the socket: %s', async (method) => {
    const call = new Client()[method]();
    const refused = expect(call).rejects.toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
    await once(server, 'request');
    const hangUp = once(server, 'hang-up');
    await clock.advance(49);
    expect(server.hangUps).toBe(0);
    await clock.advance(1);
    await refused;
    await hangUp;
    expect(server.hangUps).toBe(1);
  });

  it('the timeout of an outer method closes the socket of an inner one, and ends its retries', async () => {
    const refused = expect(new Client().outer()).rejects.toMatchObject({ code: 'HOLDFAST_TIMEOUT', duration: 1000 });
    await once(server, 'request');
    const hangUp = once(server, 'hang-up');
    await clock.advance(1000);
    await refused;
    await hangUp;
    await clock.advance(100_000);
    expect(server.answers).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('each attempt has a signal of its own, and the timeout of each closes its socket', async () => {
    const client = new Client();
    const call = client.again();
    await once(server, 'request');
    let hangUp = once(server, 'hang-up');
    await clock.advance(50);
    expect(await hangUp).toEqual(['/1']);
    await clock.advance(99);
    expect(server.answers).toHaveLength(1);
    const second = once(server, 'request');
    await clock.advance(1);
    expect(await second).toEqual(['/2']);
    expect(client.signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    hangUp = once(server, 'hang-up');
    const refused = expect(call).rejects.toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
    await clock.advance(50);
    expect(await hangUp).toEqual(['/2']);
    await refused;
  });

  it('the socket of a hedge that loses is closed, and that of the winner is not', async () => {
    const call = new Client().hedged();
    await once(server, 'request');
    const second = once(server, 'request');
    await clock.advance(20);
    await second;
    const hangUp = once(server, 'hang-up');
    server.answers[1]!.end('second');
    expect(await call).toBe('second');
    await hangUp;
    expect(server.hangUps).toBe(1);
    expect(server.answers[0]!.destroyed).toBe(true);
  });

  it("the caller's abort closes the socket", async () => {
    const controller = new AbortController();
    const call = retry().execute(() => get(), { signal: controller.signal });
    await once(server, 'request');
    const hangUp = once(server, 'hang-up');
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    await hangUp;
  });

  it("the caller's abort reaches methods inside, beside the timeouts that are there", async () => {
    const controller = new AbortController();
    const client = new Client();
    const call = timeout(clocked(9000)).execute(() => client.outer(), { signal: controller.signal });
    await once(server, 'request');
    const hangUp = once(server, 'hang-up');
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    await hangUp;
  });

  it('a signal that is given inside counts beside that of the method around it', async () => {
    const client = new Client();
    for (const isInner of [true, false]) {
      const [outer, inner] = [new AbortController(), new AbortController()];
      const inside = () => timeout(clocked(8000)).execute(() => client.atOnce(), { signal: inner.signal });
      const call = timeout(clocked(9000)).execute(inside, { signal: outer.signal });
      await once(server, 'request');
      const hangUp = once(server, 'hang-up');
      (isInner ? inner : outer).abort('enough');
      await expect(call).rejects.toBe('enough');
      await hangUp;
    }
  });

  it('an answer that came in time is read to its end, long after the timeout', async () => {
    const client = new Client();
    const call = client.response();
    await once(server, 'request');
    server.answers[0]!.write('first,');
    const response = await call;
    await clock.advance(10_000);
    server.answers[0]!.end('last');
    expect(await response.text()).toBe('first,last');
    expect(client.signals[0]!.aborted).toBe(false);
    expect(server.hangUps).toBe(0);
  });

  it('shared work goes on until the last of its callers has left', async () => {
    const client = new Client();
    const callers = [new AbortController(), new AbortController()];
    const calls = callers.map(({ signal }) => timeout(clocked(1000)).execute(() => client.cached(), { signal }));
    await once(server, 'request');
    callers[0]!.abort('one');
    await expect(calls[0]).rejects.toBe('one');
    expect(server.hangUps).toBe(0);
    const hangUp = once(server, 'hang-up');
    callers[1]!.abort('two');
    await expect(calls[1]).rejects.toBe('two');
    await hangUp;
    expect(server.answers).toHaveLength(1);
  });
});

describe('the context of the running attempt', () => {
  it('tells the attempt, also after an await, and that of the nearest retry', async () => {
    const seen: string[] = [];
    class Service {
      @Retry({ maxAttempts: 2, baseDelay: 0 })
      async outer(): Promise<void> {
        await this.inner().catch(() => {});
        // Back in the outer method, the outer attempt counts.
        seen.push(`outer ${currentAttempt()}`);
        throw new Error('again');
      }

      @Retry({ maxAttempts: 3, baseDelay: 0 })
      async inner(): Promise<void> {
        await Promise.resolve();
        seen.push(`inner ${currentAttempt()}`);
        throw new Error('again');
      }

      @Timeout(1000)
      async noRetry(): Promise<number> {
        return currentAttempt();
      }
    }
    await new Service().outer().catch(() => {});
    const once = ['inner 1', 'inner 2', 'inner 3'];
    expect(seen).toEqual([...once, 'outer 1', ...once, 'outer 2']);
    const policy = retry({ maxAttempts: 2, baseDelay: 0 });
    const numbers: number[] = [];
    await policy.execute(async () => {
      numbers.push(await new Service().noRetry());
      if (numbers.length === 1) throw new Error('again');
    });
    expect(numbers).toEqual([1, 2]);
  });

  it('tells the time that is left until the nearest of the timeouts around it', async () => {
    const seen: number[] = [];
    class Service {
      @Timeout(clocked(100))
      async short(): Promise<void> {
        seen.push(remainingTime());
        await clock.advance(30);
        seen.push(remainingTime());
        await this.long();
        seen.push(remainingTime());
      }

      @Timeout(clocked(1000))
      async long(): Promise<void> {
        seen.push(remainingTime());
        await clock.advance(20);
        seen.push(remainingTime());
      }

      @Timeout(clocked(1000))
      async longAround(): Promise<void> {
        await this.short();
        seen.push(remainingTime());
      }
    }
    await new Service().longAround();
    expect(seen).toEqual([100, 70, 70, 50, 50, 950]);
  });

  it('tells the time that is left through a hedge and an idempotency key, and beside a signal', async () => {
    const seen: number[] = [];
    class Service {
      @Hedge({ delay: 500, clock: currentClock })
      @Idempotent()
      async run(): Promise<void> {
        seen.push(remainingTime());
      }
    }
    const { signal } = new AbortController();
    const service = new Service();
    await timeout(clocked(100)).execute(() => retry().execute(() => service.run(), { signal }), { signal });
    expect(seen).toEqual([100]);
  });

  it('of shared work has no end: it is not the time of the caller who came first', async () => {
    const seen: number[] = [];
    class Service {
      @Cached({ ttl: 1000, clock: currentClock })
      async run(): Promise<void> {
        seen.push(remainingTime());
      }
    }
    await timeout(clocked(100)).execute(() => new Service().run());
    expect(seen).toEqual([Infinity]);
  });

  it('has no time left once the time is up', async () => {
    let left: number | undefined;
    const call = timeout(clocked(100)).execute(async () => {
      await new Promise((resolve) => currentSignal().addEventListener('abort', resolve));
      left = remainingTime();
    });
    const refused = expect(call).rejects.toThrow();
    await clock.advance(100);
    await refused;
    await clock.advance(0);
    expect(left).toBe(0);
  });

  it('keeps the idempotency key over all attempts, and in the methods inside', async () => {
    const keys: (string | undefined)[] = [];
    class Payments {
      @Idempotent()
      @Retry({ maxAttempts: 3, baseDelay: 0 })
      async charge(_order: { id: number }): Promise<void> {
        await this.send();
      }

      @Timeout(1000)
      async send(): Promise<void> {
        keys.push(currentIdempotencyKey());
        throw new Error('down');
      }

      @Idempotent((order: { id: number }) => `order-${order.id}`)
      async chargeById(_order: { id: number }): Promise<string | undefined> {
        return currentIdempotencyKey();
      }
    }
    const payments = new Payments();
    await payments.charge({ id: 1 }).catch(() => {});
    await payments.charge({ id: 1 }).catch(() => {});
    expect(keys).toHaveLength(6);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(new Set(keys).size).toBe(2);
    expect(keys).not.toContain(undefined);
    expect(await payments.chargeById({ id: 7 })).toBe('order-7');
  });

  it('does not mix calls that run at the same time', async () => {
    const signals = new Map<number, AbortSignal[]>();
    class Service {
      @Retry({ maxAttempts: 2, baseDelay: 0 })
      async run(id: number): Promise<number> {
        const first = currentSignal();
        await new Promise((resolve) => setImmediate(resolve));
        signals.set(id, [first, currentSignal()]);
        return currentAttempt();
      }
    }
    const service = new Service();
    await Promise.all([1, 2, 3].map((id) => service.run(id)));
    const all = [...signals.values()];
    for (const [first, second] of all) expect(second).toBe(first);
    expect(new Set(all.map(([first]) => first)).size).toBe(3);
  });

  it('in a fallback is that of the caller, not that of the attempt that failed', async () => {
    class Service {
      @Fallback(() => currentAttempt())
      @Retry({ maxAttempts: 3, baseDelay: 0 })
      async run(): Promise<number> {
        throw new Error('down');
      }
    }
    expect(await new Service().run()).toBe(1);
  });

  it('lasts in work that goes on after its call has succeeded: its signal stays quiet', async () => {
    let later!: Promise<boolean>;
    await timeout(clocked(50)).execute(() => {
      later = new Promise((resolve) => setImmediate(() => resolve(currentSignal().aborted)));
    });
    await clock.advance(1000);
    expect(await later).toBe(false);
  });

  it('outside of any guarded call is one that never ends', () => {
    expect(currentSignal().aborted).toBe(false);
    expect(currentAttempt()).toBe(1);
    expect(remainingTime()).toBe(Infinity);
    expect(currentIdempotencyKey()).toBeUndefined();
  });

  it('does not leak out of the call', async () => {
    await timeout(clocked(50)).execute(() => Promise.resolve());
    expect(remainingTime()).toBe(Infinity);
    expect(shared.ambient!.current()).toBeUndefined();
  });
});

describe('a program that does not import the context', () => {
  it('never makes an AsyncLocalStorage', async () => {
    const program = `
      import hooks from 'node:async_hooks';
      import { syncBuiltinESMExports } from 'node:module';
      let made = 0;
      const counted = class extends hooks.AsyncLocalStorage {
        constructor(...args) { super(...args); made++; }
      };
      // A plain property on Node 20, a getter on 24.
      Object.defineProperty(hooks, 'AsyncLocalStorage', { value: counted });
      syncBuiltinESMExports();
      const { guard, retry, timeout, cached, hedge } = await import(process.argv[1] + 'index.js');
      await guard(async () => {}, cached(10), retry(), hedge(10), timeout(100))();
      await import(process.argv[1] + 'testing.js');
      await import(process.argv[1] + 'metrics.js');
      const without = made;
      await import(process.argv[1] + 'context.js');
      console.log(JSON.stringify({ without, withContext: made }));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      program,
      new URL('../dist/esm/', import.meta.url).href,
    ]);
    expect(JSON.parse(stdout)).toEqual({ without: 0, withContext: 1 });
  });
});
