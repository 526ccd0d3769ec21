import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

/** Members of a builder, on the builder itself and on `knex`, where they start one. */
const statement: Record<string, MemberRow> = {
  insert: { effect: 'write', returns: 'QueryBuilder' },
  upsert: { effect: 'idempotent-write', returns: 'QueryBuilder' },
  ...each('update del delete truncate', { effect: 'idempotent-write', returns: 'QueryBuilder' }),
};

/** Members that hand a builder to their callback: `where((query) => query.where(…))`. */
const nested = (argument: number): MemberRow => ({ callback: { argument, parameters: ['QueryBuilder'] } });

/** A builder sends when it is awaited. No timeout unless `.timeout(ms)` or the driver has one. */
export const knex: CatalogueModule = {
  module: 'knex',
  kind: 'db',
  docs: 'https://knexjs.org/guide/query-builder.html#timeout',
  client: { timeout: ['connection.query_timeout', 'connection.statement_timeout', 'connection.requestTimeout'] },
  exports: {
    default: { makes: 'Knex', options: 0 },
    knex: { makes: 'Knex', options: 0 },
  },
  types: {
    Knex: {
      called: { returns: 'QueryBuilder' },
      members: {
        ...statement,
        transaction: {
          effect: 'unknown',
          returns: 'Transaction',
          callback: { argument: 0, parameters: ['Transaction'], transaction: true },
        },
        transactionProvider: {},
        batchInsert: { effect: 'write', returns: 'BatchInsertBuilder' },
        raw: { effect: { sql: 0 }, returns: 'Raw' },
        schema: { is: 'SchemaBuilder' },
        migrate: { is: 'Migrator' },
        seed: { is: 'Seeder' },
        withUserParams: { returns: 'Knex' },
        ...each('destroy initialize fn client ref userParams isTransaction on', {}),
      },
      others: { returns: 'QueryBuilder' },
    },
    Transaction: {
      extends: 'Knex',
      members: {
        commit: { effect: 'unknown', transaction: 'commit' },
        rollback: { effect: 'idempotent-write', transaction: 'rollback' },
        savepoint: {
          effect: 'unknown',
          callback: { argument: 0, parameters: ['Transaction'], transaction: true },
        },
        executionPromise: {},
        parentTransaction: { is: 'Transaction' },
        isCompleted: {},
      },
    },
    QueryBuilder: {
      lazy: { effect: 'read', answersData: true },
      members: {
        insert: { effect: 'write' },
        ...each('update upsert updateFrom del delete truncate', { effect: 'idempotent-write' }),
        ...each('increment decrement', { effect: 'write' }),
        onConflict: { effect: 'idempotent-write' },
        timeout: { limits: true },
        ...each(
          `where andWhere orWhere whereNot andWhereNot orWhereNot whereExists orWhereExists whereNotExists orWhereNotExists
          having andHaving orHaving modify from union unionAll intersect`,
          nested(0),
        ),
        ...each('whereIn orWhereIn whereNotIn orWhereNotIn with withRecursive', nested(1)),
        ...each('or not and', { is: 'this' }),
        pipe: { effect: 'read', returns: 'PassThrough' },
        ...each('toString toQuery', { returns: 'string' }),
        toSQL: { returns: 'Sql' },
      },
    },
    BatchInsertBuilder: { lazy: { effect: 'write' } },
    Raw: {
      lazy: { effect: 'unknown', answersData: true },
      members: {
        timeout: { limits: true },
        ...each('toString toQuery', { returns: 'string' }),
        toSQL: { returns: 'Sql' },
      },
    },
    SchemaBuilder: {
      lazy: { effect: 'write' },
      members: {
        ...each('hasTable hasColumn', { effect: 'read' }),
        ...each(
          `createTableIfNotExists createSchemaIfNotExists createViewOrReplace dropTable dropTableIfExists dropView
           dropViewIfExists dropMaterializedView dropMaterializedViewIfExists dropSchema dropSchemaIfExists renameTable
           renameView refreshMaterializedView`,
          { effect: 'idempotent-write' },
        ),
        raw: { effect: { sql: 0 } },
        ...each('toString toQuery', { returns: 'string' }),
      },
    },
    Migrator: {
      members: {
        ...each('latest rollback up down forceFreeMigrationsLock', { effect: 'idempotent-write' }),
        ...each('status currentVersion list', { effect: 'read' }),
        make: {},
      },
    },
    Seeder: { members: { run: { effect: 'unknown' }, ...each('make setConfig', {}) } },
  },
};
