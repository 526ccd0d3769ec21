import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const query: MemberRow = { effect: { sql: 0 }, options: 0, timeout: ['query_timeout'] };

/** Queries wait for ever unless `query_timeout` (client side) or `statement_timeout` (server side) is set. */
export const pg: CatalogueModule = {
  module: 'pg',
  kind: 'db',
  docs: 'https://node-postgres.com/apis/client',
  client: { timeout: ['query_timeout', 'statement_timeout'] },
  types: {
    ClientBase: {
      constructed: { options: 0 },
      members: {
        query,
        connect: { effect: 'read' },
        ...each('escapeIdentifier escapeLiteral getTypeParser setTypeParser pauseDrain', {}),
      },
    },
    Client: { extends: 'ClientBase', members: each('end', {}) },
    PoolClient: { extends: 'Client', members: each('release', {}) },
    Pool: {
      constructed: { options: 0 },
      members: {
        query,
        connect: {
          effect: 'read',
          returns: 'PoolClient',
          callback: { argument: 0, parameters: ['Error', 'PoolClient'] },
        },
        ...each('end on', {}),
      },
    },
  },
};
