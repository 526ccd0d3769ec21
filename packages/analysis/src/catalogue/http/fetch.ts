import type { CatalogueModule } from '../catalogue.js';

/** The globals: neither has a timeout of its own. */
export const globals: CatalogueModule = {
  module: 'global',
  kind: 'http',
  docs: 'https://fetch.spec.whatwg.org/#fetch-method',
  exports: {
    fetch: {
      effect: { methodOption: 'method', otherwise: 'GET' },
      options: 1,
      signal: 'signal',
      carrier: 'Request',
      returns: 'Response',
      resolvesOnErrorStatus: true,
    },
  },
};
