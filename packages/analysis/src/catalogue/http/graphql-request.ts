import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const document: MemberRow = { effect: 'unknown', options: 0, signal: 'signal' };

/** Waits for ever by default, like the `fetch` it uses. The text of the document says whether it writes. */
export const graphqlRequest: CatalogueModule = {
  module: 'graphql-request',
  kind: 'http',
  docs: 'https://github.com/graffle-js/graffle/tree/graphql-request#cancellation',
  exports: each('default request rawRequest batchRequests', document),
  types: {
    GraphQLClient: {
      constructed: { options: 1 },
      members: {
        ...each('request rawRequest batchRequests', document),
        ...each('setHeader setHeaders setEndpoint', {}),
      },
    },
  },
};
