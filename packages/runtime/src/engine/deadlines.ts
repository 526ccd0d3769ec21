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
 * never costs a clock reading, and what the turn spends on other work is not charged to the dependency. Until then they
 * lie on a stack, which takes one write to a long-lived object where a queue would take three.
 * Removing only marks an entry; sweeping takes the marked ones out before they can outnumber the live.
 */
export class Deadlines {
  readonly duration: number;
  private readonly clock: Clock;
  /** Those of this turn, the latest first. */
  private newest: Expiring | undefined = undefined;
  /** Those with a time, the earliest first. */
  private head: Expiring | undefined = undefined;
  private tail: Expiring | undefined = undefined;
  private live = 0;
  private removed = 0;
  private isStampDue = false;
  private timer: Timer | undefined = undefined;
  private timerEpoch: unknown = undefined;

  constructor(duration: number, clock: Clock) {
    this.duration = duration;
    this.clock = clock;
  }

  get size(): number {
    return this.live;
  }

  add(entry: Expiring): void {
    entry.deadline = NOT_STAMPED;
    entry.later = this.newest;
    this.newest = entry;
    this.live++;
    if (!this.isStampDue) this.scheduleStamp();
  }

  private scheduleStamp(): void {
    if (this.clock.afterPoll?.(this.stamp)) this.isStampDue = true;
    else this.stamp();
  }

  remove(entry: Expiring): void {
    if (entry.deadline === NOT_LISTED) return;
    entry.deadline = NOT_LISTED;
    this.removed++;
    if (--this.live === 0) this.clear();
    else if (this.removed > SWEEP_AT && this.removed > this.live) this.sweep();
  }

  private clear(): void {
    // The links are cut, so that an entry that somebody still holds does not keep others alive.
    unlink(this.newest);
    this.newest = undefined;
    if (this.head !== undefined) {
      unlink(this.head);
      this.head = this.tail = undefined;
    }
    this.removed = 0;
    if (this.timer !== undefined) {
      this.timer.cancel();
      this.timer = undefined;
    }
  }

  private sweep(): void {
    [this.newest] = withoutRemoved(this.newest);
    [this.head, this.tail] = withoutRemoved(this.head);
    this.removed = 0;
  }

  private readonly stamp = (): void => {
    this.isStampDue = false;
    // Whole milliseconds are kept without a heap number of their own; rounded up, so never early.
    const now = this.clock.now();
    const deadline = Math.ceil(now + this.duration);
    if (this.timerEpoch !== globalThis.setTimeout) this.takeOver(deadline);
    // Turned over: first come, first to expire.
    const last = this.newest;
    let first: Expiring | undefined;
    for (let entry = last, next: Expiring | undefined; entry; entry = next) {
      next = entry.later;
      entry.later = first;
      first = entry;
      if (entry.deadline === NOT_STAMPED) entry.deadline = deadline;
    }
    this.newest = undefined;
    if (first) {
      if (this.tail) this.tail.later = first;
      else this.head = first;
      this.tail = last;
    }
    this.arm(now);
  };

  /** Nobody can have longer to go than who comes now: such times are those of fake timers, or of real ones, that are gone. */
  private takeOver(deadline: number): void {
    for (let entry = this.head; entry; entry = entry.later) entry.deadline = Math.min(entry.deadline, deadline);
  }

  private arm(now = this.clock.now()): void {
    // A timer set under fake timers dies with them.
    if (this.timer && this.timerEpoch === globalThis.setTimeout) return;
    this.skipRemoved();
    const first = this.head;
    if (!first) return;
    const due = first.deadline;
    this.timerEpoch = globalThis.setTimeout;
    this.timer = this.clock.setTimer(() => this.fire(due), Math.max(0, due - now));
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
      if (!entry || entry.deadline > now) break;
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

/** Cuts the links of a chain. */
function unlink(first: Expiring | undefined): void {
  for (let entry = first; entry !== undefined;) {
    const next: Expiring | undefined = entry.later;
    entry.later = undefined;
    entry = next;
  }
}

/** The chain without the removed entries: its first and last. */
function withoutRemoved(chain: Expiring | undefined): [first: Expiring | undefined, last: Expiring | undefined] {
  let first: Expiring | undefined;
  let last: Expiring | undefined;
  for (let entry = chain, next: Expiring | undefined; entry; entry = next) {
    next = entry.later;
    entry.later = undefined;
    if (entry.deadline === NOT_LISTED) continue;
    if (last) last.later = entry;
    else first = entry;
    last = entry;
  }
  return [first, last];
}
