import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { systemClock, type Clock, type Timer } from '../clock.js';
import { ManualClock } from '../testing.js';
import { Deadlines, NOT_LISTED, type Expiring } from './deadlines.js';

class Entry implements Expiring {
  deadline = NOT_LISTED;
  later: Expiring | undefined = undefined;
  readonly expire: (lateness: number) => void;

  constructor(expire: (lateness: number) => void = () => {}) {
    this.expire = expire;
  }
}

/** A clock with the turns of an event loop: timers fire and polls end only when told. */
class LoopClock implements Clock {
  time = 0;
  timers: { due: number; callback: () => void }[] = [];
  polls: (() => void)[] = [];

  now(): number {
    return this.time;
  }

  setTimer(callback: () => void, delay: number): Timer {
    const timer = { due: this.time + delay, callback };
    this.timers.push(timer);
    return { cancel: () => void (this.timers = this.timers.filter((other) => other !== timer)) };
  }

  afterPoll(callback: () => void): boolean {
    this.polls.push(callback);
    return true;
  }

  fireTimers(): void {
    const due = this.timers.filter((timer) => timer.due <= this.time);
    this.timers = this.timers.filter((timer) => timer.due > this.time);
    for (const { callback } of due) callback();
  }

  endPoll(): void {
    for (const callback of this.polls.splice(0)) callback();
  }
}

