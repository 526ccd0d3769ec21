import { describe, expect, it } from 'vitest';
import { bulkhead, circuitBreaker, fallback, pipeline, retry, timeout } from '../index.js';
import { Bulkhead, Cached, CircuitBreaker, Fallback, Guard, Hedge, Retry, Timeout, TimeoutError } from '../index.js';
import { ManualClock } from '../testing.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the types would refuse
type Anything = any;

const never = () => new Promise<never>(() => {});

/** Resolves after `ms` of the clock. */
const sleep = (clock: ManualClock, ms: number) => new Promise<void>((resolve) => clock.setTimer(resolve, ms));

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('a decorated async generator', () => {
  it('yields, takes and returns what the generator does, with its this and arguments', async () => {
    class Rows {
      factor = 10;
      @Timeout(1_000)
      async *read(first: number, second: number): AsyncGenerator<number, string, string> {
        const got = yield first * this.factor;
        const more = yield second * this.factor;
        return `${got} ${more}`;
      }
    }
    const rows = new Rows().read(1, 2);
    expect(await rows.next('dropped, as always')).toEqual({ done: false, value: 10 });
    expect(await rows.next('a')).toEqual({ done: false, value: 20 });
    expect(await rows.next('b')).toEqual({ done: true, value: 'a b' });
    expect(await rows.next('c')).toEqual({ done: true, value: undefined });
  });

  it('looks like an async generator', () => {
    class Rows {
      @Timeout(1_000)
      async *read(_from: number) {
        yield 1;
      }
    }
    expect(Rows.prototype.read.name).toBe('read');
    expect(Rows.prototype.read.length).toBe(1);
    const rows = new Rows().read(0);
    expect(Object.prototype.toString.call(rows)).toBe('[object AsyncGenerator]');
    expect(rows[Symbol.asyncIterator]()).toBe(rows);
  });

  it('can be static, #private, or a function in a field', async () => {
    class Rows {
      @Timeout(1_000)
      static async *all() {
        yield 'static';
      }
      @Timeout(1_000)
      async *#hidden() {
        yield 'private';
      }
      @Timeout(1_000)
      field = async function* (this: unknown) {
        yield this instanceof Rows;
      };
      hidden() {
        return this.#hidden();
      }
    }
    expect(await collect(Rows.all())).toEqual(['static']);
    expect(await collect(new Rows().hidden())).toEqual(['private']);
    expect(await collect(new Rows().field())).toEqual([true]);
  });

  it('starts nothing before the first item is asked for', async () => {
    const permits = bulkhead(1);
    let started = 0;
    class Rows {
      @Bulkhead(permits)
      async *read() {
        started++;
        yield 1;
      }
    }
    const rows = new Rows().read();
    expect([started, permits.running]).toEqual([0, 0]);
    expect(await rows.return(undefined)).toEqual({ done: true, value: undefined });
    expect(await rows.next()).toEqual({ done: true, value: undefined });
    const thrown = new Rows().read();
    await expect(thrown.throw(new Error('no'))).rejects.toThrow('no');
    expect(await thrown.next()).toEqual({ done: true, value: undefined });
    expect([started, permits.running]).toEqual([0, 0]);
  });

  it('answers requests in the order they were made, without waiting in between', async () => {
    class Rows {
      @Timeout(1_000)
      async *read() {
        yield 1;
        yield 2;
      }
    }
    const rows = new Rows().read();
    const results = await Promise.all([rows.next(), rows.next(), rows.next(), rows.next()]);
    expect(results.map(({ value }) => value)).toEqual([1, 2, undefined, undefined]);
    expect(results.map(({ done }) => done)).toEqual([false, false, true, true]);
  });

  it('lets the consumer throw into it', async () => {
    class Rows {
      @Timeout(1_000)
      async *read() {
        try {
          yield 1;
        } catch (error) {
          yield (error as Error).message;
        }
      }
    }
    const rows = new Rows().read();
    await rows.next();
    expect(await rows.throw(new Error('caught'))).toEqual({ done: false, value: 'caught' });
    await expect(rows.throw(new Error('not caught'))).rejects.toThrow('not caught');
    expect(await rows.next()).toEqual({ done: true, value: undefined });
  });

  it('shows its object and arguments to the options that ask for them', async () => {
    const clock = new ManualClock();
    const breaker = circuitBreaker({ failureThreshold: 1, scope: 'instance' });
    const seen: unknown[] = [];
    class Rows {
      @CircuitBreaker(breaker)
      @Timeout({ duration: (ms: number) => (seen.push(ms), ms), clock })
      async *read(_ms: number) {
        await sleep(clock, 100);
        yield 'row';
      }
    }
    const [broken, fine] = [new Rows(), new Rows()];
    const late = expect(broken.read(50).next()).rejects.toMatchObject({ duration: 50 });
    await clock.advance(50);
    await late;
    await expect(broken.read(150).next()).rejects.toMatchObject({ code: 'HOLDFAST_CIRCUIT_OPEN' });
    const row = fine.read(150).next();
    await clock.advance(100);
    expect(await row).toEqual({ done: false, value: 'row' });
    expect(seen).toEqual([50, 150]);
  });

  it('refuses policies that would have to repeat or replace a stream', () => {
    const decorators = { Cached: Cached(1_000), Fallback: Fallback({ value: [] }), Hedge: Hedge(5) };
    for (const [name, decorator] of Object.entries(decorators)) {
      expect(
        () =>
          class {
            @(decorator as Anything)
            async *read() {
              yield 1;
            }
          },
      ).toThrow(
        `@${name} cannot decorate the async generator read: a ${name.toLowerCase()} policy cannot run a stream`,
      );
    }
    expect(
      () =>
        class {
          @Guard(pipeline(timeout(5), fallback({ value: [] })))
          async *read() {
            yield 1;
          }
        },
    ).toThrow(/a fallback policy cannot run a stream/);
  });
});

