import { each, type CatalogueModule, type ClientRow, type MemberRow, type TypeRow } from '../catalogue.js';

const read: MemberRow = { effect: 'read' };

/** A query is tried four times more, anything else again and again for up to 10 min. */
const client: ClientRow = { ownTimeout: 600_000, ownRetries: { count: 4, effects: 'all' } };

const builder = `where orderBy limit limitToLast offset select startAt startAfter endBefore endAt`;

export const firestoreTypes: Record<string, TypeRow> = {
  Firestore: {
    client,
    constructed: { options: 0 },
    members: {
      collection: { returns: 'CollectionReference' },
      collectionGroup: { returns: 'CollectionGroup' },
      doc: { returns: 'DocumentReference' },
      batch: { returns: 'WriteBatch' },
      bulkWriter: { returns: 'BulkWriter' },
      ...each('getAll listCollections', read),
      recursiveDelete: { effect: 'idempotent-write' },
      runTransaction: {
        effect: 'unknown',
        options: 1,
        retries: ['maxAttempts'],
        callback: { argument: 0, parameters: ['Transaction'], transaction: true },
      },
      ...each('settings terminate bundle', {}),
    },
  },
  Query: {
    client,
    members: {
      ...each(builder, { returns: 'Query' }),
      ...each('get explain', read),
      ...each('count aggregate', { returns: 'AggregateQuery' }),
      withConverter: { returns: 'this' },
      ...each('stream onSnapshot isEqual', {}),
    },
  },
  AggregateQuery: { client, members: each('get explain', read) },
  CollectionGroup: { extends: 'Query' },
  CollectionReference: {
    extends: 'Query',
    members: {
      doc: { returns: 'DocumentReference' },
      // The id of the new document is made before it is sent, but anew for each call.
      add: { effect: 'write' },
      listDocuments: read,
      parent: { is: 'DocumentReference' },
    },
  },
  DocumentReference: {
    client,
    members: {
      collection: { returns: 'CollectionReference' },
      ...each('get listCollections', read),
      // A document that is there already is refused.
      ...each('create set delete', { effect: 'idempotent-write' }),
      // `FieldValue.increment` and `arrayUnion` are values like any other.
      update: { effect: 'unknown' },
      parent: { is: 'CollectionReference' },
      withConverter: { returns: 'DocumentReference' },
      ...each('onSnapshot isEqual', {}),
    },
  },
  WriteBatch: {
    client,
    members: {
      ...each('create set update delete', { returns: 'WriteBatch' }),
      commit: { effect: 'unknown' },
    },
  },
  BulkWriter: {
    client,
    members: {
      ...each('create set update delete flush close', { effect: 'unknown' }),
      ...each('onWriteResult onWriteError', {}),
    },
  },
  Transaction: {
    client,
    members: { ...each('get getAll', read), ...each('create set update delete', { returns: 'Transaction' }) },
  },
};

export const googleFirestore: CatalogueModule = {
  module: '@google-cloud/firestore',
  kind: 'db',
  docs: 'https://cloud.google.com/nodejs/docs/reference/firestore/latest',
  client,
  types: firestoreTypes,
};
