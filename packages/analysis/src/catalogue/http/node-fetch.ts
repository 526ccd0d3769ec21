import type { CatalogueModule, MemberRow } from '../catalogue.js';

const fetch: MemberRow = {
  effect: { methodOption: 'method', otherwise: 'GET' },
  options: 1,
  signal: 'signal',
  carrier: 'Request',
  returns: 'Response',
  resolvesOnErrorStatus: true,
};

/** Waits for ever by default. Version 2 had a `timeout` option, which version 3 ignores. */
export const nodeFetch: CatalogueModule = {
  module: 'node-fetch',
  kind: 'http',
  docs: 'https://github.com/node-fetch/node-fetch#request-cancellation-with-abortsignal',
  exports: { default: { ...fetch, timeout: ['timeout'] } },
};

/** The `fetch` of the platform, or `node-fetch` 2 where there is none. */
export const crossFetch: CatalogueModule = {
  module: 'cross-fetch',
  kind: 'http',
  docs: 'https://github.com/lquixada/cross-fetch#usage',
  exports: { default: fetch, fetch },
};

export const isomorphicFetch: CatalogueModule = {
  module: 'isomorphic-fetch',
  also: ['isomorphic-unfetch'],
  kind: 'http',
  docs: 'https://github.com/matthew-andrews/isomorphic-fetch#readme',
  exports: { default: fetch },
};
