import { each, type CatalogueModule, type ClientRow, type Effect, type MemberRow } from '../catalogue.js';

const signal = 'abortSignal';
const call = (effect: Effect, options: number): MemberRow => ({ effect, options, signal });
const others: MemberRow = { effect: { verb: 'member' } };

/** Anything is tried three times more. The limit of one try is left to the service, unless `tryTimeoutInMs` is set. */
const storage: ClientRow = {
  timeout: ['retryOptions.tryTimeoutInMs'],
  retries: ['retryOptions.maxTries'],
  ownRetries: { count: 3, effects: 'all' },
};

const local = each('url accountName credential generateSasUrl generateSasStringToSign', {});

export const azureStorageBlob: CatalogueModule = {
  module: '@azure/storage-blob',
  kind: 'sdk',
  docs: 'https://learn.microsoft.com/javascript/api/@azure/storage-blob/storageretryoptions',
  client: storage,
  types: {
    BlobServiceClient: {
      constructed: { options: [1, 2] },
      statics: { fromConnectionString: { makes: 'BlobServiceClient', options: 1 } },
      members: {
        getContainerClient: { returns: 'ContainerClient' },
        createContainer: call('write', 1),
        deleteContainer: call('idempotent-write', 1),
        ...each('getProperties getStatistics getAccountInfo', call('read', 0)),
        setProperties: call('idempotent-write', 1),
        getUserDelegationKey: call('read', 2),
        getBlobBatchClient: { returns: 'BlobBatchClient' },
        ...each('listContainers findBlobsByTags generateAccountSasUrl url accountName', {}),
      },
    },
    ContainerClient: {
      constructed: { options: [2] },
      members: {
        getBlobClient: { returns: 'BlobClient' },
        getBlockBlobClient: { returns: 'BlockBlobClient' },
        getAppendBlobClient: { returns: 'AppendBlobClient' },
        getPageBlobClient: { returns: 'PageBlobClient' },
        ...each('createIfNotExists delete deleteIfExists', call('idempotent-write', 0)),
        create: call('write', 0),
        ...each('exists getProperties getAccessPolicy', call('read', 0)),
        uploadBlockBlob: call('idempotent-write', 3),
        ...each('deleteBlob setMetadata', call('idempotent-write', 1)),
        ...each('listBlobsFlat listBlobsByHierarchy findBlobsByTags getBlobLeaseClient containerName', {}),
        ...local,
      },
    },
    BlobClient: {
      constructed: { options: [2, 3] },
      members: {
        getBlockBlobClient: { returns: 'BlockBlobClient' },
        getAppendBlobClient: { returns: 'AppendBlobClient' },
        getPageBlobClient: { returns: 'PageBlobClient' },
        download: call('read', 2),
        downloadToBuffer: call('read', 2),
        downloadToFile: call('read', 3),
        ...each('exists getProperties getTags', call('read', 0)),
        ...each('delete deleteIfExists undelete', call('idempotent-write', 0)),
        ...each('setHTTPHeaders setMetadata setTags setAccessTier syncCopyFromURL', call('idempotent-write', 1)),
        beginCopyFromURL: call('idempotent-write', 1),
        createSnapshot: call('write', 0),
        ...each('getBlobLeaseClient withSnapshot withVersion name containerName', {}),
        ...local,
      },
    },
    // The name of the blob names what is written.
    BlockBlobClient: {
      extends: 'BlobClient',
      constructed: { options: [2, 3] },
      members: {
        upload: call('idempotent-write', 2),
        ...each('uploadData uploadFile syncUploadFromURL commitBlockList', call('idempotent-write', 1)),
        uploadStream: call('idempotent-write', 3),
        stageBlock: call('idempotent-write', 3),
        ...each('query getBlockList', call('read', 1)),
      },
    },
    AppendBlobClient: {
      extends: 'BlobClient',
      constructed: { options: [2, 3] },
      members: {
        appendBlock: call('write', 2),
        ...each('create createIfNotExists seal', call('idempotent-write', 0)),
      },
    },
    PageBlobClient: {
      extends: 'BlobClient',
      constructed: { options: [2, 3] },
      members: { uploadPages: call('idempotent-write', 3), ...each('create resize', call('idempotent-write', 1)) },
    },
    BlobBatchClient: { members: each('deleteBlobs setBlobsAccessTier submitBatch', { effect: 'idempotent-write' }) },
  },
};

