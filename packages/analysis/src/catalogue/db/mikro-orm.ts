import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const common: Record<string, MemberRow> = {
  ...each('find findAll findAndCount findByCursor findOne findOneOrFail count populate', { effect: 'read' }),
  ...each('insert insertMany', { effect: 'write' }),
  ...each('upsert upsertMany nativeUpdate nativeDelete', { effect: 'idempotent-write' }),
  ...each('getReference create assign merge map canPopulate', {}),
};
const builds: Record<string, MemberRow> = each('createQueryBuilder qb', { returns: 'QueryBuilder' });
const query: MemberRow = { effect: { sql: 0 } };

/** `flush` writes whatever has changed in one transaction. Time limits are those of the driver (`driverOptions`). */
export const mikroOrm: CatalogueModule = {
  module: '@mikro-orm/core',
  also: ['@mikro-orm/knex', '@mikro-orm/postgresql'],
  kind: 'db',
  docs: 'https://mikro-orm.io/docs/configuration',
  client: {
    timeout: ['driverOptions.connection.query_timeout', 'driverOptions.connection.statement_timeout'],
  },
  types: {
    MikroORM: {
      constructed: { options: 0 },
      statics: {
        init: { effect: 'read', makes: 'MikroORM', options: 0 },
        initSync: { makes: 'MikroORM', options: 0 },
      },
      members: {
        em: { is: 'EntityManager' },
        ...each('connect reconnect checkConnection', { effect: 'read' }),
        ...each('close isConnected getMetadata discoverEntities getMigrator getSeeder getSchemaGenerator', {}),
      },
    },
    EntityManager: {
      members: {
        ...common,
        ...each('refresh refreshOrFail lock', { effect: 'read' }),
        // What was persisted before is new, changed or gone: the call alone does not say which.
        ...each('flush tryFlush persistAndFlush', { effect: 'unknown' }),
        removeAndFlush: { effect: 'idempotent-write' },
        transactional: {
          effect: 'unknown',
          callback: { argument: 0, parameters: ['EntityManager'], transaction: true },
        },
        begin: { effect: 'read', transaction: 'begin' },
        commit: { effect: 'unknown', transaction: 'commit' },
        rollback: { effect: 'idempotent-write', transaction: 'rollback' },
        ...each('getRepository repo', { returns: 'EntityRepository' }),
        ...each('persist remove fork getContext', { returns: 'EntityManager' }),
        getConnection: { returns: 'Connection' },
        ...each('clear getUnitOfWork setFlushMode getDriver getMetadata isInTransaction addFilter setFilterParams', {}),
      },
    },
    SqlEntityManager: {
      extends: 'EntityManager',
      members: { ...builds, execute: query, ...each('getKnex', {}) },
    },
    EntityRepository: {
      members: { ...common, getEntityManager: { returns: 'EntityManager' } },
    },
    SqlEntityRepository: { extends: 'EntityRepository', members: { ...builds, ...each('getKnex', {}) } },
    Connection: { members: { execute: query, ...each('connect close isConnected', {}) } },
    QueryBuilder: {
      lazy: { effect: 'read' },
      members: {
        insert: { effect: 'write' },
        ...each('update delete truncate onConflict', { effect: 'idempotent-write' }),
        ...each('getQuery getFormattedQuery', { returns: 'string' }),
      },
    },
  },
};
