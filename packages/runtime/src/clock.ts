/** A timer that has been set; cancelling one that has fired does nothing. */
export interface Timer {
  cancel(): void;
}

/** Where policies take the time from. `systemClock` by default; a `ManualClock` (from `./testing`) in tests. */
export interface Clock {
  /** Milliseconds from an arbitrary start. Never goes back, whatever happens to the system's clock. */
  now(): number;
  /**
   * As `now`, but may lag behind it by one turn of the event loop: for counting into buckets, where reading the time would cost more
   * than everything else. Never mixed with `now` for one purpose.
   */
  coarseNow?(): number;
  /**
   * Calls back once, `delay` ms from now, never early.
   *
   * @param options.keepAlive Whether a process with nothing else to do waits for the timer.
   */
  setTimer(callback: () => void, delay: number, options?: { keepAlive?: boolean }): Timer;
  /**
   * Calls back once the event loop has polled for what came in meanwhile. False when the clock cannot say;
   * then it does not call back.
   */
  afterPoll?(callback: () => void): boolean;
}

// Node fires a longer timer after 1 ms.
const LONGEST_TIMEOUT = 2 ** 31 - 1;

// Fake timers (Vitest, Jest, node:test, Sinon) replace these globals after we are loaded: comparing tells who is in charge.
// Those that were there before us (Jest's `enableGlobally`) are known by their `clock`; then nothing is taken for real.
const realSetTimeout = 'clock' in globalThis.setTimeout ? undefined : globalThis.setTimeout;
const RealDate = globalThis.Date;
const realNow = globalThis.performance.now;
const isFaked = (): boolean => globalThis.setTimeout !== realSetTimeout;
/** Whether timers are faked but the time is not: it stands still for them, and fractions of a ms mean nothing. */
const isTimeReal = (): boolean => isFaked() && globalThis.Date === RealDate && performance.now === realNow;

class SystemTimer implements Timer {
  private handle: ReturnType<typeof setTimeout> | undefined;
  private readonly callback: () => void;
  private readonly due: number;
  private readonly keepAlive: boolean;
  /** What is left after the running stretch of a delay that is longer than Node's longest. */
  private rest = 0;

  constructor(callback: () => void, delay: number, keepAlive: boolean) {
    this.callback = callback;
    this.due = systemClock.now() + delay;
    this.keepAlive = keepAlive;
    this.arm(delay);
  }

  private arm(delay: number): void {
    const stretch = Math.min(delay, LONGEST_TIMEOUT);
    this.rest = delay - stretch;
    this.handle = setTimeout(this.fire, isTimeReal() ? Math.floor(stretch) : Math.ceil(stretch));
    if (!this.keepAlive) this.handle.unref?.();
  }

  // Node counts from the start of the turn in which a timer was armed, so after a long synchronous stretch it fires early.
  private readonly fire = (): void => {
    const left = isFaked() ? this.rest : this.due - systemClock.now();
    if (left > 0) this.arm(left);
    else this.callback();
  };

  cancel(): void {
    clearTimeout(this.handle);
  }
}

let timeOfTurn: number | undefined;
const endTurn = (): void => {
  timeOfTurn = undefined;
};

/** The monotonic clock of the process; follows the fake timers of a test runner while they are installed. */
export const systemClock: Clock = {
  now() {
    // node:test fakes Date but not performance: then Date is the clock that moves.
    if (isFaked() && globalThis.Date !== RealDate && performance.now === realNow) return Date.now();
    return performance.now();
  },
  coarseNow() {
    if (timeOfTurn !== undefined) return timeOfTurn;
    if (isFaked()) return systemClock.now();
    setImmediate(endTurn);
    return (timeOfTurn = performance.now());
  },
  setTimer(callback, delay, options) {
    return new SystemTimer(callback, delay, options?.keepAlive === true);
  },
  afterPoll(callback) {
    if (isFaked()) return false;
    // Referenced, because the loop would otherwise sleep in its poll without running it; gone after one turn.
    setImmediate(callback);
    return true;
  },
};
