import type { CatalogueModule } from '../catalogue.js';

/** Its breaker times out after 10 s by default, `timeout: false` turns that off. */
export const opossum: CatalogueModule = {
  module: 'opossum',
  docs: 'https://nodeshift.dev/opossum/',
  guards: [
    {
      export: 'default',
      name: 'CircuitBreaker',
      policies: ['circuit-breaker', 'timeout'],
      form: 'wraps',
      options: 1,
      duration: 'timeout',
    },
  ],
};
