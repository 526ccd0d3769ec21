import assert from 'node:assert/strict';
import { bulkhead, Bulkhead, Retry, Timeout, TimeoutError } from '@holdfast/runtime';
import { currentAttempt, currentSignal } from '@holdfast/runtime/context';

const permits = bulkhead(1);

class Prices {
  #calls = 0;
  readonly signals: AbortSignal[] = [];

  @Retry({ baseDelay: 0, jitter: false })
  @Timeout(5_000)
  async #price(amount: number): Promise<string> {
    if (++this.#calls < 3) throw new Error('down');
    return `${amount} at attempt ${currentAttempt()}`;
  }

  price(amount: number): Promise<string> {
    return this.#price(amount);
  }

  @Timeout(10)
  slow = async (): Promise<never> => {
    await null;
    this.signals.push(currentSignal());
    return new Promise(() => {});
  };

  @Timeout(5_000)
  static async currency(): Promise<string> {
    return this.name;
  }

  @Bulkhead(permits)
  @Timeout(5_000)
  async *history(): AsyncGenerator<number> {
    yield* [1, 2, 3];
  }
}

// A timeout alone is no reason for a process to live on; the work would be.
const work = setInterval(() => {}, 1_000);
const prices = new Prices();
assert.equal(await prices.price(4), '4 at attempt 3');
assert.equal(await Prices.currency(), 'Prices');
assert.equal(Prices.prototype.history.name, 'history');

const failure = await prices.slow().catch((error: unknown) => error);
assert.ok(failure instanceof TimeoutError);
assert.equal(prices.signals[0]?.reason, failure);

for await (const price of prices.history()) {
  assert.equal(permits.running, 1);
  if (price === 2) break;
}
assert.equal(permits.running, 0);
clearInterval(work);
console.log('standard decorators work');
