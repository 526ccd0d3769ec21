import { each, type CatalogueModule, type ClientRow, type MemberRow, type TypeRow } from '../catalogue.js';

const call: MemberRow = { effect: { verb: 'member' } };

/** Waits for ever by default; what can be repeated is tried three times more. */
const client: ClientRow = {
  timeout: ['timeout'],
  retries: ['retryOptions.maxRetries', 'retryOptions.autoRetry'],
  ownRetries: { count: 3, effects: 'idempotent' },
};

export const storageTypes: Record<string, TypeRow> = {
  Storage: {
    client,
    constructed: { options: 0 },
    members: {
      bucket: { returns: 'Bucket' },
      ...each('createBucket createHmacKey', { effect: 'write' }),
      ...each('getBuckets getHmacKeys getServiceAccount', { effect: 'read' }),
      ...each('hmacKey channel getBucketsStream', {}),
    },
  },
  Bucket: {
    client,
    members: {
      file: { returns: 'File' },
      // The name of the object names what is written.
      ...each('upload combine makePublic makePrivate lock', { effect: 'idempotent-write' }),
      getSignedUrl: {},
      ...each('name storage acl iam id metadata notification getFilesStream cloudStorageURI getId setUserProject', {}),
    },
    others: call,
  },
  File: {
    client,
    members: {
      ...each('save copy move rename moveFileAtomic makePublic makePrivate', { effect: 'idempotent-write' }),
      ...each('download isPublic', { effect: 'read' }),
      // The writing or reading of a stream goes on by itself.
      ...each('createReadStream createWriteStream', {}),
      ...each('getSignedUrl generateSignedPostPolicyV2 generateSignedPostPolicyV4 publicUrl', {}),
      ...each('name bucket storage metadata id acl cloudStorageURI setEncryptionKey setUserProject', {}),
    },
    others: call,
  },
};

export const googleStorage: CatalogueModule = {
  module: '@google-cloud/storage',
  kind: 'sdk',
  docs: 'https://cloud.google.com/storage/docs/retry-strategy#node.js',
  client,
  types: storageTypes,
};
