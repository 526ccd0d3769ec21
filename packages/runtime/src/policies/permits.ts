import type { Clock, Timer } from '../clock.js';
import { BulkheadFullError, withoutStack } from '../errors.js';
import { show } from '../options.js';

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
  weight?: ((...args: never[]) => number) | undefined;
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
  /** Whether calls take different numbers of permits. */
  readonly isWeighted: boolean;
  private acquired = 0;
  // Doubly linked, so that anyone can leave from the middle.
  private first: QueuedCall | undefined;
  private last: QueuedCall | undefined;
  private queued = 0;

  constructor(options: PermitsOptions) {
    this.options = options;
    this.maxConcurrent = options.maxConcurrent;
    this.isWeighted = options.weight !== undefined;
  }

  get running(): number {
    return this.acquired;
  }

  get waiting(): number {
    return this.queued;
  }

  /**
   * How many permits the call takes.
   *
   * @throws {RangeError} For a weight that could never be granted.
   */
  weigh(self: unknown, args: readonly unknown[] | undefined): number {
    const { weight, maxConcurrent, name } = this.options;
    const permits = weight!.apply(self, (args ?? []) as never[]);
    if (Number.isInteger(permits) && permits >= 1 && permits <= maxConcurrent) return permits;
    throw new RangeError(`${name}: weight must return a whole number from 1 to ${maxConcurrent}, got ${show(permits)}`);
  }

  /** Takes the permits if they are free and nobody is waiting for them. */
  tryAcquire(weight = 1): boolean {
    if (this.acquired + weight > this.maxConcurrent || this.first !== undefined) return false;
    this.acquired += weight;
    return true;
  }

  /** @throws {BulkheadFullError} When the queue is full too. */
  wait(self: unknown, args: readonly unknown[] | undefined, weight = 1): Waiter {
    const { maxQueue, maxConcurrent, name, priority } = this.options;
    if (this.queued >= maxQueue) {
      const reason =
        maxQueue > 0
          ? `all ${maxConcurrent} permits and ${maxQueue} queue places are taken`
          : weight > 1
            ? `fewer than ${weight} of ${maxConcurrent} permits are free`
            : `all ${maxConcurrent} permits are taken`;
      this.options.onRejected('full');
      throw withoutStack(() => new BulkheadFullError({ policy: name, reason }));
    }
    const call = new QueuedCall(this, priority ? priority.apply(self, (args ?? []) as never[]) : 0, weight);
    this.insert(call);
    const { queueTimeout, clock } = this.options;
    if (queueTimeout !== undefined) {
      call.timer = clock.setTimer(() => {
        this.abandon(call);
        this.options.onRejected('queue-timeout');
        call.refuse(
          withoutStack(() => new BulkheadFullError({ policy: name, reason: `waited ${queueTimeout} ms in the queue` })),
        );
      }, queueTimeout);
    }
    return call;
  }

  /** Permits change hands and are never free in between. */
  release(weight = 1): void {
    this.acquired -= weight;
    this.handOver();
  }

  /** Who waits for many permits is not overtaken by those who wait for few. */
  private handOver(): void {
    for (let next = this.first; next && this.acquired + next.weight <= this.maxConcurrent; next = this.first) {
      this.acquired += next.weight;
      this.remove(next);
      next.grant();
    }
  }

  /** The call waits no longer: those behind it may fit now. */
  abandon(call: QueuedCall): void {
    this.remove(call);
    this.handOver();
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

  private remove(call: QueuedCall): void {
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
  readonly weight: number;
  isQueued = false;
  previous: QueuedCall | undefined = undefined;
  next: QueuedCall | undefined = undefined;
  timer: Timer | undefined = undefined;
  private readonly permits: Permits;

  constructor(permits: Permits, priority: number, weight: number) {
    this.permits = permits;
    this.weight = weight;
    this.priority = Number.isNaN(priority) ? 0 : priority;
    this.granted = new Promise((resolve, reject) => {
      this.grant = resolve;
      this.refuse = reject;
    });
  }

  leave(): void {
    this.permits.abandon(this);
  }

  giveBack(): void {
    this.permits.release(this.weight);
  }
}
