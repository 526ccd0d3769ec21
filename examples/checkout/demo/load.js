import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What became of one order. Latency counts from the moment the customer meant to send it, so that a generator that falls
 * behind cannot flatter the service ("coordinated omission"). `late` says how far behind it was. All in milliseconds.
 *
 * @typedef {{ at: number, late: number, latency: number, end: 'served' | 'served without a quote' | 'error' | 'gave up' }} Outcome
 */

/**
 * Sends each order at its moment, whether or not earlier ones came back, and waits for each as long as a customer would.
 *
 * @param {{ url: string, arrivals: import('./arrivals.js').Arrival[], patience: number }} load `patience` in milliseconds.
 * @returns {Promise<Outcome[]>}
 */
export async function drive({ url, arrivals, patience }) {
  const start = performance.now();
  /** @type {Promise<Outcome>[]} */
  const outcomes = [];
  for (const { at, order } of arrivals) {
    const moment = start + at;
    const wait = moment - performance.now();
    if (wait > 0) await sleep(wait);
    const late = Math.max(0, performance.now() - moment);
    const left = Math.max(1, Math.round(patience - late));
    outcomes.push(placeOrder(url, order, left).then((end) => ({ at, late, latency: performance.now() - moment, end })));
  }
  return Promise.all(outcomes);
}

/**
 * @param {string} url
 * @param {object} order
 * @param {number} patience
 * @returns {Promise<Outcome['end']>}
 */
export async function placeOrder(url, order, patience) {
  const signal = AbortSignal.timeout(patience);
  try {
    const response = await fetch(`${url}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
      signal,
    });
    const body = /** @type {{ shipping?: { estimated: boolean } }} */ (await response.json());
    if (!response.ok) return 'error';
    return body.shipping?.estimated ? 'served without a quote' : 'served';
  } catch {
    return signal.aborted ? 'gave up' : 'error';
  }
}
