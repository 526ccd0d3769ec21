import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const limited: MemberRow = { options: 0, timeout: ['timeout'] };
const query: MemberRow = { ...limited, effect: { sql: 0 } };

/** No timeout but for connecting, unless a query brings its own. */
export const mysql: CatalogueModule = {
  module: 'mysql',
  kind: 'db',
  docs: 'https://github.com/mysqljs/mysql#timeouts',
  exports: {
    createConnection: { makes: 'Connection', options: 0 },
    createPool: { makes: 'Pool', options: 0 },
    createPoolCluster: { makes: 'PoolCluster', options: 0 },
  },
  types: {
    Connection: {
      members: {
        query,
        connect: { effect: 'read' },
        changeUser: { ...limited, effect: 'idempotent-write' },
        ...each('ping statistics', { ...limited, effect: 'read' }),
        beginTransaction: { ...limited, effect: 'read', transaction: 'begin' },
        commit: { ...limited, effect: 'unknown', transaction: 'commit' },
        rollback: { ...limited, effect: 'idempotent-write', transaction: 'rollback' },
        ...each('createQuery end destroy pause resume escape escapeId format', {}),
      },
    },
    PoolConnection: { extends: 'Connection', members: each('release', {}) },
    Pool: {
      members: {
        query,
        getConnection: {
          effect: 'read',
          callback: { argument: 0, parameters: ['MysqlError', 'PoolConnection'] },
        },
        ...each('acquireConnection end escape escapeId format', {}),
      },
    },
    PoolCluster: {
      members: { of: { returns: 'Pool' }, getConnection: { effect: 'read' }, ...each('add remove end', {}) },
    },
  },
};
