import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const lazy = (effect: 'read' | 'idempotent-write' | 'unknown'): MemberRow => ({ effect, returns: 'Query' });

const models: Record<string, MemberRow> = {
  ...each('find findOne findById exists distinct countDocuments estimatedDocumentCount where $where', lazy('read')),
  // `$set` can be repeated, `$inc` and `$push` cannot.
  ...each('updateOne updateMany findOneAndUpdate findByIdAndUpdate', lazy('unknown')),
  ...each(
    'replaceOne findOneAndReplace deleteOne deleteMany findOneAndDelete findByIdAndDelete',
    lazy('idempotent-write'),
  ),
  aggregate: { returns: 'Aggregate' },
  // A new `_id` on every call.
  ...each('create insertMany insertOne', { effect: 'write' }),
  ...each('bulkWrite bulkSave', { effect: 'unknown' }),
  ...each('findAndCount populate listIndexes listSearchIndexes diffIndexes', { effect: 'read' }),
  ...each('createCollection createIndexes ensureIndexes syncIndexes cleanIndexes init', { effect: 'idempotent-write' }),
  createSearchIndex: { effect: 'write' },
  ...each('updateSearchIndex dropSearchIndex', { effect: 'idempotent-write' }),
  startSession: { effect: 'read', returns: 'ClientSession' },
  discriminator: { returns: 'Model' },
  ...each('hydrate castObject applyDefaults applyVirtuals validate watch translateAliases useConnection', {}),
};

const opens: MemberRow = { effect: 'read', makes: 'Connection', options: 1 };
const transaction: MemberRow = {
  effect: 'unknown',
  callback: { argument: 0, parameters: ['ClientSession'], transaction: true },
};

/**
 * A query is sent when it is awaited. No time limit but that of the driver; `bufferTimeoutMS` only limits the wait for a
 * connection. The driver repeats a failed operation once (`retryReads`, `retryWrites`).
 */
export const mongoose: CatalogueModule = {
  module: 'mongoose',
  kind: 'db',
  docs: 'https://mongoosejs.com/docs/connections.html#options',
  client: {
    timeout: ['timeoutMS', 'socketTimeoutMS'],
    ownRetries: { count: 1, effects: 'all', kind: 'marked' },
  },
  exports: {
    connect: opens,
    createConnection: { makes: 'Connection', options: 1 },
    connection: { is: 'Connection' },
    model: { returns: 'Model' },
    startSession: { effect: 'read', returns: 'ClientSession' },
    syncIndexes: { effect: 'idempotent-write' },
    ...each('disconnect set plugin deleteModel isValidObjectId isObjectIdOrHexString', {}),
  },
  types: {
    Model: {
      members: models,
      statics: models,
    },
    Document: {
      members: {
        // What is new is inserted, what is not is updated: the call alone does not say which.
        save: { effect: 'unknown' },
        deleteOne: { effect: 'idempotent-write', returns: 'Query' },
        updateOne: { effect: 'unknown', returns: 'Query' },
        replaceOne: { effect: 'idempotent-write', returns: 'Query' },
        populate: { effect: 'read' },
        ...each(
          'get set toObject toJSON validate validateSync depopulate markModified isModified equals increment init',
          {},
        ),
      },
    },
    Query: {
      lazy: { effect: 'read' },
      members: {
        ...each('find findOne findById countDocuments estimatedDocumentCount distinct exists', { effect: 'read' }),
        ...each('updateOne updateMany findOneAndUpdate findByIdAndUpdate', { effect: 'unknown' }),
        ...each('replaceOne deleteOne deleteMany findOneAndDelete findByIdAndDelete', { effect: 'idempotent-write' }),
        maxTimeMS: { limits: true },
        cursor: { returns: 'Cursor' },
        ...each('getFilter getQuery', { returns: 'QueryFilter' }),
      },
    },
    Aggregate: {
      lazy: { effect: 'read' },
      members: { cursor: { returns: 'Cursor' } },
    },
    Cursor: { members: { ...each('next eachAsync', { effect: 'read' }), ...each('close map rewind on', {}) } },
    Connection: {
      members: {
        ...each('asPromise openUri', { effect: 'read' }),
        model: { returns: 'Model' },
        useDb: { returns: 'Connection' },
        startSession: { effect: 'read', returns: 'ClientSession' },
        transaction,
        withSession: { callback: { argument: 0, parameters: ['ClientSession'] } },
        bulkWrite: { effect: 'unknown' },
        ...each('listCollections listDatabases', { effect: 'read' }),
        ...each('createCollection createCollections dropCollection dropDatabase syncIndexes', {
          effect: 'idempotent-write',
        }),
        ...each('close destroy get set on once plugin deleteModel modelNames setClient getClient watch', {}),
      },
    },
    ClientSession: {
      members: {
        withTransaction: transaction,
        // Nothing is sent before the first operation in it.
        startTransaction: { transaction: 'begin' },
        commitTransaction: { effect: 'idempotent-write', transaction: 'commit' },
        abortTransaction: { effect: 'idempotent-write', transaction: 'rollback' },
        ...each('endSession inTransaction', {}),
      },
    },
  },
};
