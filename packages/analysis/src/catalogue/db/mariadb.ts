import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const limited: MemberRow = { options: 0, timeout: ['timeout'] };
const query: MemberRow = { ...limited, effect: { sql: 0 } };

/** No time limit unless `queryTimeout` or `socketTimeout` is set. */
export const mariadb: CatalogueModule = {
  module: 'mariadb',
  kind: 'db',
  docs: 'https://github.com/mariadb-corporation/mariadb-connector-nodejs/blob/main/documentation/promise-api.md',
  client: { timeout: ['queryTimeout', 'socketTimeout'] },
  exports: {
    createConnection: { effect: 'read', makes: 'Connection', options: 0 },
    createPool: { makes: 'Pool', options: 0 },
    createPoolCluster: { makes: 'PoolCluster', options: 0 },
  },
  types: {
    Connection: {
      members: {
        ...each('query execute batch queryStream', query),
        prepare: { effect: 'read', returns: 'Prepare' },
        ...each('ping isValid', { effect: 'read' }),
        ...each('changeUser reset', { effect: 'idempotent-write' }),
        importFile: { effect: 'unknown' },
        beginTransaction: { effect: 'read', transaction: 'begin' },
        commit: { effect: 'unknown', transaction: 'commit' },
        rollback: { effect: 'idempotent-write', transaction: 'rollback' },
        ...each('end close destroy pause resume escape escapeId serverVersion on', {}),
      },
    },
    PoolConnection: { extends: 'Connection', members: each('release', {}) },
    Pool: {
      members: {
        ...each('query execute batch', query),
        importFile: { effect: 'unknown' },
        getConnection: { effect: 'read', returns: 'PoolConnection' },
        ...each('end escape escapeId on activeConnections totalConnections idleConnections taskQueueSize', {}),
      },
    },
    PoolCluster: {
      members: {
        of: { returns: 'FilteredPoolCluster' },
        getConnection: { effect: 'read', returns: 'PoolConnection' },
        ...each('add remove end on', {}),
      },
    },
    FilteredPoolCluster: {
      members: {
        ...each('query execute batch', query),
        getConnection: { effect: 'read', returns: 'PoolConnection' },
      },
    },
    Prepare: { members: { execute: { effect: 'unknown' }, ...each('close', {}) } },
  },
};
