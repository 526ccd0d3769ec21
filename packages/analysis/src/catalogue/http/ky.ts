import type { CatalogueModule, MemberRow } from '../catalogue.js';

const retries = ['retry.limit', 'retry'];
const common = {
  options: 1,
  timeout: ['timeout'],
  retries,
  signal: 'signal',
  carrier: 'Request',
  returns: 'ResponsePromise',
} as const;
const fixed = (method: string): MemberRow => ({ ...common, effect: { method } });

/** Gives up after 10 s, retries included, and tries idempotent requests twice more. */
export const ky: CatalogueModule = {
  module: 'ky',
  kind: 'http',
  docs: 'https://github.com/sindresorhus/ky#timeout',
  client: {
    timeout: ['timeout'],
    ownTimeout: 10_000,
    retries,
    retryMethods: 'retry.methods',
    ownRetries: { count: 2, effects: 'idempotent' },
  },
  exports: { default: { is: 'KyInstance' } },
  types: {
    KyInstance: {
      called: { ...common, effect: { methodOption: 'method', otherwise: 'GET' } },
      members: {
        get: fixed('GET'),
        head: fixed('HEAD'),
        post: fixed('POST'),
        put: fixed('PUT'),
        patch: fixed('PATCH'),
        delete: fixed('DELETE'),
        create: { makes: 'KyInstance', options: 0 },
        extend: { makes: 'KyInstance', options: 0 },
      },
    },
  },
};
