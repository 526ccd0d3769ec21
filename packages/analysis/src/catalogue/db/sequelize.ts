import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const query: MemberRow = { effect: { sql: 0 } };

/** No time limit but what the driver has under `dialectOptions`; only a locked SQLite file is tried again. */
export const sequelize: CatalogueModule = {
  module: 'sequelize',
  also: ['sequelize-typescript'],
  kind: 'db',
  docs: 'https://sequelize.org/api/v6/class/src/sequelize.js~sequelize#instance-constructor-constructor',
  client: {
    timeout: [
      'dialectOptions.statement_timeout',
      'dialectOptions.query_timeout',
      'dialectOptions.options.requestTimeout',
      'dialectOptions.requestTimeout',
    ],
    retries: ['retry.max'],
  },
  types: {
    Sequelize: {
      constructed: { options: [0, 1, 2, 3] },
      members: {
        query,
        ...each('authenticate validate databaseVersion showAllSchemas', { effect: 'read' }),
        ...each('sync drop truncate dropSchema dropAllSchemas', { effect: 'idempotent-write' }),
        createSchema: { effect: 'write' },
        transaction: {
          effect: 'unknown',
          returns: 'Transaction',
          callback: { argument: 0, parameters: ['Transaction'], transaction: true },
        },
        getQueryInterface: { returns: 'QueryInterface' },
        ...each('define model isDefined close escape random set getDialect getDatabaseName', {}),
      },
    },
    Transaction: {
      members: {
        commit: { effect: 'unknown', transaction: 'commit' },
        rollback: { effect: 'idempotent-write', transaction: 'rollback' },
        afterCommit: {},
      },
    },
    Model: {
      statics: {
        ...each('findAll findByPk findOne findAndCountAll aggregate count max min sum describe', { effect: 'read' }),
        ...each('create bulkCreate', { effect: 'write' }),
        ...each('findOrCreate findCreateFind', { effect: 'idempotent-write' }),
        ...each('update upsert destroy restore truncate sync drop', { effect: 'idempotent-write' }),
        ...each('increment decrement', { effect: 'write' }),
        ...each('build bulkBuild findOrBuild init hasOne hasMany belongsTo belongsToMany getTableName', {}),
        ...each('scope unscoped schema', { returns: 'ModelStatic' }),
      },
      members: {
        // An instance with its key is updated, a new one is inserted: the call alone does not say which.
        save: { effect: 'unknown' },
        ...each('update destroy restore', { effect: 'idempotent-write' }),
        reload: { effect: 'read' },
        ...each('increment decrement', { effect: 'write' }),
        ...each('get set setAttributes getDataValue setDataValue changed previous validate toJSON equals where', {}),
      },
    },
    ModelStatic: {
      members: {
        ...each('findAll findByPk findOne findAndCountAll aggregate count max min sum describe', { effect: 'read' }),
        ...each('create bulkCreate', { effect: 'write' }),
        ...each('findOrCreate findCreateFind', { effect: 'idempotent-write' }),
        ...each('update upsert destroy restore truncate sync drop', { effect: 'idempotent-write' }),
        ...each('increment decrement', { effect: 'write' }),
        ...each('scope unscoped schema', { returns: 'ModelStatic' }),
      },
    },
    QueryInterface: {
      members: {
        ...each('select rawSelect describeTable showAllTables showAllSchemas tableExists showIndex databaseVersion', {
          effect: 'read',
        }),
        ...each('getForeignKeysForTables getForeignKeyReferencesForTable', { effect: 'read' }),
        ...each('insert bulkInsert increment createSchema createTrigger createFunction', { effect: 'write' }),
        ...each('addColumn addIndex addConstraint createDatabase', { effect: 'write' }),
        ...each(
          `createTable upsert update bulkUpdate delete bulkDelete dropSchema dropAllSchemas dropTable dropAllTables
           dropAllEnums renameTable removeColumn changeColumn renameColumn removeIndex removeConstraint dropTrigger
           renameTrigger dropFunction renameFunction dropDatabase`,
          { effect: 'idempotent-write' },
        ),
        ...each('quoteTable quoteIdentifier quoteIdentifiers', {}),
      },
    },
  },
};
