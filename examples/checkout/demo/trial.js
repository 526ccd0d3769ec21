import { fileURLToPath } from 'node:url';
import { drive, placeOrder } from './load.js';
import { serve } from './processes.js';

const DEPENDENCIES = fileURLToPath(new URL('../dependencies/main.js', import.meta.url));
const WARM_UP = 20;

/**
 * Runs one version of the service against dependencies of its own, in processes of their own.
 *
 * @typedef {{ outcomes: import('./load.js').Outcome[], counts: Record<string, import('../dependencies/server.js').Counts> }} Trial
 * @param {{ main: string, cwd: string, seed: string, arrivals: import('./arrivals.js').Arrival[], patience: number }} options
 *   `main`: the compiled service.
 */
export async function prepareTrial({ main, cwd, seed, arrivals, patience }) {
  const dependencies = await serve([DEPENDENCIES, seed], { cwd, ready: /^\{.*\}$/ });
  const { control, ...urls } = JSON.parse(dependencies.ready[0]);
  const service = await serve([main], {
    cwd,
    env: {
      PORT: '0',
      PAYMENTS_URL: urls.payments,
      INVENTORY_URL: urls.inventory,
      SHIPPING_URL: urls.shipping,
      RECOMMENDATIONS_URL: urls.recommendations,
    },
    ready: /listening on (\S+)/,
  });
  const url = /** @type {string} */ (service.ready[1]);

  // Compilation of hot code and first connections are not what is measured.
  const warmUp = Array.from({ length: WARM_UP }, () =>
    placeOrder(url, { sku: 'warm', quantity: 1, country: 'DE' }, patience),
  );
  await Promise.all(warmUp);

  return {
    /** @returns {Promise<Trial>} */
    async run() {
      await fetch(`${control}/start`, { method: 'POST' });
      const outcomes = await drive({ url, arrivals, patience });
      // Read while the service still runs: its end would close the connections that it never gave up.
      const counts = /** @type {Trial['counts']} */ (await (await fetch(`${control}/counts`)).json());
      await Promise.all([service.stop(), dependencies.stop()]);
      return { outcomes, counts };
    },
  };
}
