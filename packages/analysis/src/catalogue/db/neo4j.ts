import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const run: MemberRow = { effect: 'unknown', options: 2, timeout: ['timeout'] };
const managed = (effect: 'read' | 'unknown'): MemberRow => ({
  effect,
  options: 1,
  timeout: ['timeout'],
  callback: { argument: 0, parameters: ['ManagedTransaction'], transaction: true },
});

/**
 * A query has no time limit but that of its transaction. A managed transaction is run again after a transient error, for
 * as long as `maxTransactionRetryTime` (30 s) allows.
 */
export const neo4j: CatalogueModule = {
  module: 'neo4j-driver',
  also: ['neo4j-driver-core'],
  kind: 'db',
  docs: 'https://neo4j.com/docs/javascript-manual/current/transactions/',
  exports: { driver: { makes: 'Driver', options: 2 } },
  types: {
    Driver: {
      members: {
        session: { returns: 'Session' },
        executeQuery: { effect: 'unknown' },
        ...each('verifyConnectivity verifyAuthentication getServerInfo supportsMultiDb', { effect: 'read' }),
        ...each('close rxSession', {}),
      },
    },
    Session: {
      members: {
        run,
        executeRead: managed('read'),
        executeWrite: managed('unknown'),
        beginTransaction: {
          effect: 'read',
          options: 0,
          timeout: ['timeout'],
          returns: 'Transaction',
          transaction: 'begin',
        },
        ...each('close lastBookmarks', {}),
      },
    },
    Transaction: {
      members: {
        run: { effect: 'unknown' },
        commit: { effect: 'unknown', transaction: 'commit' },
        rollback: { effect: 'idempotent-write', transaction: 'rollback' },
        ...each('close isOpen', {}),
      },
    },
    ManagedTransaction: { members: { run: { effect: 'unknown' } } },
  },
};
