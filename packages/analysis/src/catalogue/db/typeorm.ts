import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const reads: Record<string, MemberRow> = each(
  `find findBy findAndCount findAndCountBy findOne findOneBy findOneOrFail findOneByOrFail findOneById findByIds
   exists existsBy count countBy sum average minimum maximum preload`,
  { effect: 'read' },
);

/** What a repository, an entity manager (after the entity) and the class of an active record have in common. */
const writes: Record<string, MemberRow> = {
  // An entity with its key is updated, one without is inserted: the call alone does not say which.
  save: { effect: 'unknown' },
  insert: { effect: 'write' },
  ...each('remove softRemove recover update updateAll upsert delete deleteAll softDelete restore clear', {
    effect: 'idempotent-write',
  }),
  ...each('increment decrement', { effect: 'write' }),
};

const local: Record<string, MemberRow> = each('hasId getId create merge', {});
const query: MemberRow = { effect: { sql: 0 } };
const builds: MemberRow = { returns: 'SelectQueryBuilder' };
const executes: MemberRow = { effect: 'unknown' };
const transaction: MemberRow = {
  effect: 'unknown',
  callback: { argument: 0, parameters: ['EntityManager'], transaction: true },
};
const repositories: Record<string, MemberRow> = {
  getRepository: { returns: 'Repository' },
  getTreeRepository: { returns: 'TreeRepository' },
  getMongoRepository: { returns: 'MongoRepository' },
  getCustomRepository: { returns: 'Repository' },
};
const mongo: Record<string, MemberRow> = {
  ...each(
    `collectionIndexes collectionIndexExists collectionIndexInformation countDocuments distinct isCapped
     listCollectionIndexes stats`,
    { effect: 'read' },
  ),
  ...each('insertOne insertMany', { effect: 'write' }),
  ...each('updateOne updateMany findOneAndUpdate bulkWrite rename', { effect: 'unknown' }),
  ...each(
    `replaceOne deleteOne deleteMany findOneAndDelete findOneAndReplace createCollectionIndex createCollectionIndexes
     dropCollectionIndex dropCollectionIndexes`,
    { effect: 'idempotent-write' },
  ),
  ...each('aggregate aggregateEntity createCursor createEntityCursor', {}),
  ...each('initializeOrderedBulkOp initializeUnorderedBulkOp', {}),
};

