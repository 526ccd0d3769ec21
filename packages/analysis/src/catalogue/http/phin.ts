import type { CatalogueModule, MemberRow } from '../catalogue.js';

const configured: MemberRow = {
  effect: { methodOption: 'method', otherwise: 'GET' },
  options: 0,
  timeout: ['timeout'],
};

/** Waits for ever by default. */
export const phin: CatalogueModule = {
  module: 'phin',
  kind: 'http',
  docs: 'https://github.com/ethanent/phin#readme',
  exports: { default: configured, promisified: configured, unpromisified: configured },
};
