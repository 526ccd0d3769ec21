import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const transaction = (argument: number): MemberRow => ({
  effect: 'unknown',
  callback: { argument, parameters: ['TransactionSql'], transaction: true },
});

/** A tagged template is sent when it is awaited. Nothing but the server's own `statement_timeout` ends a query. */
export const postgres: CatalogueModule = {
  module: 'postgres',
  kind: 'db',
  docs: 'https://github.com/porsager/postgres#connection-details',
  client: { timeout: ['connection.statement_timeout'] },
  exports: { default: { makes: 'Sql', options: [0, 1] } },
  types: {
    ISql: {
      called: { effect: { sql: 0 }, returns: 'PendingQuery' },
      members: {
        unsafe: { effect: { sql: 0 }, returns: 'PendingQuery' },
        file: { effect: 'unknown', returns: 'PendingQuery' },
        notify: { effect: 'write' },
        ...each('array json typed types', {}),
      },
    },
    Sql: {
      extends: 'ISql',
      members: {
        begin: transaction(0),
        reserve: { effect: 'read', returns: 'ReservedSql' },
        ...each('listen subscribe', { effect: 'read' }),
        largeObject: { effect: 'unknown' },
        ...each('end options parameters', {}),
      },
    },
    TransactionSql: { extends: 'ISql', members: { savepoint: transaction(0), ...each('prepare', {}) } },
    ReservedSql: { extends: 'Sql', members: each('release', {}) },
    PendingQuery: {
      lazy: { effect: { sql: 0 }, answersData: true },
      members: { describe: { effect: 'read', returns: 'PendingDescribeQuery' } },
    },
  },
};