/** Nothing ends a query but the timeouts of the driver, which are set under `extra`. Builders send at their last call. */
export const typeorm: CatalogueModule = {
  module: 'typeorm',
  kind: 'db',
  docs: 'https://typeorm.io/docs/data-source/data-source-options',
  client: {
    timeout: ['extra.query_timeout', 'extra.statement_timeout', 'requestTimeout', 'extra.requestTimeout'],
  },
  exports: {
    createConnection: { effect: 'read', makes: 'DataSource', options: 0 },
    createConnections: { effect: 'read' },
    getConnection: { returns: 'DataSource' },
    getManager: { returns: 'EntityManager' },
    getMongoManager: { returns: 'MongoEntityManager' },
    createQueryBuilder: builds,
    ...repositories,
  },
  types: {
    DataSource: {
      constructed: { options: 0 },
      members: {
        ...each('initialize connect', { effect: 'read' }),
        ...each('synchronize runMigrations undoLastMigration dropDatabase', { effect: 'idempotent-write' }),
        showMigrations: { effect: 'read' },
        query,
        sql: query,
        transaction,
        manager: { is: 'EntityManager' },
        mongoManager: { is: 'MongoEntityManager' },
        createEntityManager: { returns: 'EntityManager' },
        createQueryBuilder: builds,
        createQueryRunner: { returns: 'QueryRunner' },
        ...repositories,
        ...each('setOptions destroy close hasMetadata getMetadata', {}),
      },
    },
    Connection: { extends: 'DataSource' },
    EntityManager: {
      members: {
        ...reads,
        ...writes,
        ...local,
        query,
        sql: query,
        transaction,
        connection: { is: 'DataSource' },
        dataSource: { is: 'DataSource' },
        queryRunner: { is: 'QueryRunner' },
        createQueryBuilder: builds,
        ...repositories,
        withRepository: { returns: 'Repository' },
        ...each('release', {}),
      },
    },
    MongoEntityManager: { extends: 'EntityManager', members: mongo },
    Repository: {
      members: {
        ...reads,
        ...writes,
        ...local,
        exist: { effect: 'read' },
        ...each('target metadata', {}),
        query,
        sql: query,
        manager: { is: 'EntityManager' },
        queryRunner: { is: 'QueryRunner' },
        createQueryBuilder: builds,
        extend: { returns: 'Repository' },
      },
    },
    AbstractRepository: {
      members: {
        manager: { is: 'EntityManager' },
        repository: { is: 'Repository' },
        createQueryBuilder: builds,
        createQueryBuilderFor: builds,
        getRepositoryFor: { returns: 'Repository' },
      },
    },
    TreeRepository: {
      extends: 'Repository',
      members: {
        ...each('findTrees findRoots findDescendants findDescendantsTree countDescendants', { effect: 'read' }),
        ...each('findAncestors findAncestorsTree countAncestors', { effect: 'read' }),
        ...each('createDescendantsQueryBuilder createAncestorsQueryBuilder', builds),
      },
    },
    MongoRepository: { extends: 'Repository', members: { ...mongo, manager: { is: 'MongoEntityManager' } } },
    BaseEntity: {
      members: {
        save: { effect: 'unknown' },
        ...each('remove softRemove recover', { effect: 'idempotent-write' }),
        reload: { effect: 'read' },
        hasId: {},
      },
      statics: {
        ...reads,
        save: { effect: 'unknown' },
        insert: { effect: 'write' },
        ...each('remove softRemove update upsert delete clear', { effect: 'idempotent-write' }),
        ...each('hasId getId create merge target useDataSource', {}),
        query,
        getRepository: { returns: 'Repository' },
        createQueryBuilder: builds,
      },
    },
    QueryBuilder: {
      members: {
        select: builds,
        insert: { returns: 'InsertQueryBuilder' },
        update: { returns: 'UpdateQueryBuilder' },
        delete: { returns: 'DeleteQueryBuilder' },
        ...each('softDelete restore', { returns: 'SoftDeleteQueryBuilder' }),
        relation: { returns: 'RelationQueryBuilder' },
        execute: executes,
        connection: { is: 'DataSource' },
        dataSource: { is: 'DataSource' },
        ...each('getQuery getSql getQueryAndParameters getParameters hasParameter hasRelation alias expressionMap', {}),
        ...each('createParameter escape', {}),
      },
      others: { returns: 'this' },
    },
    SelectQueryBuilder: {
      extends: 'QueryBuilder',
      members: {
        ...each('getOne getOneOrFail getMany getCount getExists getManyAndCount', { effect: 'read' }),
        ...each('getRawOne getRawMany getRawAndEntities execute stream', { effect: 'read' }),
        select: { returns: 'this' },
      },
    },
    InsertQueryBuilder: {
      extends: 'QueryBuilder',
      members: { execute: { effect: 'write' }, ...each('orIgnore orUpdate', { returns: 'UpsertQueryBuilder' }) },
    },
    UpsertQueryBuilder: { extends: 'InsertQueryBuilder', members: { execute: { effect: 'idempotent-write' } } },
    // A value may be an expression such as `() => 'count + 1'`.
    UpdateQueryBuilder: { extends: 'QueryBuilder', members: { execute: executes } },
    DeleteQueryBuilder: { extends: 'QueryBuilder', members: { execute: { effect: 'idempotent-write' } } },
    SoftDeleteQueryBuilder: { extends: 'QueryBuilder', members: { execute: { effect: 'idempotent-write' } } },
    RelationQueryBuilder: {
      extends: 'QueryBuilder',
      members: {
        ...each('loadOne loadMany', { effect: 'read' }),
        ...each('set remove', { effect: 'idempotent-write' }),
        ...each('add addAndRemove', { effect: 'unknown' }),
        of: { returns: 'this' },
      },
    },
    QueryRunner: {
      members: {
        query,
        sql: query,
        stream: query,
        connect: { effect: 'read' },
        startTransaction: { effect: 'read', transaction: 'begin' },
        commitTransaction: { effect: 'unknown', transaction: 'commit' },
        rollbackTransaction: { effect: 'idempotent-write', transaction: 'rollback' },
        manager: { is: 'EntityManager' },
        connection: { is: 'DataSource' },
        dataSource: { is: 'DataSource' },
        ...each(
          `hasDatabase hasSchema hasTable hasColumn getDatabases getSchemas getTable getTables getView getViews
           getCurrentDatabase getCurrentSchema`,
          { effect: 'read' },
        ),
        ...each(
          `createDatabase createSchema createTable createView addColumn addColumns createPrimaryKey createUniqueConstraint
           createUniqueConstraints createCheckConstraint createCheckConstraints createExclusionConstraint
           createExclusionConstraints createForeignKey createForeignKeys createIndex createIndices`,
          { effect: 'write' },
        ),
        ...each(
          `clearDatabase clearTable dropDatabase dropSchema dropTable dropView dropColumn dropColumns dropPrimaryKey
           dropUniqueConstraint dropUniqueConstraints dropCheckConstraint dropCheckConstraints dropExclusionConstraint
           dropExclusionConstraints dropForeignKey dropForeignKeys dropIndex dropIndices renameTable renameColumn
           changeColumn changeColumns changeTableComment updatePrimaryKeys`,
          { effect: 'idempotent-write' },
        ),
        ...each('executeMemoryUpSql executeMemoryDownSql', { effect: 'unknown' }),
        ...each('release getReplicationMode enableSqlMemory disableSqlMemory clearSqlMemory getMemorySql', {}),
      },
    },
  },
};
