import { each, type CatalogueModule, type TypeRow } from '../catalogue.js';

const terminals = 'execute executeTakeFirst executeTakeFirstOrThrow';
const local = 'as compile toOperationNode';

const schema = (effect: 'write' | 'idempotent-write' | 'unknown'): TypeRow => ({
  members: { execute: { effect }, ...each('compile toOperationNode', {}) },
  others: { returns: 'this' },
});

/** A statement is sent by its last call. Time limits are those of the driver that the dialect brings. */
export const kysely: CatalogueModule = {
  module: 'kysely',
  kind: 'db',
  docs: 'https://kysely.dev/docs/execution',
  exports: { sql: { returns: 'RawBuilder' } },
  types: {
    Kysely: {
      constructed: { options: 0 },
      members: {
        ...each('selectFrom selectNoFrom', { returns: 'SelectQueryBuilder' }),
        insertInto: { returns: 'InsertQueryBuilder' },
        replaceInto: { returns: 'UpsertQueryBuilder' },
        updateTable: { returns: 'UpdateQueryBuilder' },
        deleteFrom: { returns: 'DeleteQueryBuilder' },
        mergeInto: { returns: 'MergeQueryBuilder' },
        ...each('with withRecursive', { returns: 'QueryCreatorWithCommonTableExpression' }),
        ...each('withSchema withPlugin withoutPlugins withTables', { returns: 'Kysely' }),
        transaction: { returns: 'TransactionBuilder' },
        startTransaction: { returns: 'ControlledTransactionBuilder' },
        connection: { returns: 'ConnectionBuilder' },
        executeQuery: { effect: 'unknown' },
        schema: { is: 'SchemaModule' },
        introspection: { is: 'DatabaseIntrospector' },
        ...each('destroy fn dynamic case isTransaction getExecutor', {}),
      },
    },
    QueryCreator: { extends: 'Kysely' },
    QueryCreatorWithCommonTableExpression: { extends: 'Kysely' },
    Transaction: { extends: 'Kysely' },
    ControlledTransaction: {
      extends: 'Transaction',
      members: {
        commit: { returns: 'Command' },
        rollback: { returns: 'Command' },
        ...each('savepoint rollbackToSavepoint releaseSavepoint', { returns: 'Command' }),
      },
    },
    Command: { members: { execute: { effect: 'unknown', transaction: 'commit' } } },
    TransactionBuilder: {
      members: {
        execute: {
          effect: 'unknown',
          callback: { argument: 0, parameters: ['Transaction'], transaction: true },
        },
      },
      others: { returns: 'this' },
    },
    ControlledTransactionBuilder: {
      members: { execute: { effect: 'read', returns: 'ControlledTransaction', transaction: 'begin' } },
      others: { returns: 'this' },
    },
    ConnectionBuilder: {
      members: { execute: { effect: 'read', callback: { argument: 0, parameters: ['Kysely'] } } },
    },
    SelectQueryBuilder: {
      members: { ...each(`${terminals} stream explain`, { effect: 'read' }), ...each(local, {}) },
      others: { returns: 'this' },
    },
    InsertQueryBuilder: {
      members: {
        ...each(`${terminals} stream`, { effect: 'write' }),
        ...each('onConflict onDuplicateKeyUpdate ignore orIgnore orReplace', { returns: 'UpsertQueryBuilder' }),
        explain: { effect: 'read' },
        ...each('compile toOperationNode', {}),
      },
      others: { returns: 'this' },
    },
    UpsertQueryBuilder: {
      extends: 'InsertQueryBuilder',
      members: each(`${terminals} stream`, { effect: 'idempotent-write' }),
    },
    UpdateQueryBuilder: {
      members: {
        // A value may be an expression such as `count + 1`.
        ...each(`${terminals} stream`, { effect: 'unknown' }),
        explain: { effect: 'read' },
        ...each('compile toOperationNode', {}),
      },
      others: { returns: 'this' },
    },
    DeleteQueryBuilder: {
      members: {
        ...each(`${terminals} stream`, { effect: 'idempotent-write' }),
        explain: { effect: 'read' },
        ...each('compile toOperationNode', {}),
      },
      others: { returns: 'this' },
    },
    MergeQueryBuilder: { others: { returns: 'WheneableMergeQueryBuilder' } },
    WheneableMergeQueryBuilder: {
      members: { ...each(terminals, { effect: 'unknown' }), ...each('compile toOperationNode', {}) },
      others: { returns: 'this' },
    },
    RawBuilder: {
      members: {
        execute: { effect: 'unknown' },
        ...each('$castTo $notNull withPlugin', { returns: 'RawBuilder' }),
        ...each(local, {}),
      },
    },
    SchemaModule: {
      members: {
        createTable: { returns: 'CreateTableBuilder' },
        createIndex: { returns: 'CreateIndexBuilder' },
        createSchema: { returns: 'CreateSchemaBuilder' },
        createView: { returns: 'CreateViewBuilder' },
        createType: { returns: 'CreateTypeBuilder' },
        dropTable: { returns: 'DropTableBuilder' },
        dropIndex: { returns: 'DropIndexBuilder' },
        dropSchema: { returns: 'DropSchemaBuilder' },
        dropView: { returns: 'DropViewBuilder' },
        dropType: { returns: 'DropTypeBuilder' },
        alterTable: { returns: 'AlterTableBuilder' },
        refreshMaterializedView: { returns: 'RefreshMaterializedViewBuilder' },
        ...each('withSchema withPlugin withoutPlugins', { returns: 'SchemaModule' }),
      },
    },
    CreateTableBuilder: schema('write'),
    CreateIndexBuilder: schema('write'),
    CreateSchemaBuilder: schema('write'),
    CreateViewBuilder: schema('write'),
    CreateTypeBuilder: schema('write'),
    DropTableBuilder: schema('idempotent-write'),
    DropIndexBuilder: schema('idempotent-write'),
    DropSchemaBuilder: schema('idempotent-write'),
    DropViewBuilder: schema('idempotent-write'),
    DropTypeBuilder: schema('idempotent-write'),
    RefreshMaterializedViewBuilder: schema('idempotent-write'),
    AlterTableBuilder: { others: { returns: 'AlterTableColumnAlteringBuilder' } },
    AlterTableColumnAlteringBuilder: schema('unknown'),
    DatabaseIntrospector: { members: each('getSchemas getTables getMetadata', { effect: 'read' }) },
    Migrator: {
      members: {
        ...each('migrateToLatest migrateTo migrateUp migrateDown', { effect: 'idempotent-write' }),
        getMigrations: { effect: 'read' },
      },
    },
  },
};
