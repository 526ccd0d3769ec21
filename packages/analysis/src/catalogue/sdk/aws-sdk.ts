import { each, type CatalogueModule, type ClientRow, type Effect, type MemberRow, type TypeRow } from '../catalogue.js';

const options: ClientRow = {
  timeout: ['httpOptions.timeout'],
  ownTimeout: 120_000,
  retries: ['maxRetries'],
  ownRetries: { count: 3, effects: 'all' },
};
const dynamodbOptions: ClientRow = { ...options, ownRetries: { count: 10, effects: 'all' } };

/** An operation only makes a request, and that is sent by `promise()`. */
const operation = (effect: Effect, key?: readonly string[]): MemberRow => ({
  effect,
  returns: 'Request',
  ...(key ? { key } : {}),
});
const read = operation('read');
const write = operation('write');
const idempotent = operation('idempotent-write');
const unknown = operation('unknown');

/** Sent too, but not by an operation of the service: signed on this machine, or sent in parts. */
const s3: Record<string, MemberRow> = {
  ...each('getObject headObject listObjects listObjectsV2 listBuckets headBucket getObjectTagging listParts', read),
  ...each(
    'putObject copyObject deleteObject deleteObjects uploadPart completeMultipartUpload abortMultipartUpload',
    idempotent,
  ),
  createMultipartUpload: write,
  upload: { returns: 'ManagedUpload' },
  ...each('getSignedUrl getSignedUrlPromise createPresignedPost', {}),
};

const services: Record<string, Record<string, MemberRow>> = {
  S3: s3,
  SQS: {
    ...each('receiveMessage getQueueUrl getQueueAttributes listQueues', read),
    ...each('deleteMessage deleteMessageBatch changeMessageVisibility purgeQueue', idempotent),
    ...each('sendMessage sendMessageBatch', operation('write', ['MessageDeduplicationId'])),
  },
  SNS: {
    ...each('publish publishBatch', operation('write', ['MessageDeduplicationId'])),
    ...each('createTopic subscribe unsubscribe deleteEndpoint setEndpointAttributes', idempotent),
  },
  Lambda: { invoke: write, ...each('getFunction listFunctions', read), updateFunctionCode: idempotent },
  SecretsManager: {
    ...each('getSecretValue describeSecret listSecrets', read),
    ...each('putSecretValue updateSecret', operation('idempotent-write', ['ClientRequestToken'])),
  },
  SSM: {
    ...each('getParameter getParameters getParametersByPath', read),
    putParameter: idempotent,
    sendCommand: write,
  },
  KMS: { ...each('encrypt decrypt sign generateDataKey getPublicKey', read) },
  SES: { ...each('sendEmail sendRawEmail sendTemplatedEmail sendBulkTemplatedEmail', write) },
  SESV2: { ...each('sendEmail sendBulkEmail', write) },
  EventBridge: { putEvents: write, ...each('putRule putTargets removeTargets deleteRule', idempotent) },
  Kinesis: { ...each('putRecord putRecords', write), ...each('getRecords getShardIterator describeStream', read) },
  Firehose: { ...each('putRecord putRecordBatch', write) },
  CloudWatch: { putMetricData: write, ...each('getMetricData getMetricStatistics', read) },
  CloudWatchLogs: { putLogEvents: write, ...each('filterLogEvents getLogEvents describeLogStreams', read) },
  StepFunctions: {
    startExecution: operation('write', ['name']),
    ...each('describeExecution listExecutions getExecutionHistory', read),
    ...each('sendTaskSuccess sendTaskFailure stopExecution', idempotent),
  },
  CognitoIdentityServiceProvider: {
    ...each('adminGetUser getUser listUsers adminListGroupsForUser describeUserPool', read),
    ...each('adminCreateUser signUp forgotPassword', write),
    ...each('adminDeleteUser adminUpdateUserAttributes adminSetUserPassword adminAddUserToGroup', idempotent),
    ...each('adminInitiateAuth initiateAuth', unknown),
  },
  STS: { ...each('assumeRole getCallerIdentity getSessionToken assumeRoleWithWebIdentity', read) },
  RDSDataService: { ...each('executeStatement batchExecuteStatement', unknown) },
  ApiGatewayManagementApi: { postToConnection: write },
  Rekognition: { ...each('detectLabels detectFaces detectText detectModerationLabels compareFaces', read) },
  Textract: { ...each('detectDocumentText analyzeDocument', read) },
};

const dynamodb: Record<string, MemberRow> = {
  ...each('getItem query scan batchGetItem transactGetItems describeTable listTables', read),
  ...each('putItem deleteItem batchWriteItem', idempotent),
  // An expression may say `SET total = :total` or `ADD total :one`.
  updateItem: unknown,
  transactWriteItems: operation('unknown', ['ClientRequestToken']),
};

const others = `ACM APIGateway Athena AutoScaling Batch CloudFormation CloudFront Comprehend CognitoIdentity EC2 ECR ECS
  EKS ELBv2 ElastiCache Glue IAM Iot MediaConvert OpenSearch Pinpoint Polly RDS Redshift RedshiftData Route53 Scheduler
  TranscribeService Translate XRay`.split(/\s+/);

const shared: Record<string, MemberRow> = { makeRequest: unknown, waitFor: read, ...each('setupRequestListeners', {}) };

const service = (members: Record<string, MemberRow>, client?: ClientRow): TypeRow => ({
  constructed: { options: 0 },
  members: { ...shared, ...members },
  others: { effect: { verb: 'member' }, returns: 'Request' },
  ...(client ? { client } : {}),
});

/** Version 2. A silent socket is given up after 2 min; a failed request is tried up to 3 times more, 10 with DynamoDB. */
export const awsSdk: CatalogueModule = {
  module: 'aws-sdk',
  kind: 'sdk',
  docs: 'https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/Config.html',
  client: options,
  types: {
    ...Object.fromEntries(others.map((name) => [name, service({})])),
    ...Object.fromEntries(Object.entries(services).map(([name, members]) => [name, service(members)])),
    DynamoDB: service(dynamodb, dynamodbOptions),
    DocumentClient: {
      constructed: { options: 0 },
      client: dynamodbOptions,
      members: {
        ...each('get query scan batchGet transactGet', read),
        ...each('put delete batchWrite', idempotent),
        update: unknown,
        transactWrite: operation('unknown', ['ClientRequestToken']),
        createSet: {},
      },
    },
    // The service that a subpath such as `aws-sdk/clients/s3` exports, whichever that is.
    default: service(Object.assign({}, ...Object.values(services), dynamodb) as Record<string, MemberRow>),
    Request: {
      lazy: { effect: 'unknown' },
      members: {
        promise: {},
        createReadStream: { effect: 'read', returns: 'Readable' },
        ...each('abort send eachPage', { returns: 'void' }),
        isPageable: { returns: 'boolean' },
      },
    },
    ManagedUpload: {
      constructed: { options: 0 },
      members: { promise: { effect: 'idempotent-write' }, ...each('abort send on', {}) },
    },
  },
};
