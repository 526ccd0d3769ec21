import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const fixed = (method: string): MemberRow => ({ effect: { method }, options: [0, 1], timeout: ['timeout'] });

/** Waits for ever by default. */
export const request: CatalogueModule = {
  module: 'request',
  also: ['request-promise', 'request-promise-native'],
  kind: 'http',
  docs: 'https://github.com/request/request#timeouts',
  client: { timeout: ['timeout'] },
  exports: { default: { is: 'RequestAPI' } },
  types: {
    RequestAPI: {
      called: { effect: { methodOption: 'method', otherwise: 'GET' }, options: [0, 1], timeout: ['timeout'] },
      members: {
        get: fixed('GET'),
        head: fixed('HEAD'),
        post: fixed('POST'),
        put: fixed('PUT'),
        patch: fixed('PATCH'),
        ...each('del delete', fixed('DELETE')),
        defaults: { makes: 'RequestAPI', options: 0 },
      },
    },
  },
};
