import { random } from './random.js';

/**
 * What each dependency says when it is well. `path` is a URL's path, split at the slashes.
 *
 * @type {Record<import('./weather.js').Dependency, (path: string[], query: URLSearchParams, request: number) => object>}
 */
export const ANSWERS = {
  payments: ([resource], _query, request) => ({ id: `${resource}-${request}` }),
  inventory: ([resource, id]) =>
    resource === 'stock'
      ? { sku: id, available: 1_000, priceInCents: 500 + Math.round(random(`price:${id}`) * 9_500) }
      : { status: 'done' },
  shipping: ([resource], query) =>
    resource === 'quotes'
      ? {
          priceInCents: 390 * Number(query.get('parcels') ?? 1),
          carrier: query.get('country') === 'US' ? 'UPS' : 'DHL',
        }
      : { status: 'on its way' },
  recommendations: ([, sku]) => ({ skus: [1, 2, 3].map((n) => `${sku}-${n}`) }),
};
