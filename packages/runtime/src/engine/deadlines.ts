import type { Clock, Timer } from '../clock.js';

/** Something that ends when its time is up. The links belong to the list it is in. */
export interface Expiring {
  /** When it expires, on the list's clock, in whole ms; `NOT_STAMPED` or `NOT_LISTED` before and after. */
  deadline: number;
  later: Expiring | undefined;
  /** @param lateness How long after the deadline this is called, in ms. */
  expire(lateness: number): void;
}

export const NOT_LISTED = -1;
const NOT_STAMPED = -2;

/** A later firing than this means that the event loop was blocked: what has arrived meanwhile is let in first. */
const LAG_TOLERANCE = 20;
/** Removed entries are swept out when there are more of them than live ones, and at least this many. */
const SWEEP_AT = 256;

/**
 * All running deadlines of one duration. As the duration is constant, the order of arrival is the order of deadlines: adding and
 * removing cost a few writes, and one real timer serves the earliest.
 *
 * Entries get their time after the turn of the event loop in which they came: a call that settles within the turn
 * never costs a clock reading, and what the turn spends on other work is not charged to the dependency.
 * Removing only marks an entry; sweeping takes the marked ones out before they can outnumber the live.
 */
export class Deadlines {
  readonly duration: number;
  private readonly clock: Clock;
  private head: Expiring | undefined;
  private tail: Expiring | undefined;
  private firstUnstamped: Expiring | undefined;
  private live = 0;
  private removed = 0;
  private isStampDue = false;
  private timer: Timer | undefined;
  private timerEpoch: unknown;

  constructor(duration: number, clock: Clock) {
    this.duration = duration;
    this.clock = clock;
  }

  get size(): number {
    return this.live;
  }

  add(entry: Expiring): void {
    entry.deadline = NOT_STAMPED;
    if (this.tail) this.tail.later = entry;
    else this.head = entry;
    this.tail = entry;
    this.firstUnstamped ??= entry;
    this.live++;
    if (this.isStampDue) return;
    if (this.clock.afterPoll?.(this.stamp)) this.isStampDue = true;
    else this.stamp();
  }

  remove(entry: Expiring): void {
    if (entry.deadline === NOT_LISTED) return;
    entry.deadline = NOT_LISTED;
    this.live--;
    if (this.live === 0) this.clear();
    else if (++this.removed > SWEEP_AT && this.removed > this.live) this.sweep();
  }

  private clear(): void {
    // Cut the links: an entry that somebody still holds must not keep all later ones alive.
    for (let entry = this.head; entry;) {
      const next: Expiring | undefined = entry.later;
      entry.later = undefined;
      entry = next;
    }
    this.head = this.tail = this.firstUnstamped = undefined;
    this.removed = 0;
    this.timer?.cancel();
    this.timer = undefined;
  }

  private sweep(): void {
    let last: Expiring | undefined;
    let firstUnstamped: Expiring | undefined;
    for (let entry = this.head, next: Expiring | undefined; entry; entry = next) {
      next = entry.later;
      if (entry.deadline === NOT_LISTED) {
        entry.later = undefined;
        continue;
      }
      if (entry.deadline === NOT_STAMPED) firstUnstamped ??= entry;
      if (last) last.later = entry;
      else this.head = entry;
      last = entry;
    }
    last!.later = undefined;
    this.tail = last;
    this.firstUnstamped = firstUnstamped;
    this.removed = 0;
  }

  private readonly stamp = (): void => {
    this.isStampDue = false;
    if (this.firstUnstamped) {
      // Whole milliseconds are kept without a heap number of their own; rounded up, so never early.
      const deadline = Math.ceil(this.clock.now() + this.duration);
      for (let entry: Expiring | undefined = this.firstUnstamped; entry; entry = entry.later) {
        if (entry.deadline === NOT_STAMPED) entry.deadline = deadline;
      }
      this.firstUnstamped = undefined;
    }
    this.arm();
  };

  private arm(): void {
    // A timer set under fake timers dies with them.
    if (this.timer && this.timerEpoch === globalThis.setTimeout) return;
    this.skipRemoved();
    const first = this.head;
    if (!first || first.deadline === NOT_STAMPED) return;
    const due = first.deadline;
    this.timerEpoch = globalThis.setTimeout;
    this.timer = this.clock.setTimer(() => this.fire(due), Math.max(0, due - this.clock.now()));
  }

  private fire(due: number): void {
    this.timer = undefined;
    const now = Math.max(due, this.clock.now());
    const lateness = now - due;
    // Give answers that arrived while the loop was blocked one chance to settle their calls.
    if (lateness > LAG_TOLERANCE && this.clock.afterPoll?.(() => this.expireUntil(now, lateness))) return;
    this.expireUntil(now, lateness);
  }

  private expireUntil(now: number, lateness: number): void {
    for (;;) {
      this.skipRemoved();
      const entry = this.head;
      if (!entry || entry.deadline === NOT_STAMPED || entry.deadline > now) break;
      this.head = entry.later;
      if (!this.head) this.tail = undefined;
      entry.later = undefined;
      entry.deadline = NOT_LISTED;
      this.live--;
      entry.expire(lateness);
    }
    if (this.live === 0) this.clear();
    else this.arm();
  }

  private skipRemoved(): void {
    while (this.head && this.head.deadline === NOT_LISTED) {
      const gone: Expiring = this.head;
      this.head = gone.later;
      gone.later = undefined;
      this.removed--;
    }
    if (!this.head) this.tail = undefined;
  }
}
