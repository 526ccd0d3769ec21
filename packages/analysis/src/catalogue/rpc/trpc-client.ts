import { each, type CatalogueModule } from '../catalogue.js';

/** Waits for ever by default, like the `fetch` of its link. */
export const trpcClient: CatalogueModule = {
  module: '@trpc/client',
  kind: 'rpc',
  docs: 'https://trpc.io/docs/client/vanilla/aborting-procedure-calls',
  exports: {
    ...each('createTRPCClient createTRPCProxyClient', { makes: 'TRPCClient', options: 0 }),
    createTRPCUntypedClient: { makes: 'TRPCUntypedClient', options: 0 },
    createTRPCClientProxy: { returns: 'TRPCClient' },
    getUntypedClient: { returns: 'TRPCUntypedClient' },
  },
  types: {
    // `client.post.byId.query(input)`: any path of routers, and then what the procedure is.
    TRPCClient: {
      members: {
        query: { effect: 'read', options: 1, signal: 'signal' },
        mutate: { effect: 'write', options: 1, signal: 'signal' },
        subscribe: {},
      },
      others: { is: 'TRPCClient' },
    },
    TRPCUntypedClient: {
      members: {
        query: { effect: 'read', options: 2, signal: 'signal' },
        mutation: { effect: 'write', options: 2, signal: 'signal' },
        subscription: {},
      },
    },
  },
};
