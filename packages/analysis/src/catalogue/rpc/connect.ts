import { each, type CatalogueModule } from '../catalogue.js';

/** Waits for ever unless the call has `timeoutMs` or the transport a default for it. */
export const connect: CatalogueModule = {
  module: '@connectrpc/connect',
  kind: 'rpc',
  docs: 'https://connectrpc.com/docs/web/cancellation-and-timeouts',
  exports: each('createClient createPromiseClient', { makes: 'Client' }),
  types: {
    Client: {
      others: { effect: { verb: 'member' }, options: 1, timeout: ['timeoutMs'], signal: 'signal' },
    },
    PromiseClient: { extends: 'Client' },
  },
};
