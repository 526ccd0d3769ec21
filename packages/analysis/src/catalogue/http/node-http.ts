import type { CatalogueModule } from '../catalogue.js';

const common = { options: [0, 1], timeout: ['timeout'], signal: 'signal', returnsAtOnce: true } as const;

/** Waits for ever by default. `timeout` says that the socket is idle; ending the request is left to its listener. */
export const nodeHttp: CatalogueModule = {
  module: 'node:http',
  also: ['http', 'node:https', 'https'],
  kind: 'http',
  docs: 'https://nodejs.org/api/http.html#httprequesturl-options-callback',
  exports: {
    request: { ...common, effect: { methodOption: 'method', otherwise: 'GET' } },
    get: { ...common, effect: { method: 'GET' } },
  },
};
