import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const read: MemberRow = { effect: 'read' };
const idempotent: MemberRow = { effect: 'idempotent-write' };
/** A method of a generated client: `getSecret(request, options)`. */
const rpc: MemberRow = { effect: { verb: 'member' }, options: 1, timeout: ['timeout'] };
const local = each('auth descriptors innerApiCalls initialize close getProjectId warn apiEndpoint', {});

/** A request is tried again for up to 10 min. Published messages are sent together, a moment later. */
export const googlePubsub: CatalogueModule = {
  module: '@google-cloud/pubsub',
  kind: 'broker',
  docs: 'https://cloud.google.com/pubsub/docs/publisher#retry_requests',
  client: { ownTimeout: 600_000 },
  types: {
    PubSub: {
      constructed: { options: 0 },
      members: {
        topic: { returns: 'Topic' },
        subscription: { returns: 'Subscription' },
        ...each('createTopic createSubscription createSchema', { effect: 'write' }),
        ...each('getTopics getSubscriptions getSnapshots validateSchema', read),
        ...each('close schema snapshot getTopicsStream getSubscriptionsStream', {}),
      },
    },
    Topic: {
      members: {
        ...each('publish publishJSON publishMessage', { effect: 'write' }),
        ...each('create createSubscription', { effect: 'write' }),
        ...each('exists get getMetadata getSubscriptions', read),
        ...each('delete setMetadata', idempotent),
        subscription: { returns: 'Subscription' },
        ...each('flush resumePublishing setPublishOptions flowControlled', {}),
      },
    },
    Subscription: {
      members: {
        ...each('create createSnapshot', { effect: 'write' }),
        ...each('exists get getMetadata', read),
        ...each('delete seek setMetadata modifyPushConfig', idempotent),
        ...each('on open close setOptions snapshot', {}),
      },
    },
    Message: { members: { ...each('ackWithResponse nackWithResponse', idempotent), ...each('ack nack modAck', {}) } },
  },
};

/** A single request is given up after 1 min, but a query waits for its job for as long as that takes. */
export const googleBigquery: CatalogueModule = {
  module: '@google-cloud/bigquery',
  kind: 'db',
  docs: 'https://cloud.google.com/nodejs/docs/reference/bigquery/latest',
  client: {
    retries: ['retryOptions.maxRetries', 'retryOptions.autoRetry'],
    ownRetries: { count: 3, effects: 'all' },
  },
  types: {
    BigQuery: {
      constructed: { options: 0 },
      members: {
        query: { effect: { sql: 0 }, options: [1, 0], timeout: ['timeoutMs', 'jobTimeoutMs'] },
        createQueryJob: { effect: 'unknown', options: 0, timeout: ['jobTimeoutMs'], key: ['jobId'] },
        createJob: { effect: 'write', key: ['jobId'] },
        createDataset: { effect: 'write' },
        dataset: { returns: 'Dataset' },
        job: { returns: 'Job' },
        ...each('getDatasets getJobs', read),
        ...each('createQueryStream date datetime time timestamp int geography', {}),
      },
    },
    Dataset: {
      members: {
        table: { returns: 'Table' },
        query: { effect: { sql: 0 } },
        ...each('createTable createRoutine createQueryJob', { effect: 'write' }),
        ...each('getTables getModels getRoutines exists get getMetadata', read),
        ...each('delete setMetadata', idempotent),
      },
    },
    Table: {
      client: { ownTimeout: 60_000, ownRetries: { count: 3, effects: 'all' } },
      members: {
        // A row without `insertId` gets a new one on every call.
        insert: { effect: 'write', key: ['insertId'] },
        ...each('load copy copyFrom extract createLoadJob createCopyJob createExtractJob', { effect: 'write' }),
        query: { effect: 'unknown' },
        ...each('getRows exists get getMetadata', read),
        ...each('delete setMetadata', idempotent),
        ...each('createReadStream createWriteStream createInsertStream', {}),
      },
    },
    Job: {
      members: {
        ...each('getQueryResults getMetadata', read),
        cancel: idempotent,
        ...each('on getQueryResultsStream', {}),
      },
    },
  },
};

/** A request is given up after 1 min. */
export const googleSecretManager: CatalogueModule = {
  module: '@google-cloud/secret-manager',
  kind: 'rpc',
  docs: 'https://cloud.google.com/nodejs/docs/reference/secret-manager/latest',
  client: { ownTimeout: 60_000 },
  types: {
    SecretManagerServiceClient: {
      constructed: { options: 0 },
      members: {
        accessSecretVersion: { ...rpc, effect: 'read' },
        ...each('secretVersionPath secretPath projectPath', {}),
        ...local,
      },
      others: rpc,
    },
  },
};

/** A request is given up after 20 s. */
export const googleTasks: CatalogueModule = {
  module: '@google-cloud/tasks',
  kind: 'broker',
  docs: 'https://cloud.google.com/nodejs/docs/reference/tasks/latest',
  client: { ownTimeout: 20_000 },
  types: {
    CloudTasksClient: {
      constructed: { options: 0 },
      members: {
        // A task with a name is made once.
        createTask: { ...rpc, key: ['name'] },
        ...each('pauseQueue resumeQueue purgeQueue', { ...rpc, effect: 'idempotent-write' }),
        ...each('queuePath taskPath locationPath', {}),
        ...local,
      },
      others: rpc,
    },
  },
};

/** A request is given up after 1 min; what is written with an `insertId` is kept once. */
export const googleLogging: CatalogueModule = {
  module: '@google-cloud/logging',
  kind: 'rpc',
  docs: 'https://cloud.google.com/nodejs/docs/reference/logging/latest',
  client: { ownTimeout: 60_000 },
  types: {
    Logging: {
      constructed: { options: 0 },
      members: {
        log: { returns: 'Log' },
        ...each('getEntries getLogs getSinks', read),
        createSink: { effect: 'write' },
        ...each('entry logSync sink getEntriesStream tailEntries setProjectId setDetectedResource', {}),
      },
    },
    Log: {
      members: {
        // The library gives each entry an `insertId` as it is made.
        ...each('write alert critical debug emergency error info notice warning', idempotent),
        getEntries: read,
        delete: idempotent,
        ...each('entry getEntriesStream tailEntries', {}),
      },
    },
    LogSync: { members: each('write alert critical debug emergency error info notice warning entry', {}) },
  },
};
