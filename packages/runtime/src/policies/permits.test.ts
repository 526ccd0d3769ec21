import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BulkheadFullError } from '../errors.js';
import { ManualClock } from '../testing.js';
import { Permits, type PermitsOptions, type Waiter } from './permits.js';

interface Queue {
  permits: Permits;
  clock: ManualClock;
  /** The names of waiters as they are let in. */
  admitted: string[];
  refused: string[];
  wait(name: string, ...args: unknown[]): Waiter;
}

function queue(options: Partial<PermitsOptions> = {}): Queue {
  const clock = new ManualClock();
  const admitted: string[] = [];
  const refused: string[] = [];
  const permits = new Permits({
    name: 'pool',
    maxConcurrent: 1,
    maxQueue: 10,
    queueTimeout: undefined,
    order: 'fifo',
    priority: undefined,
    clock,
    onRejected: () => {},
    ...options,
  });
  return {
    permits,
    clock,
    admitted,
    refused,
    wait(name, ...args) {
      const waiter = permits.wait(undefined, args);
      waiter.granted.then(
        () => admitted.push(name),
        () => refused.push(name),
      );
      return waiter;
    },
  };
}

describe('permits', () => {
  it('are given out up to the limit', () => {
    const { permits } = queue({ maxConcurrent: 2 });
    expect([permits.tryAcquire(), permits.tryAcquire(), permits.tryAcquire()]).toEqual([true, true, false]);
    permits.release();
    expect(permits.running).toBe(1);
    expect(permits.tryAcquire()).toBe(true);
  });

  it('a freed permit is handed to the next waiter and is never free in between', async () => {
    const { permits, wait, admitted, clock } = queue();
    permits.tryAcquire();
    wait('first');
    permits.release();
    expect(permits.running).toBe(1);
    expect(permits.tryAcquire()).toBe(false);
    await clock.advance(0);
    expect(admitted).toEqual(['first']);
  });

  it('a permit that was granted to somebody who is gone passes on to the next', async () => {
    const { permits, wait, admitted, clock } = queue();
    permits.tryAcquire();
    const gone = wait('gone');
    wait('next');
    permits.release();
    gone.giveBack();
    await clock.advance(0);
    expect(admitted).toEqual(['gone', 'next']);
    expect(permits.running).toBe(1);
    expect(permits.waiting).toBe(0);
  });
});

