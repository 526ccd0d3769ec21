import { each, type CatalogueModule } from '../catalogue.js';

/**
 * Connects in the background and again after a loss. `emit` is queued: nobody waits for an answer. `emitWithAck`
 * waits for ever unless `ackTimeout` or `.timeout(ms)` limits it.
 */
export const socketIoClient: CatalogueModule = {
  module: 'socket.io-client',
  kind: 'socket',
  docs: 'https://socket.io/docs/v4/client-options/#acktimeout',
  client: { timeout: ['ackTimeout'], retries: ['retries'] },
  exports: each('default io connect', { makes: 'Socket', options: [0, 1] }),
  types: {
    Manager: {
      constructed: { options: [0, 1] },
      members: { socket: { makes: 'Socket', options: 1 }, ...each('connect open on once off', {}) },
    },
    Socket: {
      members: {
        emitWithAck: { effect: 'unknown' },
        ...each('emit send connect open close disconnect compress on once off', {}),
      },
    },
  },
};
