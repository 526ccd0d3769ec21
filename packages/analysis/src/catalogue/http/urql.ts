import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const operation = (effect: 'read' | 'write', options: number): MemberRow => ({
  effect,
  options,
  signal: 'fetchOptions.signal',
  returns: 'OperationResultSource',
});

/** Waits for ever by default, like the `fetch` of its exchange. */
export const urql: CatalogueModule = {
  module: '@urql/core',
  also: ['urql'],
  kind: 'http',
  docs: 'https://nearform.com/open-source/urql/docs/api/core/',
  exports: { createClient: { makes: 'Client', options: 0 } },
  types: {
    Client: {
      constructed: { options: 0 },
      members: {
        query: operation('read', 2),
        mutation: operation('write', 2),
        executeQuery: operation('read', 1),
        executeMutation: operation('write', 1),
        ...each('readQuery subscription executeSubscription reexecuteOperation createRequestOperation', {}),
      },
    },
  },
};
