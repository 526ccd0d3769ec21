import type { CatalogueModule } from './catalogue.js';

/** The global `fetch`: no timeout of its own. https://fetch.spec.whatwg.org/#fetch-method */
export const fetchApi: CatalogueModule = {
  module: 'global',
  kind: 'http',
  calls: [
    {
      export: 'fetch',
      method: { option: 'method', otherwise: 'GET' },
      options: [1],
      signal: 'signal',
      carrier: 'Request',
    },
  ],
};
