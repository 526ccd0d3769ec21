import type { CatalogueModule, MemberRow } from '../catalogue.js';

const query: MemberRow = { effect: { sql: 0 } };

/** `pg` over a WebSocket: queries wait for ever unless `query_timeout` or `statement_timeout` is set. */
export const vercelPostgres: CatalogueModule = {
  module: '@vercel/postgres',
  kind: 'db',
  docs: 'https://github.com/vercel/storage/tree/main/packages/postgres#readme',
  client: { timeout: ['query_timeout', 'statement_timeout'] },
  exports: {
    sql: { is: 'VercelPool' },
    db: { is: 'VercelPool' },
    createPool: { makes: 'VercelPool', options: 0 },
    createClient: { makes: 'VercelClient', options: 0 },
  },
  types: {
    VercelPool: {
      called: query,
      constructed: { options: 0 },
      members: { sql: query, query, connect: { effect: 'read', returns: 'VercelPoolClient' }, end: {} },
    },
    VercelClient: { members: { sql: query, query, connect: { effect: 'read' }, end: {} } },
    VercelPoolClient: { extends: 'VercelClient', members: { release: {} } },
  },
};
