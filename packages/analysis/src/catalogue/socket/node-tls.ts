import type { CatalogueModule } from '../catalogue.js';

/** Waits for ever by default. `timeout` says that the socket is idle; closing it is left to its listener. */
export const nodeTls: CatalogueModule = {
  module: 'node:tls',
  also: ['tls'],
  kind: 'socket',
  docs: 'https://nodejs.org/api/tls.html#tlsconnectoptions-callback',
  exports: { connect: { effect: 'read', options: [0, 1, 2], timeout: ['timeout'], returns: 'TLSSocket' } },
};