describe('a timeout on an async generator', () => {
  it('bounds each item, not the whole, and not the time the consumer takes', async () => {
    const clock = new ManualClock();
    class Rows {
      @Timeout({ duration: 100, clock })
      async *read() {
        for (const row of ['a', 'b', 'c']) {
          await sleep(clock, 80);
          yield row;
        }
      }
    }
    const rows = new Rows().read();
    for (const row of ['a', 'b', 'c']) {
      const next = rows.next();
      await clock.advance(80);
      expect(await next).toEqual({ done: false, value: row });
      await clock.advance(10_000);
    }
    expect((await rows.next()).done).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('ends the iteration when an item is late', async () => {
    const clock = new ManualClock();
    let hasEnded = false;
    class Rows {
      @Timeout({ duration: 100, clock })
      async *read() {
        try {
          yield 'a';
          await sleep(clock, 150);
          yield 'b';
        } finally {
          hasEnded = true;
        }
      }
    }
    const rows = new Rows().read();
    await rows.next();
    const late = expect(rows.next()).rejects.toBeInstanceOf(TimeoutError);
    await clock.advance(100);
    await late;
    expect(await rows.next()).toEqual({ done: true, value: undefined });
    expect(hasEnded).toBe(false);
    // The generator is told, and ends as soon as what it waits for lets it.
    await clock.advance(50);
    expect(hasEnded).toBe(true);
  });

  it('ends the generator as well when it is the first item that is late', async () => {
    const clock = new ManualClock();
    const log: string[] = [];
    class Rows {
      @Timeout({ duration: 100, clock })
      async *read() {
        try {
          await sleep(clock, 150);
          log.push('woke up');
          yield 'a';
          log.push('was asked for more');
        } finally {
          log.push('ended');
        }
      }
    }
    const late = expect(new Rows().read().next()).rejects.toBeInstanceOf(TimeoutError);
    await clock.advance(100);
    await late;
    await clock.advance(50);
    expect(log).toEqual(['woke up', 'ended']);
  });
});

describe('a bulkhead on an async generator', () => {
  const permits = bulkhead({ maxConcurrent: 1, name: 'rows' });
  class Rows {
    ended = 0;
    @Bulkhead(permits)
    async *read(fails = false) {
      try {
        yield 1;
        if (fails) throw new Error('broken row');
        yield 2;
      } finally {
        this.ended++;
      }
    }
  }

  it('holds one permit from the first item to the end', async () => {
    const rows = new Rows().read();
    expect(permits.running).toBe(0);
    await rows.next();
    expect(permits.running).toBe(1);
    await expect(new Rows().read().next()).rejects.toMatchObject({ code: 'HOLDFAST_BULKHEAD_FULL', policy: 'rows' });
    await rows.next();
    expect(permits.running).toBe(1);
    expect((await rows.next()).done).toBe(true);
    expect(permits.running).toBe(0);
  });

  it('has its permit back after a break', async () => {
    const source = new Rows();
    for await (const row of source.read()) {
      expect(permits.running).toBe(1);
      if (row === 1) break;
    }
    expect(permits.running).toBe(0);
    expect(source.ended).toBe(1);
  });

  it('has its permit back after an exception in the loop of the consumer', async () => {
    const consume = async () => {
      for await (const _row of new Rows().read()) throw new Error('the consumer');
    };
    await expect(consume()).rejects.toThrow('the consumer');
    expect(permits.running).toBe(0);
  });

  it('has its permit back after a failure of the generator', async () => {
    await expect(collect(new Rows().read(true))).rejects.toThrow('broken row');
    expect(permits.running).toBe(0);
  });

  it('has its permit back when the iteration is disposed of', async () => {
    const rows = new Rows().read() as AsyncGenerator<number> & AsyncDisposable;
    await rows.next();
    await rows[Symbol.asyncDispose]();
    expect(permits.running).toBe(0);
  });

  it('lets the next iteration wait for its turn', async () => {
    const queued = bulkhead({ maxConcurrent: 1, maxQueue: 1 });
    class Queued {
      @Bulkhead(queued)
      async *read(id: string) {
        yield id;
      }
    }
    const [first, second] = [new Queued().read('a'), new Queued().read('b')];
    await first.next();
    const waiting = second.next();
    await new ManualClock().advance(0);
    expect(queued.waiting).toBe(1);
    await first.return(undefined);
    expect(await waiting).toEqual({ done: false, value: 'b' });
    await second.return(undefined);
    expect(queued.running).toBe(0);
  });
});

describe('a retry on an async generator', () => {
  const clock = new ManualClock();
  const settings = { maxAttempts: 3, baseDelay: 100, jitter: false, clock } as const;

  it('starts anew until there is a first item', async () => {
    const log: string[] = [];
    class Rows {
      starts = 0;
      @Retry(settings)
      async *read() {
        log.push(`start ${++this.starts}`);
        try {
          if (this.starts < 3) throw new Error('down');
          yield 'a';
          yield 'b';
        } finally {
          log.push('end');
        }
      }
    }
    const rows = collect(new Rows().read());
    await clock.advance(300);
    expect(await rows).toEqual(['a', 'b']);
    expect(log).toEqual(['start 1', 'end', 'start 2', 'end', 'start 3', 'end']);
  });

  it('passes on a failure after the first item, which has been handed out', async () => {
    let starts = 0;
    class Rows {
      @Retry(settings)
      async *read() {
        starts++;
        yield 'a';
        throw new Error('broken row');
      }
    }
    const rows = new Rows().read();
    expect(await rows.next()).toEqual({ done: false, value: 'a' });
    await expect(rows.next()).rejects.toThrow('broken row');
    expect(starts).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('passes on the last failure, and the iteration is over', async () => {
    let starts = 0;
    class Rows {
      @Retry(settings)
      async *read(): AsyncGenerator<number> {
        throw new Error(`down ${++starts}`);
      }
    }
    const rows = new Rows().read();
    const failure = expect(rows.next()).rejects.toThrow('down 3');
    await clock.advance(1_000);
    await failure;
    expect(await rows.next()).toEqual({ done: true, value: undefined });
  });

  it('counts a late first item as a failed attempt, and takes a permit for each', async () => {
    const permits = bulkhead(1);
    const seen: number[] = [];
    let starts = 0;
    class Rows {
      @Retry(settings)
      @Bulkhead(permits)
      @Timeout({ duration: 50, clock })
      async *read() {
        starts++;
        seen.push(permits.running);
        if (starts === 1) await never();
        yield starts;
      }
    }
    const rows = new Rows().read();
    const first = rows.next();
    await clock.advance(50);
    expect(permits.running).toBe(0);
    await clock.advance(100);
    expect(await first).toEqual({ done: false, value: 2 });
    expect(seen).toEqual([1, 1]);
    expect(permits.running).toBe(1);
    await rows.return(undefined);
    expect(permits.running).toBe(0);
  });
});

describe('a circuit breaker on an async generator', () => {
  it('counts a stream that breaks off as a failure, and one that is no longer wanted as a success', async () => {
    const breaker = circuitBreaker({ failureThreshold: 2, name: 'rows' });
    class Rows {
      @CircuitBreaker(breaker)
      async *read(fails: boolean) {
        yield 1;
        if (fails) throw new Error('broken row');
        yield 2;
      }
    }
    const rows = new Rows();
    await expect(collect(rows.read(true))).rejects.toThrow('broken row');
    for await (const _row of rows.read(false)) break;
    await expect(collect(rows.read(true))).rejects.toThrow('broken row');
    expect(breaker.state).toBe('closed');
    await expect(collect(rows.read(true))).rejects.toThrow('broken row');
    expect(breaker.state).toBe('open');
    await expect(collect(rows.read(false))).rejects.toMatchObject({ code: 'HOLDFAST_CIRCUIT_OPEN' });
  });
});

describe('stacked decorators on an async generator', () => {
  it('behave as one pipeline in the same order', async () => {
    const course = async (decorate: (clock: ManualClock) => (target: Anything, context: Anything) => Anything) => {
      const clock = new ManualClock();
      const log: string[] = [];
      let starts = 0;
      class Rows {
        @(decorate(clock) as Anything)
        async *read() {
          log.push(`${clock.now()}: start`);
          if (++starts < 3) await never();
          yield 'a';
        }
      }
      const rows = collect(new Rows().read()).then(
        (all) => log.push(`${clock.now()}: ${all.join()}`),
        (error: Error) => log.push(`${clock.now()}: ${error.name}`),
      );
      await clock.advance(1_000);
      await rows;
      return log;
    };
    const settings = (clock: ManualClock) => ({ maxAttempts: 3, baseDelay: 10, jitter: false, clock }) as const;
    const stacked = await course((clock) => (method, context) => {
      const timed = Timeout({ duration: 50, clock })(method, context);
      return Retry(settings(clock))(timed, context);
    });
    const piped = await course(
      (clock) => Guard(pipeline(retry(settings(clock)), timeout({ duration: 50, clock }))) as Anything,
    );
    expect(stacked).toEqual(['0: start', '60: start', '130: start', '130: a']);
    expect(stacked).toEqual(piped);
  });

  it('still work when a foreign decorator in between hands the generator on', async () => {
    const permits = bulkhead(1);
    const foreign = (method: Anything, _context: Anything): Anything =>
      async function* (this: unknown, ...args: unknown[]) {
        yield* method.apply(this, args);
      };
    class Rows {
      @Bulkhead(permits)
      @foreign
      @Timeout(1_000)
      async *read(first: number) {
        yield first;
        yield permits.running;
      }
    }
    expect(await collect(new Rows().read(7))).toEqual([7, 1]);
    expect(permits.running).toBe(0);
  });

  it('say what to do when the generator cannot be recognised, being compiled for an old target', async () => {
    class Rows {
      @Timeout(1_000)
      // What compilers for targets before ES2018 make of an async generator: a plain function.
      read(): AsyncGenerator<number> {
        return (async function* () {
          yield 1;
        })();
      }
    }
    await expect(new Rows().read() as unknown as Promise<never>).rejects.toThrow(
      /^read returned an async iterator.*ES2018/,
    );
  });
});