export const azureStorageQueue: CatalogueModule = {
  module: '@azure/storage-queue',
  kind: 'broker',
  docs: 'https://learn.microsoft.com/javascript/api/@azure/storage-queue/storageretryoptions',
  client: storage,
  types: {
    QueueServiceClient: {
      constructed: { options: [1, 2] },
      statics: { fromConnectionString: { makes: 'QueueServiceClient', options: 1 } },
      members: {
        getQueueClient: { returns: 'QueueClient' },
        ...each('createQueue deleteQueue setProperties', call('idempotent-write', 1)),
        ...each('getProperties getStatistics', call('read', 0)),
        ...each('listQueues generateAccountSasUrl', {}),
      },
    },
    QueueClient: {
      constructed: { options: [2] },
      members: {
        sendMessage: call('write', 1),
        ...each('receiveMessages peekMessages exists getProperties', call('read', 0)),
        deleteMessage: call('idempotent-write', 2),
        updateMessage: call('idempotent-write', 4),
        ...each('create createIfNotExists delete deleteIfExists clearMessages', call('idempotent-write', 0)),
        setMetadata: call('idempotent-write', 1),
        ...each('name', {}),
        ...local,
      },
    },
  },
};

/** One try is given up after 1 min, and there are three more. */
const amqp: ClientRow = {
  timeout: ['retryOptions.timeoutInMs'],
  ownTimeout: 60_000,
  retries: ['retryOptions.maxRetries'],
  ownRetries: { count: 3, effects: 'all' },
};

export const azureServiceBus: CatalogueModule = {
  module: '@azure/service-bus',
  kind: 'broker',
  docs: 'https://learn.microsoft.com/javascript/api/@azure/service-bus/retryoptions',
  client: amqp,
  types: {
    ServiceBusClient: {
      constructed: { options: [1, 2] },
      members: {
        createSender: { returns: 'ServiceBusSender' },
        createReceiver: { returns: 'ServiceBusReceiver' },
        acceptSession: { effect: 'read', returns: 'ServiceBusSessionReceiver' },
        acceptNextSession: { effect: 'read', returns: 'ServiceBusSessionReceiver' },
        ...each('createRuleManager close fullyQualifiedNamespace', {}),
      },
    },
    ServiceBusSender: {
      members: {
        sendMessages: { ...call('write', 1), key: ['messageId'] },
        scheduleMessages: { ...call('write', 2), key: ['messageId'] },
        cancelScheduledMessages: call('idempotent-write', 1),
        createMessageBatch: call('read', 0),
        ...each('close isClosed entityPath', {}),
      },
    },
    ServiceBusReceiver: {
      members: {
        // It waits for messages for as long as `maxWaitTimeInMs` says, 1 min by default.
        receiveMessages: { ...call('read', 1), timeout: ['maxWaitTimeInMs'] },
        ...each('peekMessages receiveDeferredMessages', call('read', 1)),
        ...each('completeMessage abandonMessage deferMessage deadLetterMessage renewMessageLock', {
          effect: 'idempotent-write',
        }),
        ...each('subscribe getMessageIterator close isClosed entityPath', {}),
      },
    },
    ServiceBusSessionReceiver: {
      extends: 'ServiceBusReceiver',
      members: {
        getSessionState: call('read', 0),
        setSessionState: call('idempotent-write', 1),
        renewSessionLock: call('idempotent-write', 0),
      },
    },
    ServiceBusAdministrationClient: {
      constructed: { options: [1, 2] },
      client: { retries: ['retryOptions.maxRetries'], ownRetries: { count: 3, effects: 'all' } },
      members: each('listQueues listTopics listSubscriptions listRules', {}),
      others,
    },
  },
};

export const azureEventHubs: CatalogueModule = {
  module: '@azure/event-hubs',
  kind: 'broker',
  docs: 'https://learn.microsoft.com/javascript/api/@azure/event-hubs/retryoptions',
  client: amqp,
  types: {
    EventHubProducerClient: {
      constructed: { options: [1, 2, 3] },
      members: {
        sendBatch: call('write', 1),
        ...each('createBatch getEventHubProperties getPartitionIds', call('read', 0)),
        getPartitionProperties: call('read', 1),
        ...each('close', {}),
      },
    },
    EventHubConsumerClient: {
      constructed: { options: [2, 3, 4, 5] },
      members: {
        ...each('getEventHubProperties getPartitionIds', call('read', 0)),
        getPartitionProperties: call('read', 1),
        ...each('subscribe close', {}),
      },
    },
  },
};

