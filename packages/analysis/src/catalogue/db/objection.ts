import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const builds: MemberRow = { returns: 'QueryBuilder' };
const transaction: MemberRow = { effect: 'unknown', callback: { argument: 0, transaction: true } };

/** Models over Knex: a query is sent when it is awaited, without a time limit unless `.timeout(ms)` or the driver has one. */
export const objection: CatalogueModule = {
  module: 'objection',
  kind: 'db',
  docs: 'https://vincit.github.io/objection.js/api/query-builder/',
  types: {
    Model: {
      statics: {
        ...each('query relatedQuery fetchGraph', builds),
        transaction,
        startTransaction: { effect: 'read', transaction: 'begin' },
        fetchTableMetadata: { effect: 'read' },
        ...each('knex bindKnex raw ref fn fromJson', {}),
      },
      members: {
        ...each('$query $relatedQuery $fetchGraph', builds),
        ...each('$id $set $clone $toJson toJSON $validate $setJson', {}),
      },
    },
    QueryBuilder: {
      lazy: { effect: 'read' },
      members: {
        ...each('insert insertAndFetch insertGraph insertGraphAndFetch relate', { effect: 'write' }),
        ...each('increment decrement', { effect: 'write' }),
        ...each(
          `update updateAndFetch updateAndFetchById patch patchAndFetch patchAndFetchById upsertGraph upsertGraphAndFetch
           delete deleteById unrelate truncate onConflict`,
          { effect: 'idempotent-write' },
        ),
        timeout: { limits: true },
        toKnexQuery: { returns: 'QueryBuilder' },
      },
    },
  },
};
