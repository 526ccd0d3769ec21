import type { Clock, Timer } from '../clock.js';
import { BulkheadFullError, withoutStack } from '../errors.js';

/** A call that waits for its turn at a layer. */
export interface Waiter {
  /** Resolves when it is the call's turn; rejects when the policy gives up on it. */
  readonly granted: Promise<void>;
  /** Gives up waiting: the place in the queue is free at once. */
  leave(): void;
  /** Returns what was granted in the same turn in which the call was cut off. */
  giveBack(): void;
}

export interface PermitsOptions {
  name: string;
  maxConcurrent: number;
  maxQueue: number;
  queueTimeout: number | undefined;
  order: 'fifo' | 'lifo';
  priority: ((...args: never[]) => number) | undefined;
  clock: Clock;
  onRejected: (reason: string) => void;
}

/**
 * Permits and the queue for them, without a promise in its rules: a freed permit is handed to the next in line, never thrown open
 * to newcomers, so no accepted call is overtaken or refused later.
 */
export class Permits {
  private readonly options: PermitsOptions;
  private readonly maxConcurrent: number;
  private acquired = 0;
  // Doubly linked, so that anyone can leave from the middle.
  private first: QueuedCall | undefined;
  private last: QueuedCall | undefined;
  private queued = 0;

  constructor(options: PermitsOptions) {
    this.options = options;
    this.maxConcurrent = options.maxConcurrent;
  }

  get running(): number {
    return this.acquired;
  }

  get waiting(): number {
    return this.queued;
  }

  tryAcquire(): boolean {
    if (this.acquired >= this.maxConcurrent) return false;
    this.acquired++;
    return true;
  }

  /** @throws {BulkheadFullError} When the queue is full too. */
  wait(self: unknown, args: readonly unknown[] | undefined): Waiter {
    const { maxQueue, maxConcurrent, name, priority } = this.options;
    if (this.queued >= maxQueue) {
      const reason =
        maxQueue > 0
          ? `all ${maxConcurrent} permits and ${maxQueue} queue places are taken`
          : `all ${maxConcurrent} permits are taken`;
      this.options.onRejected('full');
      throw withoutStack(() => new BulkheadFullError({ policy: name, reason }));
    }
    const call = new QueuedCall(this, priority ? priority.apply(self, (args ?? []) as never[]) : 0);
    this.insert(call);
    const { queueTimeout, clock } = this.options;
    if (queueTimeout !== undefined) {
      call.timer = clock.setTimer(() => {
        this.remove(call);
        this.options.onRejected('queue-timeout');
        call.refuse(
          withoutStack(() => new BulkheadFullError({ policy: name, reason: `waited ${queueTimeout} ms in the queue` })),
        );
      }, queueTimeout);
    }
    return call;
  }

  release(): void {
    const next = this.first;
    if (!next) {
      this.acquired--;
      return;
    }
    // The permit changes hands and is never free in between.
    this.remove(next);
    next.grant();
  }

  /** Higher priorities first; among equals the longest wait, or under `lifo` the shortest. */
  private insert(call: QueuedCall): void {
    this.queued++;
    let before: QueuedCall | undefined;
    if (this.options.order === 'lifo') {
      before = this.first;
      while (before && before.priority > call.priority) before = before.next;
    } else {
      let after = this.last;
      while (after && after.priority < call.priority) after = after.previous;
      before = after ? after.next : this.first;
    }
    call.next = before;
    call.previous = before ? before.previous : this.last;
    if (call.previous) call.previous.next = call;
    else this.first = call;
    if (before) before.previous = call;
    else this.last = call;
    call.isQueued = true;
  }

  remove(call: QueuedCall): void {
    if (!call.isQueued) return;
    call.isQueued = false;
    this.queued--;
    call.timer?.cancel();
    if (call.previous) call.previous.next = call.next;
    else this.first = call.next;
    if (call.next) call.next.previous = call.previous;
    else this.last = call.previous;
    call.previous = call.next = undefined;
  }
}

class QueuedCall implements Waiter {
  readonly granted: Promise<void>;
  grant!: () => void;
  refuse!: (error: unknown) => void;
  readonly priority: number;
  isQueued = false;
  previous: QueuedCall | undefined = undefined;
  next: QueuedCall | undefined = undefined;
  timer: Timer | undefined = undefined;
  private readonly permits: Permits;

  constructor(permits: Permits, priority: number) {
    this.permits = permits;
    this.priority = Number.isNaN(priority) ? 0 : priority;
    this.granted = new Promise((resolve, reject) => {
      this.grant = resolve;
      this.refuse = reject;
    });
  }

  leave(): void {
    this.permits.remove(this);
  }

  giveBack(): void {
    this.permits.release();
  }
}
