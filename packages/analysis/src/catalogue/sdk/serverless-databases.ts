import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

/** Waits for ever, unless the `fetch` it is given does not. */
export const planetscale: CatalogueModule = {
  module: '@planetscale/database',
  kind: 'db',
  docs: 'https://github.com/planetscale/database-js#custom-fetch-function',
  client: { timeout: ['fetch'] },
  exports: { connect: { makes: 'Connection', options: 0 } },
  types: {
    Client: {
      constructed: { options: 0 },
      members: {
        connection: { returns: 'Connection' },
        execute: { effect: { sql: 0 } },
        transaction: { effect: 'unknown', callback: { argument: 0, parameters: ['Tx'], transaction: true } },
      },
    },
    Connection: {
      constructed: { options: 0 },
      members: {
        execute: { effect: { sql: 0 } },
        transaction: { effect: 'unknown', callback: { argument: 0, parameters: ['Tx'], transaction: true } },
        refresh: { effect: 'read' },
      },
    },
    Tx: { members: { execute: { effect: { sql: 0 } } } },
  },
};

const query: MemberRow = { effect: { sql: 0 }, options: 2, signal: 'fetchOptions.signal' };

/** Waits for ever by default. A query is sent when it is awaited, or with the others of `transaction`. */
export const neon: CatalogueModule = {
  module: '@neondatabase/serverless',
  kind: 'db',
  docs: 'https://github.com/neondatabase/serverless/blob/main/CONFIG.md',
  client: { timeout: ['fetchOptions.signal', 'query_timeout', 'statement_timeout'] },
  exports: { neon: { makes: 'NeonQueryFunction', options: [0, 1] } },
  types: {
    NeonQueryFunction: {
      called: { effect: { sql: 0 } },
      members: {
        query,
        transaction: { effect: 'unknown', options: 1, signal: 'fetchOptions.signal' },
        unsafe: {},
      },
    },
    // The driver of `pg` over WebSockets.
    Pool: {
      constructed: { options: 0 },
      members: {
        query: { effect: { sql: 0 } },
        connect: { effect: 'read', returns: 'PoolClient' },
        ...each('end on', {}),
      },
    },
    Client: {
      constructed: { options: 0 },
      members: { query: { effect: { sql: 0 } }, connect: { effect: 'read' }, ...each('end on', {}) },
    },
    PoolClient: { members: { query: { effect: { sql: 0 } }, ...each('release', {}) } },
  },
};
