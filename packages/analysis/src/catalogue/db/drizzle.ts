import { each, type CatalogueModule, type MemberRow, type TypeRow } from '../catalogue.js';

const idempotent: MemberRow = { effect: 'idempotent-write' };
/** What a built query is turned into without being sent. */
const unsent: Record<string, MemberRow> = { toSQL: { returns: 'Query' } };

/** The same rows for each dialect; SQLite is left out, for most of its drivers read a local file. */
function dialect(name: 'Pg' | 'MySql'): Record<string, TypeRow> {
  const built = { ...unsent, prepare: { returns: `${name}PreparedQuery` } };
  return {
    [`${name}Database`]: {
      members: {
        ...each(name === 'Pg' ? 'select selectDistinct selectDistinctOn' : 'select selectDistinct', {
          returns: `${name}SelectBuilder`,
        }),
        insert: { returns: `${name}InsertBuilder` },
        update: { returns: `${name}UpdateBuilder` },
        delete: { ...idempotent, returns: `${name}DeleteBase` },
        with: { returns: `${name}Database` },
        execute: { effect: { sql: 0 }, ...(name === 'Pg' ? { returns: 'PgRaw' } : {}) },
        query: { is: 'RelationalQueries' },
        $count: { effect: 'read', returns: `${name}CountBuilder` },
        transaction: {
          effect: 'unknown',
          callback: { argument: 0, parameters: [`${name}Transaction`], transaction: true },
        },
        ...each('$with', {}),
      },
    },
    [`${name}Transaction`]: { extends: `${name}Database`, members: { rollback: {} } },
    [`${name}SelectBuilder`]: { members: { from: { effect: 'read', returns: `${name}SelectBase` } } },
    [`${name}SelectBase`]: {
      lazy: { effect: 'read' },
      members: { ...built, as: { returns: 'SubqueryWithSelection' } },
    },
    [`${name}InsertBuilder`]: {
      members: {
        values: { effect: 'write', returns: `${name}InsertBase` },
        select: { effect: 'write', returns: `${name}InsertBase` },
      },
    },
    [`${name}InsertBase`]: {
      lazy: { effect: 'write' },
      members: {
        ...each(name === 'Pg' ? 'onConflictDoUpdate onConflictDoNothing' : 'onDuplicateKeyUpdate', idempotent),
        ...built,
      },
    },
    [`${name}UpdateBuilder`]: { members: { set: { ...idempotent, returns: `${name}UpdateBase` } } },
    [`${name}UpdateBase`]: { lazy: idempotent, members: built },
    [`${name}DeleteBase`]: { lazy: idempotent, members: built },
    [`${name}CountBuilder`]: { lazy: { effect: 'read' } },
  };
}

/** A query is sent when it is awaited. Time limits are those of the driver. */
export const drizzle: CatalogueModule = {
  module: 'drizzle-orm',
  also: ['drizzle-orm/node-postgres', 'drizzle-orm/postgres-js', 'drizzle-orm/mysql2'],
  kind: 'db',
  docs: 'https://orm.drizzle.team/docs/overview',
  exports: { drizzle: { makes: 'PgDatabase' } },
  types: {
    ...dialect('Pg'),
    ...dialect('MySql'),
    NodePgDatabase: { extends: 'PgDatabase' },
    PostgresJsDatabase: { extends: 'PgDatabase' },
    MySql2Database: { extends: 'MySqlDatabase' },
    PgRaw: { lazy: { effect: 'unknown' } },
    PgRefreshMaterializedView: { lazy: idempotent },
    PgPreparedQuery: { members: { execute: { effect: 'unknown' } } },
    MySqlPreparedQuery: { members: { execute: { effect: 'unknown' } } },
    RelationalQueries: { others: { is: 'RelationalQueryBuilder' } },
    RelationalQueryBuilder: { members: each('findMany findFirst', { effect: 'read', returns: 'PgRelationalQuery' }) },
    PgRelationalQuery: { lazy: { effect: 'read' } },
    MySqlRelationalQuery: { lazy: { effect: 'read' } },
  },
};
