import type { CatalogueModule } from '../catalogue.js';

const retries = ['retry.retries', 'retry'];

/** Waits for ever and tries once by default; with `retry`, anything but a POST is repeated. */
export const makeFetchHappen: CatalogueModule = {
  module: 'make-fetch-happen',
  kind: 'http',
  docs: 'https://github.com/npm/make-fetch-happen#--optsretry',
  client: { timeout: ['timeout'], retries, ownRetries: { count: 0, effects: 'idempotent' } },
  exports: { default: { is: 'FetchInterface' } },
  types: {
    FetchInterface: {
      called: {
        effect: { methodOption: 'method', otherwise: 'GET' },
        options: 1,
        timeout: ['timeout'],
        retries,
        carrier: 'Request',
        returns: 'Response',
        resolvesOnErrorStatus: true,
      },
      members: { defaults: { makes: 'FetchInterface', options: [0, 1] }, delete: {} },
    },
  },
};
