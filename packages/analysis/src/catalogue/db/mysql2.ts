import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const query: MemberRow = { effect: { sql: 0 }, options: 0, timeout: ['timeout'] };

/** No timeout but for connecting, unless a query brings its own. `mysql2/promise` has the same names. */
export const mysql2: CatalogueModule = {
  module: 'mysql2',
  kind: 'db',
  docs: 'https://sidorares.github.io/node-mysql2/docs/documentation',
  exports: {
    createConnection: { makes: 'Connection', options: 0 },
    createPool: { makes: 'Pool', options: 0 },
    createPoolCluster: { makes: 'PoolCluster', options: 0 },
  },
  types: {
    Connection: {
      members: {
        ...each('query execute', query),
        prepare: { effect: 'read', returns: 'PreparedStatementInfo' },
        ...each('connect ping', { effect: 'read' }),
        ...each('changeUser reset', { effect: 'idempotent-write' }),
        beginTransaction: { effect: 'read', transaction: 'begin' },
        commit: { effect: 'unknown', transaction: 'commit' },
        rollback: { effect: 'idempotent-write', transaction: 'rollback' },
        promise: { returns: 'Connection' },
        ...each('end destroy pause resume escape escapeId format unprepare on', {}),
      },
    },
    PoolConnection: { extends: 'Connection', members: { connection: { is: 'Connection' }, ...each('release', {}) } },
    Pool: {
      extends: 'Connection',
      members: {
        getConnection: {
          effect: 'read',
          returns: 'PoolConnection',
          callback: { argument: 0, parameters: ['ErrnoException', 'PoolConnection'] },
        },
        promise: { returns: 'Pool' },
        ...each('releaseConnection pool', {}),
      },
    },
    PoolNamespace: {
      members: {
        ...each('query execute', query),
        getConnection: { effect: 'read', returns: 'PoolConnection' },
      },
    },
    PoolCluster: {
      members: {
        of: { returns: 'PoolNamespace' },
        getConnection: { effect: 'read', returns: 'PoolConnection' },
        ...each('add remove end on', {}),
      },
    },
    PreparedStatementInfo: { members: { execute: { effect: 'unknown' }, ...each('close', {}) } },
  },
};
