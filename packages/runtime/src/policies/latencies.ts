const KEPT = 256;
const FRESH_FOR = 32;

/** The latest latencies, and a quantile of them that costs a sort once in a while, whatever the traffic. */
export class Latencies {
  private readonly ring = new Float64Array(KEPT);
  private count = 0;
  private known: number | undefined;

  add(ms: number): void {
    this.ring[this.count++ % KEPT] = ms;
    if (this.count % FRESH_FOR === 0) this.known = undefined;
  }

  /** Undefined until there are enough to tell. */
  quantile(share: number): number | undefined {
    if (this.count < FRESH_FOR) return undefined;
    if (this.known === undefined) {
      const sorted = this.ring.slice(0, Math.min(this.count, KEPT)).sort();
      this.known = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
    }
    return this.known;
  }
}
