import { each, type CatalogueModule, type Effect, type MemberRow } from '../catalogue.js';

const read = (options: number): MemberRow => ({
  effect: 'read',
  options,
  timeout: ['timeoutMS', 'maxTimeMS'],
  signal: 'signal',
});
const call = (effect: Effect, options: number): MemberRow => ({ effect, options, timeout: ['timeoutMS', 'maxTimeMS'] });
/** Commands whose options have no `maxTimeMS`. */
const command = (effect: Effect, options: number): MemberRow => ({ effect, options, timeout: ['timeoutMS'] });
const watch: MemberRow = { returns: 'ChangeStream' };

/**
 * No time limit of its own, unless `timeoutMS` or `socketTimeoutMS` is set. Reads and most writes are tried a second time
 * after a network error (`retryReads`, `retryWrites`); the server drops a repeated write of the same session.
 */
export const mongodb: CatalogueModule = {
  module: 'mongodb',
  kind: 'db',
  docs: 'https://www.mongodb.com/docs/drivers/node/current/connect/connection-options/csot/',
  client: {
    timeout: ['timeoutMS', 'socketTimeoutMS'],
    ownRetries: { count: 1, effects: 'all', kind: 'marked' },
  },
  types: {
    MongoClient: {
      constructed: { options: 1 },
      statics: { connect: { effect: 'read', makes: 'MongoClient', options: 1 } },
      members: {
        connect: { effect: 'read', returns: 'MongoClient' },
        db: { returns: 'Db' },
        bulkWrite: call('unknown', 1),
        startSession: { returns: 'ClientSession' },
        withSession: { callback: { argument: 0, parameters: ['ClientSession'] } },
        watch,
        ...each('close on once appendMetadata', {}),
      },
    },
    Db: {
      members: {
        collection: { returns: 'Collection' },
        admin: { returns: 'Admin' },
        createCollection: { ...call('write', 1), returns: 'Collection' },
        command: command('unknown', 1),
        ...each('stats profilingLevel collections', call('read', 0)),
        indexInformation: call('read', 1),
        aggregate: { returns: 'AggregationCursor' },
        listCollections: { returns: 'ListCollectionsCursor' },
        runCursorCommand: { returns: 'RunCommandCursor' },
        ...each('createIndex renameCollection', call('idempotent-write', 2)),
        ...each('dropCollection removeUser setProfilingLevel', call('idempotent-write', 1)),
        dropDatabase: call('idempotent-write', 0),
        watch,
      },
    },
    Admin: {
      members: {
        command: command('unknown', 1),
        ...each('buildInfo serverInfo serverStatus ping listDatabases replSetGetStatus', call('read', 0)),
        validateCollection: call('read', 1),
        removeUser: call('idempotent-write', 1),
      },
    },
    Collection: {
      members: {
        find: { returns: 'FindCursor' },
        aggregate: { returns: 'AggregationCursor' },
        ...each('listIndexes', { returns: 'ListIndexesCursor' }),
        listSearchIndexes: { returns: 'ListSearchIndexesCursor' },
        findOne: read(1),
        ...each('countDocuments count indexExists', call('read', 1)),
        distinct: call('read', 2),
        ...each('estimatedDocumentCount indexes indexInformation', call('read', 0)),
        ...each('isCapped options', command('read', 0)),
        // The driver gives a document without `_id` a new one on every call.
        ...each('insertOne insertMany', call('write', 1)),
        // `$set` can be repeated, `$inc` and `$push` cannot.
        ...each('updateOne updateMany findOneAndUpdate', call('unknown', 2)),
        bulkWrite: call('unknown', 1),
        ...each('replaceOne findOneAndReplace', call('idempotent-write', 2)),
        ...each('deleteOne deleteMany findOneAndDelete', call('idempotent-write', 1)),
        ...each('createIndex createIndexes rename', call('idempotent-write', 1)),
        ...each('dropIndex', call('idempotent-write', 1)),
        ...each('drop dropIndexes', call('idempotent-write', 0)),
        ...each('createSearchIndex createSearchIndexes', { effect: 'write' }),
        ...each('updateSearchIndex dropSearchIndex', { effect: 'idempotent-write' }),
        ...each('initializeOrderedBulkOp', { returns: 'OrderedBulkOperation' }),
        ...each('initializeUnorderedBulkOp', { returns: 'UnorderedBulkOperation' }),
        watch,
      },
    },
    AbstractCursor: {
      members: {
        ...each('toArray next tryNext hasNext forEach', { effect: 'read' }),
        ...each('close clone rewind stream bufferedCount readBufferedDocuments', {}),
      },
      others: { returns: 'this' },
    },
    FindCursor: { extends: 'AbstractCursor', members: each('count explain', { effect: 'read' }) },
    AggregationCursor: { extends: 'AbstractCursor', members: each('explain', { effect: 'read' }) },
    ListCollectionsCursor: { extends: 'AbstractCursor' },
    ListIndexesCursor: { extends: 'AbstractCursor' },
    ListSearchIndexesCursor: { extends: 'AbstractCursor' },
    RunCommandCursor: { extends: 'AbstractCursor' },
    ChangeStream: {
      members: { ...each('next tryNext hasNext', { effect: 'read' }), ...each('close stream on once', {}) },
    },
    BulkOperationBase: { members: { execute: call('unknown', 0), ...each('insert find raw', {}) } },
    OrderedBulkOperation: { extends: 'BulkOperationBase' },
    UnorderedBulkOperation: { extends: 'BulkOperationBase' },
    ClientSession: {
      members: {
        withTransaction: {
          effect: 'unknown',
          options: 1,
          timeout: ['timeoutMS'],
          callback: { argument: 0, parameters: ['ClientSession'], transaction: true },
        },
        // Nothing is sent before the first operation in it.
        startTransaction: { transaction: 'begin' },
        commitTransaction: { ...command('idempotent-write', 0), transaction: 'commit' },
        abortTransaction: { ...command('idempotent-write', 0), transaction: 'rollback' },
        ...each('endSession inTransaction advanceClusterTime advanceOperationTime equals', {}),
      },
    },
    GridFSBucket: {
      members: {
        ...each('openUploadStream openUploadStreamWithId', {}),
        ...each('openDownloadStream openDownloadStreamByName', {}),
        find: { returns: 'FindCursor' },
        ...each('delete rename drop', { effect: 'idempotent-write' }),
      },
    },
  },
};
