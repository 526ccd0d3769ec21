import type { CatalogueModule } from '../catalogue.js';

/** A builder that `.send()` sends. No timeout unless `.timeout(ms)`; an error status is a response like any other. */
export const centra: CatalogueModule = {
  module: 'centra',
  kind: 'http',
  docs: 'https://github.com/ethanent/centra#readme',
  exports: { default: { returns: 'CentraRequest' } },
  types: {
    CentraRequest: {
      lazy: { effect: 'unknown', resolvesOnErrorStatus: true },
      members: { timeout: { limits: true } },
    },
  },
};
