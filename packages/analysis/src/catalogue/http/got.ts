import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const timeout = ['timeout.request', 'timeout'];
const retries = ['retry.limit', 'retry'];
const common = { timeout, retries, signal: 'signal' } as const;
const configured: MemberRow = {
  ...common,
  effect: { methodOption: 'method', otherwise: 'GET' },
  options: [0, 1],
};
const fixed = (method: string): MemberRow => ({ ...common, effect: { method }, options: [0, 1] });
const methods = {
  get: fixed('GET'),
  head: fixed('HEAD'),
  post: fixed('POST'),
  put: fixed('PUT'),
  patch: fixed('PATCH'),
  delete: fixed('DELETE'),
} as const;

/** Waits for ever by default, and tries idempotent requests twice more. */
export const got: CatalogueModule = {
  module: 'got',
  kind: 'http',
  docs: 'https://github.com/sindresorhus/got/blob/main/documentation/7-retry.md',
  client: { timeout, retries, retryMethods: 'retry.methods', ownRetries: { count: 2, effects: 'idempotent' } },
  exports: { default: { is: 'Got' }, got: { is: 'Got' } },
  types: {
    Got: {
      called: configured,
      members: {
        ...methods,
        extend: { makes: 'Got', options: 0 },
        stream: { is: 'GotStream' },
        paginate: { is: 'GotPaginate' },
      },
    },
    GotStream: {
      called: configured,
      members: methods,
      // A stream is sent again only by a listener for its `retry` event.
      client: { timeout },
    },
    GotPaginate: { called: configured, members: each('each all', configured) },
  },
};
