import { MessageChannel } from 'node:worker_threads';
import type { Clock, Timer } from './clock.js';

interface ManualTimer {
  due: number;
  order: number;
  callback: () => void;
}

/** A clock that only moves when it is told to. Give it to policies as their `clock`. */
export class ManualClock implements Clock {
  private time: number;
  private order = 0;
  private readonly timers = new Set<ManualTimer>();

  /** @param start The time it begins at, in ms. */
  constructor(start = 0) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  setTimer(callback: () => void, delay: number): Timer {
    const timer: ManualTimer = { due: this.time + Math.max(0, delay), order: this.order++, callback };
    this.timers.add(timer);
    return { cancel: () => void this.timers.delete(timer) };
  }

  /** Timers that are set and have not fired. */
  get pending(): number {
    return this.timers.size;
  }

  /**
   * Moves the time on by `ms`, firing what falls due in order. Before, after and between timers all promise callbacks that are due have run, so
   * timers they set within the stretch fire too.
   */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    for (;;) {
      const next = this.earliest();
      if (!next || next.due > end) break;
      this.timers.delete(next);
      this.time = Math.max(this.time, next.due);
      next.callback();
      await settled();
    }
    this.time = end;
    await settled();
  }

  private earliest(): ManualTimer | undefined {
    let first: ManualTimer | undefined;
    for (const timer of this.timers) {
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) first = timer;
    }
    return first;
  }
}

/** Lets every promise callback that is due run, however long the chain. */
function settled(): Promise<void> {
  // A message between ports arrives after all microtasks, and no test runner fakes it.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.once('message', () => {
      port1.close();
      resolve();
    });
    port2.postMessage(undefined);
  });
}

/**
 * Numbers from 0 to below 1 that are the same for the same seed: for `random` options and seeded tests.
 *
 * @see Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (SplitMix)
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 2 ** 32;
  };
}
