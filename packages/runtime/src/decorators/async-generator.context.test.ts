import { describe, expect, it } from 'vitest';
import { currentAttempt, currentSignal, remainingTime } from '../context.js';
import { guard, Retry, Timeout, timeout } from '../index.js';
import { ManualClock } from '../testing.js';

const sleep = (clock: ManualClock, ms: number) => new Promise<void>((resolve) => clock.setTimer(resolve, ms));

describe('the context inside a decorated async generator', () => {
  it('is that of the item being made, also after an await', async () => {
    const clock = new ManualClock();
    const signals: AbortSignal[] = [];
    const left: number[] = [];
    class Rows {
      @Timeout({ duration: 100, clock })
      async *read() {
        for (let row = 0; row < 3; row++) {
          await sleep(clock, 30);
          signals.push(currentSignal());
          left.push(remainingTime());
          yield row;
        }
      }
    }
    const rows = new Rows().read();
    for (let row = 0; row < 3; row++) {
      const next = rows.next();
      await clock.advance(30);
      expect((await next).value).toBe(row);
    }
    expect(left).toEqual([70, 70, 70]);
    expect(new Set(signals).size).toBe(3);
    await clock.advance(1_000);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false]);
  });

  it('has a signal that aborts when the item is late', async () => {
    const clock = new ManualClock();
    let signal!: AbortSignal;
    class Rows {
      @Timeout({ duration: 100, clock })
      async *read() {
        yield 1;
        signal = currentSignal();
        await sleep(clock, 500);
        yield 2;
      }
    }
    const rows = new Rows().read();
    await rows.next();
    const late = rows.next().catch((error: unknown) => error);
    await clock.advance(100);
    const error = await late;
    expect(error).toMatchObject({ code: 'HOLDFAST_TIMEOUT' });
    expect(signal.reason).toBe(error);
  });

  it('tells the attempt that the first item came from', async () => {
    const attempts: number[] = [];
    class Rows {
      @Retry({ maxAttempts: 3, baseDelay: 0, jitter: false })
      async *read() {
        attempts.push(currentAttempt());
        if (attempts.length < 3) throw new Error('down');
        yield 1;
        attempts.push(currentAttempt());
        yield 2;
      }
    }
    const rows = new Rows().read();
    expect([(await rows.next()).value, (await rows.next()).value]).toEqual([1, 2]);
    expect(attempts).toEqual([1, 2, 3, 3]);
  });

  it('ends with the guarded call in which the iteration was begun', async () => {
    const clock = new ManualClock();
    class Rows {
      @Timeout({ duration: 1_000, clock })
      async *read() {
        yield remainingTime();
        await sleep(clock, 500);
        yield 'too late';
      }
    }
    const seen: unknown[] = [];
    const consume = guard(
      async () => {
        for await (const row of new Rows().read()) seen.push(row);
      },
      timeout({ duration: 100, clock, name: 'outer' }),
    );
    const failure = expect(consume()).rejects.toMatchObject({ policy: 'outer' });
    await clock.advance(1_000);
    await failure;
    expect(seen).toEqual([100]);
  });
});