/** A request is given up after 1 min; one that the service turns down for its rate is tried up to nine times more. */
export const azureCosmos: CatalogueModule = {
  module: '@azure/cosmos',
  kind: 'db',
  docs: 'https://learn.microsoft.com/javascript/api/@azure/cosmos/connectionpolicy',
  client: {
    timeout: ['connectionPolicy.requestTimeout'],
    ownTimeout: 60_000,
    retries: ['connectionPolicy.retryOptions.maxRetryAttemptCount'],
    ownRetries: { count: 9, effects: 'all' },
  },
  types: {
    CosmosClient: {
      constructed: { options: 0 },
      members: {
        database: { returns: 'Database' },
        databases: { is: 'Databases' },
        getDatabaseAccount: call('read', 0),
        ...each('dispose offer offers', {}),
      },
    },
    Databases: {
      members: {
        ...each('create', call('write', 1)),
        createIfNotExists: call('idempotent-write', 1),
        ...each('query readAll', { returns: 'QueryIterator' }),
      },
    },
    Database: {
      members: {
        container: { returns: 'Container' },
        containers: { is: 'Containers' },
        read: call('read', 0),
        delete: call('idempotent-write', 0),
        ...each('user users client', {}),
      },
    },
    Containers: {
      members: {
        ...each('create', call('write', 1)),
        createIfNotExists: call('idempotent-write', 1),
        ...each('query readAll', { returns: 'QueryIterator' }),
      },
    },
    Container: {
      members: {
        item: { returns: 'Item' },
        items: { is: 'Items' },
        read: call('read', 0),
        replace: call('idempotent-write', 1),
        delete: call('idempotent-write', 0),
        scripts: { is: 'Scripts' },
        ...each('conflict conflicts database', {}),
      },
    },
    Item: {
      members: {
        read: call('read', 0),
        replace: call('idempotent-write', 1),
        delete: call('idempotent-write', 0),
        // A patch may increment.
        patch: call('unknown', 1),
      },
    },
    Items: {
      members: {
        ...each('query readAll', { returns: 'QueryIterator' }),
        // A second document with the same id is refused, but one without an id gets a new one on every call.
        create: { ...call('write', 1), key: ['id'] },
        upsert: call('idempotent-write', 1),
        ...each('batch bulk executeBulkOperations', { effect: 'unknown' }),
        ...each('changeFeed readChangeFeed getChangeFeedIterator', {}),
      },
    },
    QueryIterator: {
      members: {
        ...each('fetchAll fetchNext', { effect: 'read' }),
        ...each('hasMoreResults reset getAsyncIterator', {}),
      },
    },
    Scripts: { members: { storedProcedure: { returns: 'StoredProcedure' } } },
    StoredProcedure: {
      members: {
        execute: { effect: 'unknown' },
        read: call('read', 0),
        ...each('replace', call('idempotent-write', 1)),
      },
    },
  },
};

/** Waits for ever by default; anything is tried three times more. */
const rest: ClientRow = { retries: ['retryOptions.maxRetries'], ownRetries: { count: 3, effects: 'all' } };

export const azureKeyvaultSecrets: CatalogueModule = {
  module: '@azure/keyvault-secrets',
  kind: 'http',
  docs: 'https://learn.microsoft.com/javascript/api/@azure/keyvault-secrets/secretclient',
  client: rest,
  types: {
    SecretClient: {
      constructed: { options: 2 },
      members: {
        ...each('getSecret getDeletedSecret backupSecret', call('read', 1)),
        setSecret: call('write', 2),
        updateSecretProperties: call('idempotent-write', 2),
        ...each(
          'beginDeleteSecret purgeDeletedSecret beginRecoverDeletedSecret restoreSecretBackup',
          call('idempotent-write', 1),
        ),
        ...each('listPropertiesOfSecrets listPropertiesOfSecretVersions listDeletedSecrets vaultUrl', {}),
      },
    },
  },
};

export const azureDataTables: CatalogueModule = {
  module: '@azure/data-tables',
  kind: 'db',
  docs: 'https://learn.microsoft.com/javascript/api/@azure/data-tables/tableclient',
  client: rest,
  types: {
    TableServiceClient: {
      constructed: { options: [1, 2] },
      statics: { fromConnectionString: { makes: 'TableServiceClient', options: 1 } },
      members: { ...each('createTable deleteTable', call('idempotent-write', 1)), ...each('listTables', {}) },
    },
    TableClient: {
      constructed: { options: [2, 3] },
      statics: { fromConnectionString: { makes: 'TableClient', options: 2 } },
      members: {
        getEntity: call('read', 2),
        // A second entity with the same keys is refused.
        createEntity: call('idempotent-write', 1),
        deleteEntity: call('idempotent-write', 2),
        ...each('updateEntity upsertEntity', call('idempotent-write', 2)),
        ...each('createTable deleteTable', call('idempotent-write', 0)),
        submitTransaction: { effect: 'unknown' },
        ...each('listEntities', {}),
      },
    },
  },
};

export const azureIdentity: CatalogueModule = {
  module: '@azure/identity',
  kind: 'http',
  docs: 'https://learn.microsoft.com/javascript/api/@azure/identity',
  client: rest,
  types: {
    ChainedTokenCredential: { members: { getToken: call('read', 1) } },
    DefaultAzureCredential: { extends: 'ChainedTokenCredential', constructed: { options: 0 } },
    ClientSecretCredential: { constructed: { options: 3 }, members: { getToken: call('read', 1) } },
    ManagedIdentityCredential: { constructed: { options: [0, 1] }, members: { getToken: call('read', 1) } },
  },
};