describe('the queue', () => {
  it('lets the longest wait in first', async () => {
    const { permits, wait, admitted, clock } = queue();
    permits.tryAcquire();
    for (const name of ['a', 'b', 'c']) wait(name);
    for (let i = 0; i < 3; i++) permits.release();
    await clock.advance(0);
    expect(admitted).toEqual(['a', 'b', 'c']);
  });

  it('lets the shortest wait in first under lifo', async () => {
    const { permits, wait, admitted, clock } = queue({ order: 'lifo' });
    permits.tryAcquire();
    for (const name of ['a', 'b', 'c']) wait(name);
    permits.release();
    wait('d');
    for (let i = 0; i < 3; i++) permits.release();
    await clock.advance(0);
    expect(admitted).toEqual(['c', 'd', 'b', 'a']);
  });

  it('lets higher priorities in first, and keeps the order among equals', async () => {
    const { permits, wait, admitted, clock } = queue({ priority: (priority: number) => priority });
    permits.tryAcquire();
    for (const [name, priority] of [
      ['low', 1],
      ['high', 9],
      ['middle', 5],
      ['high too', 9],
      ['low too', 1],
    ] as const)
      wait(name, priority);
    for (let i = 0; i < 5; i++) permits.release();
    await clock.advance(0);
    expect(admitted).toEqual(['high', 'high too', 'middle', 'low', 'low too']);
  });

  it('takes a priority that is not a number for 0', async () => {
    const { permits, wait, admitted, clock } = queue({ priority: (priority: number) => priority });
    permits.tryAcquire();
    for (const [name, priority] of [
      ['minus', -1],
      ['NaN', NaN],
      ['zero', 0],
      ['plus', 1],
    ] as const)
      wait(name, priority);
    for (let i = 0; i < 4; i++) permits.release();
    await clock.advance(0);
    expect(admitted).toEqual(['plus', 'NaN', 'zero', 'minus']);
  });

  it('a priority function that throws takes no place', () => {
    const { permits } = queue({
      priority: () => {
        throw new Error('no priority');
      },
    });
    permits.tryAcquire();
    expect(() => permits.wait(undefined, [])).toThrow('no priority');
    expect(permits.waiting).toBe(0);
  });

  it('refuses who finds it full, and says why', () => {
    const reasons: string[] = [];
    const { permits, wait } = queue({ maxQueue: 1, onRejected: (reason) => reasons.push(reason) });
    permits.tryAcquire();
    wait('in');
    expect(() => permits.wait(undefined, undefined)).toThrow(BulkheadFullError);
    expect(() => permits.wait(undefined, undefined)).toThrow('pool: all 1 permits and 1 queue places are taken');
    expect(reasons).toEqual(['full', 'full']);
  });

  it('who leaves frees the place at once, and is not let in later', async () => {
    const { permits, wait, admitted, clock } = queue({ maxQueue: 3 });
    permits.tryAcquire();
    const [a, , c] = [wait('a'), wait('b'), wait('c')];
    a.leave();
    c.leave();
    c.leave();
    expect(permits.waiting).toBe(1);
    wait('d');
    for (let i = 0; i < 3; i++) permits.release();
    await clock.advance(0);
    expect(admitted).toEqual(['b', 'd']);
    expect(permits.running).toBe(0);
  });

  it('gives up on who waits too long, and forgets the time limit of who is let in', async () => {
    const { permits, wait, admitted, refused, clock } = queue({ queueTimeout: 100 });
    permits.tryAcquire();
    wait('a');
    await clock.advance(60);
    wait('b');
    permits.release();
    await clock.advance(99);
    expect([admitted, refused]).toEqual([['a'], []]);
    await clock.advance(1);
    expect([admitted, refused]).toEqual([['a'], ['b']]);
    expect(clock.pending).toBe(0);
    expect(permits.waiting).toBe(0);
  });

  it('who leaves takes the time limit along', () => {
    const { permits, wait, clock } = queue({ queueTimeout: 100 });
    permits.tryAcquire();
    wait('a').leave();
    expect(clock.pending).toBe(0);
  });
});

describe('any course of events', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('arrive' as const), priority: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ do: fc.constant('release' as const) }),
      fc.record({ do: fc.constant('leave' as const), who: fc.nat() }),
    ),
    { maxLength: 80 },
  );

  it('never exceeds the limit, never leaks a permit, never overtakes and never refuses an accepted call', async () => {
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 5 }),
        fc.constantFrom('fifo' as const, 'lifo' as const),
        async (course, maxConcurrent, maxQueue, order) => {
          const { permits, wait, admitted, refused, clock } = queue({
            maxConcurrent,
            maxQueue,
            order,
            priority: (priority: number) => priority,
          });
          let held = 0;
          let model: { name: string; priority: number; waiter: Waiter }[] = [];
          const expected: string[] = [];
          for (const [index, step] of course.entries()) {
            if (step.do === 'arrive') {
              const name = String(index);
              if (permits.tryAcquire()) {
                // A newcomer is let in only past an empty queue.
                expect(model).toEqual([]);
                held++;
              } else if (model.length >= maxQueue) {
                expect(() => permits.wait(undefined, [step.priority])).toThrow(BulkheadFullError);
              } else {
                const entry = { name, priority: step.priority, waiter: wait(name, step.priority) };
                const place = model.findIndex(({ priority }) =>
                  order === 'lifo' ? priority <= step.priority : priority < step.priority,
                );
                model.splice(place < 0 ? model.length : place, 0, entry);
              }
            } else if (step.do === 'release' && held > 0) {
              permits.release();
              const next = model.shift();
              if (next) expected.push(next.name);
              else held--;
            } else if (step.do === 'leave' && model.length > 0) {
              const { waiter } = model[step.who % model.length]!;
              waiter.leave();
              model = model.filter((entry) => entry.waiter !== waiter);
            }
            expect(permits.running).toBe(held);
            expect(held).toBeLessThanOrEqual(maxConcurrent);
            expect(permits.waiting).toBe(model.length);
          }
          await clock.advance(0);
          expect(admitted).toEqual(expected);
          expect(refused).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
