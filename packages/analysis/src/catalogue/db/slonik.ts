import { each, type CatalogueModule } from '../catalogue.js';

/** A statement is cancelled after `statementTimeout` (60 s); after a transient error it is tried five times more. */
export const slonik: CatalogueModule = {
  module: 'slonik',
  kind: 'db',
  docs: 'https://github.com/gajus/slonik#api',
  client: {
    timeout: ['statementTimeout'],
    ownTimeout: 60_000,
    retries: ['queryRetryLimit'],
    ownRetries: { count: 5, effects: 'all' },
  },
  exports: { createPool: { effect: 'read', makes: 'DatabasePool', options: 1 } },
  types: {
    CommonQueryMethods: {
      members: {
        ...each('any anyFirst exists many manyFirst maybeOne maybeOneFirst one oneFirst query stream', {
          effect: { sql: 0 },
        }),
        transaction: {
          effect: 'unknown',
          callback: { argument: 0, parameters: ['CommonQueryMethods'], transaction: true },
        },
      },
    },
    DatabasePool: {
      extends: 'CommonQueryMethods',
      members: {
        connect: { effect: 'read', callback: { argument: 0, parameters: ['CommonQueryMethods'] } },
        ...each('end state', {}),
      },
    },
    DatabasePoolConnection: { extends: 'CommonQueryMethods' },
    DatabaseTransactionConnection: { extends: 'CommonQueryMethods' },
  },
};
