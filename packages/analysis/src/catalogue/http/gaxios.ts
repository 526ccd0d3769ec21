import type { CatalogueModule, MemberRow } from '../catalogue.js';

const retries = ['retryConfig.retry', 'retry'];
const common = { timeout: ['timeout'], retries, signal: 'signal' } as const;
const configured: MemberRow = { ...common, effect: { methodOption: 'method', otherwise: 'GET' } };

/** Waits for ever and tries once by default; with `retry`, idempotent requests are tried up to 3 times more. */
export const gaxios: CatalogueModule = {
  module: 'gaxios',
  kind: 'http',
  docs: 'https://github.com/googleapis/gaxios#request-options',
  client: { timeout: ['timeout'], retries, ownRetries: { count: 0, effects: 'idempotent' } },
  defaults: 'defaults',
  exports: {
    request: { ...configured, options: 0 },
    instance: { is: 'Gaxios' },
  },
  types: {
    Gaxios: {
      constructed: { options: 0 },
      members: {
        request: { ...configured, options: 0 },
        fetch: { ...configured, options: [0, 1], carrier: 'Request' },
      },
    },
  },
};
