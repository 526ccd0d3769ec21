import { each, type CatalogueModule } from '../catalogue.js';

const common = { options: 0, signal: 'context.fetchOptions.signal' } as const;

/** Waits for ever by default, like the `fetch` of its link. */
export const apolloClient: CatalogueModule = {
  module: '@apollo/client',
  kind: 'http',
  docs: 'https://www.apollographql.com/docs/react/api/link/apollo-link-http',
  types: {
    ApolloClient: {
      constructed: { options: 0 },
      members: {
        query: { ...common, effect: 'read' },
        mutate: { ...common, effect: 'write' },
        watchQuery: { returns: 'ObservableQuery' },
        ...each('refetchQueries refetchObservableQueries resetStore', { effect: 'read' }),
        ...each('readQuery readFragment writeQuery writeFragment watchFragment clearStore subscribe stop', {}),
      },
    },
    ObservableQuery: { members: each('refetch fetchMore', { effect: 'read' }) },
  },
};
