import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const query: MemberRow = { effect: { sql: 0 } };
const task: MemberRow = { callback: { argument: 0, parameters: ['ITask'] } };
const transaction: MemberRow = {
  effect: 'unknown',
  callback: { argument: 0, parameters: ['ITask'], transaction: true },
};

/** On top of `pg`: queries wait for ever unless `query_timeout` or `statement_timeout` is set. */
export const pgPromise: CatalogueModule = {
  module: 'pg-promise',
  kind: 'db',
  docs: 'https://vitaly-t.github.io/pg-promise/module-pg-promise.html',
  client: { timeout: ['query_timeout', 'statement_timeout'] },
  exports: { default: { returns: 'IMain' } },
  types: {
    IMain: { called: { makes: 'IDatabase', returns: 'IDatabase', options: 0 } },
    IBaseProtocol: {
      members: {
        ...each('none one oneOrNone many manyOrNone any result multi multiResult query map each', query),
        ...each('func proc', { effect: 'unknown' }),
        stream: { effect: 'unknown' },
        ...each('task taskIf', task),
        ...each('tx txIf', transaction),
      },
    },
    IDatabase: {
      extends: 'IBaseProtocol',
      members: { connect: { effect: 'read', returns: 'IConnected' } },
    },
    ITask: { extends: 'IBaseProtocol', members: each('batch page sequence', {}) },
    IConnected: { extends: 'IBaseProtocol', members: each('done', {}) },
  },
};
