import { random } from '../dependencies/random.js';

/**
 * Orders as customers place them: at moments that do not depend on how the service is doing (Poisson arrivals, an "open
 * loop"), the same for the same seed.
 *
 * @typedef {{ at: number, order: { sku: string, quantity: number, country: string } }} Arrival `at` in milliseconds.
 * @param {{ seed: string, perSecond: number, length: number }} load
 * @returns {Arrival[]}
 */
export function arrivalsFor({ seed, perSecond, length }) {
  /** @type {Arrival[]} */
  const arrivals = [];
  for (let at = 0, n = 0; ; n++) {
    const draw = (/** @type {string} */ what) => random(`${seed}:arrival:${n}:${what}`);
    at += (-Math.log(1 - draw('gap')) * 1_000) / perSecond;
    if (at >= length) return arrivals;
    arrivals.push({
      at,
      order: {
        sku: `sku-${Math.floor(draw('sku') * 200)}`,
        quantity: 1 + Math.floor(draw('quantity') * 3),
        country: draw('country') < 0.3 ? 'US' : 'DE',
      },
    });
  }
}
