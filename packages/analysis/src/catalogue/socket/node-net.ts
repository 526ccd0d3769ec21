import type { CatalogueModule, MemberRow } from '../catalogue.js';

const connected: MemberRow = { effect: 'read', options: 0, timeout: ['timeout'], signal: 'signal', returns: 'Socket' };

/** Waits for ever by default. `timeout` says that the socket is idle; closing it is left to its listener. */
export const nodeNet: CatalogueModule = {
  module: 'node:net',
  also: ['net'],
  kind: 'socket',
  docs: 'https://nodejs.org/api/net.html#netcreateconnectionoptions-connectlistener',
  exports: { connect: connected, createConnection: connected },
  types: { Socket: { members: { connect: { effect: 'read' } } } },
};