describe('a list of deadlines', () => {
  it('expires an entry when its duration has passed, and not before', async () => {
    const clock = new ManualClock();
    const deadlines = new Deadlines(100, clock);
    const expire = vi.fn();
    deadlines.add(new Entry(expire));
    await clock.advance(99);
    expect(expire).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(expire).toHaveBeenCalledTimes(1);
    expect(deadlines.size).toBe(0);
  });

  it('is served by one timer, which is gone when the last entry is', async () => {
    const clock = new ManualClock();
    const deadlines = new Deadlines(100, clock);
    const entries = Array.from({ length: 50 }, () => new Entry());
    for (const entry of entries) {
      deadlines.add(entry);
      await clock.advance(1);
    }
    expect(clock.pending).toBe(1);
    for (const entry of entries) deadlines.remove(entry);
    expect(clock.pending).toBe(0);
  });

  it('expires in the order of arrival, each at its own time', async () => {
    const clock = new ManualClock();
    const deadlines = new Deadlines(100, clock);
    const expired: [number, number][] = [];
    for (let i = 0; i < 5; i++) {
      deadlines.add(new Entry(() => expired.push([i, clock.now()])));
      await clock.advance(10);
    }
    await clock.advance(1000);
    expect(expired).toEqual([0, 1, 2, 3, 4].map((i) => [i, 100 + 10 * i]));
  });

  it('never expires an entry that was removed, wherever it stood', async () => {
    const clock = new ManualClock();
    const deadlines = new Deadlines(100, clock);
    const expired: number[] = [];
    const entries = [0, 1, 2, 3, 4].map((i) => new Entry(() => expired.push(i)));
    for (const entry of entries) deadlines.add(entry);
    for (const i of [0, 2, 4]) deadlines.remove(entries[i]!);
    deadlines.remove(entries[4]!);
    expect(deadlines.size).toBe(2);
    await clock.advance(100);
    expect(expired).toEqual([1, 3]);
  });

  it('an entry that is added by an expiry gets its whole duration', async () => {
    const clock = new ManualClock();
    const deadlines = new Deadlines(100, clock);
    const at: number[] = [];
    deadlines.add(
      new Entry(() => {
        at.push(clock.now());
        deadlines.add(new Entry(() => at.push(clock.now())));
      }),
    );
    await clock.advance(1000);
    expect(at).toEqual([100, 200]);
  });

  it('an expiry may remove the entries behind it', async () => {
    const clock = new ManualClock();
    const deadlines = new Deadlines(100, clock);
    const expired: string[] = [];
    const second = new Entry(() => expired.push('second'));
    deadlines.add(
      new Entry(() => {
        expired.push('first');
        deadlines.remove(second);
      }),
    );
    deadlines.add(second);
    deadlines.add(new Entry(() => expired.push('third')));
    await clock.advance(100);
    expect(expired).toEqual(['first', 'third']);
  });

  it('sweeps removed entries out before they outnumber the live by much', () => {
    const clock = new ManualClock();
    const deadlines = new Deadlines(100, clock);
    const lasting = new Entry();
    deadlines.add(lasting);
    for (let i = 0; i < 10_000; i++) {
      const entry = new Entry();
      deadlines.add(entry);
      deadlines.remove(entry);
    }
    let linked = 0;
    for (let entry: Expiring | undefined = lasting; entry; entry = entry.later) linked++;
    expect(linked).toBeLessThan(300);
  });

  it('a removed entry that somebody still holds does not keep later ones alive', () => {
    const deadlines = new Deadlines(100, new ManualClock());
    const held = new Entry();
    deadlines.add(held);
    const other = new Entry();
    deadlines.add(other);
    deadlines.remove(held);
    deadlines.remove(other);
    expect(held.later).toBeUndefined();
  });

  it('a duration with a fraction is rounded up', async () => {
    const clock = new ManualClock();
    const deadlines = new Deadlines(10.4, clock);
    const expire = vi.fn();
    deadlines.add(new Entry(expire));
    await clock.advance(10.5);
    expect(expire).not.toHaveBeenCalled();
    await clock.advance(0.5);
    expect(expire).toHaveBeenCalledTimes(1);
  });

  it('any course of events expires exactly who was not removed, in order, never early and at most one ms late', async () => {
    const course = fc.array(
      fc.oneof(
        fc.constant('add' as const),
        fc.record({ remove: fc.nat() }),
        fc.record({ advance: fc.double({ min: 0, max: 60, noNaN: true }) }),
      ),
      { maxLength: 150 },
    );
    await fc.assert(
      fc.asyncProperty(course, fc.double({ min: 0.1, max: 100, noNaN: true }), async (steps, duration) => {
        const clock = new ManualClock();
        const deadlines = new Deadlines(duration, clock);
        let running: { entry: Entry; addedAt: number; number: number }[] = [];
        let added = 0;
        let latest = -1;
        for (const step of steps) {
          if (step === 'add') {
            const number = added++;
            const record = {
              number,
              addedAt: clock.now(),
              entry: new Entry(() => {
                expect(running).toContain(record);
                expect(clock.now() - record.addedAt).toBeGreaterThanOrEqual(duration - 1e-9);
                expect(clock.now() - record.addedAt).toBeLessThanOrEqual(duration + 1 + 1e-9);
                expect(number).toBeGreaterThan(latest);
                latest = number;
                running = running.filter((other) => other !== record);
              }),
            };
            running.push(record);
            deadlines.add(record.entry);
          } else if ('remove' in step) {
            if (running.length === 0) continue;
            const record = running[step.remove % running.length]!;
            running = running.filter((other) => other !== record);
            deadlines.remove(record.entry);
          } else await clock.advance(step.advance);
          expect(deadlines.size).toBe(running.length);
          for (const { addedAt } of running) expect(clock.now() - addedAt).toBeLessThan(duration + 1);
        }
        await clock.advance(200);
        expect(running).toEqual([]);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the event loop', () => {
  it('time begins to count when the turn is over: a turn that is busy with other work is not charged', () => {
    const clock = new LoopClock();
    const deadlines = new Deadlines(100, clock);
    const expire = vi.fn();
    deadlines.add(new Entry(expire));
    clock.time = 80;
    clock.endPoll();
    clock.time = 179;
    clock.fireTimers();
    expect(expire).not.toHaveBeenCalled();
    clock.time = 180;
    clock.fireTimers();
    expect(expire).toHaveBeenCalledTimes(1);
  });

  it('an entry that is gone within its turn never costs a timer', () => {
    const clock = new LoopClock();
    const deadlines = new Deadlines(100, clock);
    const entry = new Entry();
    deadlines.add(entry);
    deadlines.remove(entry);
    clock.endPoll();
    expect(clock.timers).toEqual([]);
  });

  it('after a blocked loop, answers that have arrived meanwhile settle their calls before time is called', () => {
    const clock = new LoopClock();
    const deadlines = new Deadlines(100, clock);
    const [answered, hung] = [vi.fn(), vi.fn()];
    const entry = new Entry(answered);
    deadlines.add(entry);
    deadlines.add(new Entry(hung));
    clock.endPoll();
    clock.time = 500;
    clock.fireTimers();
    expect(hung).not.toHaveBeenCalled();
    deadlines.remove(entry);
    clock.endPoll();
    expect(answered).not.toHaveBeenCalled();
    expect(hung).toHaveBeenCalledWith(400);
  });

  it('a timer that is a little late expires at once', () => {
    const clock = new LoopClock();
    const deadlines = new Deadlines(100, clock);
    const expire = vi.fn();
    deadlines.add(new Entry(expire));
    clock.endPoll();
    clock.time = 110;
    clock.fireTimers();
    expect(expire).toHaveBeenCalledWith(10);
  });

  // The first entry without a time was taken out by the timer of an earlier one, and the others were lost with it, for ever.
  it('an entry gets its time although the one before it came and went in a turn in which an earlier one expired', () => {
    const clock = new LoopClock();
    const deadlines = new Deadlines(100, clock);
    const expired: string[] = [];
    deadlines.add(new Entry(() => expired.push('earlier')));
    clock.endPoll();
    clock.time = 100;
    const quick = new Entry(() => expired.push('quick'));
    deadlines.add(quick);
    deadlines.add(new Entry(() => expired.push('slow')));
    deadlines.remove(quick);
    clock.fireTimers();
    clock.endPoll();
    expect(expired).toEqual(['earlier']);
    clock.time = 200;
    clock.fireTimers();
    expect(expired).toEqual(['earlier', 'slow']);
    expect(deadlines.size).toBe(0);
  });

  it('no order of turns loses an entry, expires one early, or leaves a timer behind', () => {
    const course = fc.array(
      fc.oneof(
        { weight: 4, arbitrary: fc.constant('add' as const) },
        { weight: 4, arbitrary: fc.record({ remove: fc.nat() }) },
        { weight: 2, arbitrary: fc.record({ pass: fc.integer({ min: 0, max: 70 }) }) },
        { weight: 2, arbitrary: fc.constant('timers' as const) },
        { weight: 2, arbitrary: fc.constant('poll' as const) },
      ),
      { maxLength: 100 },
    );
    fc.assert(
      fc.property(course, (steps) => {
        const clock = new LoopClock();
        const deadlines = new Deadlines(50, clock);
        const running = new Map<Entry, number>();
        for (const step of steps) {
          if (step === 'add') {
            const entry = new Entry(() => {
              expect(clock.time - running.get(entry)!).toBeGreaterThanOrEqual(50);
              running.delete(entry);
            });
            running.set(entry, clock.time);
            deadlines.add(entry);
          } else if (step === 'timers') clock.fireTimers();
          else if (step === 'poll') clock.endPoll();
          else if ('pass' in step) clock.time += step.pass;
          else if (running.size > 0) {
            const entry = [...running.keys()][step.remove % running.size]!;
            running.delete(entry);
            deadlines.remove(entry);
          }
          expect(deadlines.size).toBe(running.size);
        }
        for (let turn = 0; turn < 5; turn++) {
          clock.time += 60;
          clock.fireTimers();
          clock.endPoll();
        }
        expect(running.size).toBe(0);
        expect(clock.timers).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('fake timers', () => {
  it('an entry expires under timers that were faked after the list was made', async () => {
    const deadlines = new Deadlines(1000, systemClock);
    vi.useFakeTimers();
    try {
      const expire = vi.fn();
      deadlines.add(new Entry(expire));
      await vi.advanceTimersByTimeAsync(999);
      expect(expire).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(expire).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });

  // Class-level policies outlive a test: its hung call stood in the list, with a time of a clock that was gone.
  it('a call that hung in one test does not hold up the timeouts of the next', async () => {
    const deadlines = new Deadlines(1000, systemClock);
    const hung = new Entry();
    vi.useFakeTimers();
    await vi.advanceTimersByTimeAsync(60_000);
    deadlines.add(hung);
    vi.useRealTimers();
    vi.useFakeTimers();
    try {
      const expire = vi.fn();
      deadlines.add(new Entry(expire));
      await vi.advanceTimersByTimeAsync(999);
      expect(expire).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(expire).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });
});
