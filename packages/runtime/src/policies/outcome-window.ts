/** Counts of recent calls with running sums: reading a rate costs the same however many calls there were. */
export interface OutcomeWindow {
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  add(now: number, isFailure: boolean, isSlow: boolean): void;
  clear(): void;
}

const FAILED = 1;
const SLOW = 2;

/** The last `size` calls. */
export class CountWindow implements OutcomeWindow {
  calls = 0;
  failures = 0;
  slow = 0;
  private readonly ring: Uint8Array;
  private next = 0;

  constructor(size: number) {
    this.ring = new Uint8Array(size);
  }

  add(_now: number, isFailure: boolean, isSlow: boolean): void {
    const { ring, next } = this;
    if (this.calls === ring.length) {
      const gone = ring[next]!;
      if (gone & FAILED) this.failures--;
      if (gone & SLOW) this.slow--;
    } else this.calls++;
    ring[next] = (isFailure ? FAILED : 0) | (isSlow ? SLOW : 0);
    if (isFailure) this.failures++;
    if (isSlow) this.slow++;
    this.next = next + 1 === ring.length ? 0 : next + 1;
  }

  clear(): void {
    this.calls = this.failures = this.slow = this.next = 0;
  }
}

const BUCKETS = 10;

/** The calls of the last `period` ms, in ten buckets: what is older than the period is gone, at most a tenth of it too early. */
export class TimeWindow implements OutcomeWindow {
  calls = 0;
  failures = 0;
  slow = 0;
  // Per bucket: calls, failures, slow calls.
  private readonly counts = new Int32Array(BUCKETS * 3);
  private readonly width: number;
  /** The number of the current bucket since the clock began. */
  private current = -Infinity;

  constructor(period: number) {
    this.width = period / BUCKETS;
  }

  add(now: number, isFailure: boolean, isSlow: boolean): void {
    const bucket = Math.floor(now / this.width);
    if (bucket !== this.current) this.advance(bucket);
    const at = (bucket % BUCKETS) * 3;
    this.counts[at]!++;
    this.calls++;
    if (isFailure) {
      this.counts[at + 1]!++;
      this.failures++;
    }
    if (isSlow) {
      this.counts[at + 2]!++;
      this.slow++;
    }
  }

  /** Empties every bucket that has passed, however long nothing happened. */
  private advance(bucket: number): void {
    if (bucket - this.current >= BUCKETS) {
      this.clear();
    } else {
      for (let passed = this.current + 1; passed <= bucket; passed++) {
        const at = (passed % BUCKETS) * 3;
        this.calls -= this.counts[at]!;
        this.failures -= this.counts[at + 1]!;
        this.slow -= this.counts[at + 2]!;
        this.counts.fill(0, at, at + 3);
      }
    }
    this.current = bucket;
  }

  clear(): void {
    this.counts.fill(0);
    this.calls = this.failures = this.slow = 0;
  }
}
