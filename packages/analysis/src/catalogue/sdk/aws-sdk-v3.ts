import { each, type CatalogueModule, type ClientRow, type MemberRow, type TypeRow } from '../catalogue.js';

const docs = 'https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/configuring-the-jssdk.html';

/**
 * No timeout of its own, and three attempts at anything. `requestTimeout` alone only warns in Node.js, unless
 * `throwOnRequestTimeout` is set too; in releases before that option it was the limit of a silent socket.
 */
const options: ClientRow = {
  timeout: [
    'requestHandler.requestTimeout',
    'requestHandler.socketTimeout',
    'requestHandler.throwOnRequestTimeout',
    // `new NodeHttpHandler({ requestTimeout })` is out of sight; whoever makes one sets such options.
    'requestHandler',
  ],
  retries: ['maxAttempts'],
  ownRetries: { count: 2, effects: 'all' },
};

const request = { options: 1, timeout: ['requestTimeout'], signal: 'abortSignal' } as const;
const local: Record<string, MemberRow> = each('destroy config middlewareStack', {});

/**
 * A package with the shape that all of them have: `XClient` sends commands, and `X` has a method for each of them.
 * `key` names what makes the service drop a repetition.
 */
function client(
  name: string,
  service: string,
  key: readonly string[] = [],
  members: TypeRow['members'] = {},
): CatalogueModule {
  const dropped = key.length > 0 ? { key } : {};
  return {
    module: `@aws-sdk/client-${name}`,
    kind: 'sdk',
    docs,
    client: options,
    types: {
      [`${service}Client`]: {
        constructed: { options: 0 },
        members: { send: { ...request, effect: { command: 0 }, ...dropped }, ...local },
      },
      [service]: {
        extends: `${service}Client`,
        members: Object.fromEntries(Object.entries(members).map(([member, row]) => [member, { ...request, ...row }])),
        others: { ...request, effect: { verb: 'member' }, ...dropped },
      },
    },
  };
}

const append: MemberRow = { effect: 'write' };
const read: MemberRow = { effect: 'read' };
/** What is sent may say `SET total = :total` or `ADD total :one`. */
const expression: MemberRow = { effect: 'unknown' };

export const awsAcm: CatalogueModule = client('acm', 'ACM', ['IdempotencyToken']);
export const awsApiGatewayManagementApi: CatalogueModule = client(
  'apigatewaymanagementapi',
  'ApiGatewayManagementApi',
  [],
  {
    postToConnection: append,
  },
);
export const awsAthena: CatalogueModule = client('athena', 'Athena', ['ClientRequestToken']);
export const awsAutoScaling: CatalogueModule = client('auto-scaling', 'AutoScaling');
export const awsBatch: CatalogueModule = client('batch', 'Batch');
export const awsBedrockRuntime: CatalogueModule = client('bedrock-runtime', 'BedrockRuntime', ['clientRequestToken'], {
  ...each('invokeModel converse applyGuardrail', read),
});
export const awsCloudFormation: CatalogueModule = client('cloudformation', 'CloudFormation', [
  'ClientRequestToken',
  'ClientToken',
]);
export const awsCloudFront: CatalogueModule = client('cloudfront', 'CloudFront', ['CallerReference']);
export const awsCloudWatch: CatalogueModule = client('cloudwatch', 'CloudWatch', [], { putMetricData: append });
export const awsCloudWatchLogs: CatalogueModule = client('cloudwatch-logs', 'CloudWatchLogs', [], {
  putLogEvents: append,
  filterLogEvents: read,
});
export const awsCognitoIdentity: CatalogueModule = client('cognito-identity', 'CognitoIdentity');
export const awsCognitoIdentityProvider: CatalogueModule = client(
  'cognito-identity-provider',
  'CognitoIdentityProvider',
  [],
  {
    ...each('adminGetUser adminListGroupsForUser adminListDevices', read),
    ...each(
      `adminDeleteUser adminUpdateUserAttributes adminSetUserPassword adminEnableUser adminDisableUser
     adminAddUserToGroup adminRemoveUserFromGroup adminUserGlobalSignOut globalSignOut`,
      { effect: 'idempotent-write' },
    ),
    ...each('adminCreateUser signUp forgotPassword resendConfirmationCode adminResetUserPassword', append),
  },
);
export const awsComprehend: CatalogueModule = client('comprehend', 'Comprehend', ['ClientRequestToken'], {
  ...each('detectSentiment detectEntities detectKeyPhrases detectDominantLanguage detectPiiEntities', read),
});
export const awsDynamodb: CatalogueModule = client('dynamodb', 'DynamoDB', ['ClientRequestToken'], {
  ...each('updateItem executeStatement batchExecuteStatement executeTransaction', expression),
  transactWriteItems: { ...expression, key: ['ClientRequestToken'] },
  transactGetItems: read,
});
export const awsDynamodbStreams: CatalogueModule = client('dynamodb-streams', 'DynamoDBStreams');
export const awsEc2: CatalogueModule = client('ec2', 'EC2', ['ClientToken']);
export const awsEcr: CatalogueModule = client('ecr', 'ECR');
export const awsEcs: CatalogueModule = client('ecs', 'ECS', ['clientToken']);
export const awsElastiCache: CatalogueModule = client('elasticache', 'ElastiCache');
export const awsElasticLoadBalancing: CatalogueModule = client('elastic-load-balancing-v2', 'ElasticLoadBalancingV2');
export const awsEventBridge: CatalogueModule = client('eventbridge', 'EventBridge', [], { putEvents: append });
export const awsFirehose: CatalogueModule = client(
  'firehose',
  'Firehose',
  [],
  each('putRecord putRecordBatch', append),
);
export const awsGlue: CatalogueModule = client('glue', 'Glue', ['ClientToken']);
export const awsIam: CatalogueModule = client('iam', 'IAM');
export const awsIotDataPlane: CatalogueModule = client('iot-data-plane', 'IoTDataPlane', [], { publish: append });
export const awsKinesis: CatalogueModule = client('kinesis', 'Kinesis', [], each('putRecord putRecords', append));
export const awsKms: CatalogueModule = client('kms', 'KMS', [], {
  ...each(
    'encrypt decrypt reEncrypt sign generateDataKey generateDataKeyWithoutPlaintext generateRandom generateMac',
    read,
  ),
});
export const awsLambda: CatalogueModule = client('lambda', 'Lambda', [], { invoke: append });
export const awsMediaConvert: CatalogueModule = client('mediaconvert', 'MediaConvert', ['ClientRequestToken']);
export const awsOpenSearch: CatalogueModule = client('opensearch', 'OpenSearch', ['ClientToken']);
export const awsPolly: CatalogueModule = client('polly', 'Polly', [], { synthesizeSpeech: read });
export const awsRds: CatalogueModule = client('rds', 'RDS');
export const awsRdsData: CatalogueModule = client(
  'rds-data',
  'RDSData',
  [],
  each('executeStatement batchExecuteStatement executeSql', expression),
);
export const awsRedshiftData: CatalogueModule = client('redshift-data', 'RedshiftData', ['ClientToken'], {
  ...each('executeStatement batchExecuteStatement', expression),
});
export const awsRekognition: CatalogueModule = client('rekognition', 'Rekognition', ['ClientRequestToken'], {
  ...each('detectLabels detectFaces detectText detectModerationLabels compareFaces recognizeCelebrities', read),
});
export const awsRoute53: CatalogueModule = client('route-53', 'Route53', ['CallerReference'], {
  changeResourceRecordSets: { effect: 'unknown' },
});
export const awsS3: CatalogueModule = client('s3', 'S3', [], {
  // The key of the object names what is written, and a copy of the same object is the same object.
  ...each('copyObject uploadPart uploadPartCopy completeMultipartUpload abortMultipartUpload', {
    effect: 'idempotent-write',
  }),
  selectObjectContent: read,
});
export const awsScheduler: CatalogueModule = client('scheduler', 'Scheduler', ['ClientToken']);
export const awsSecretsManager: CatalogueModule = client('secrets-manager', 'SecretsManager', ['ClientRequestToken']);
export const awsSes: CatalogueModule = client('ses', 'SES');
export const awsSesV2: CatalogueModule = client('sesv2', 'SESv2');
export const awsSfn: CatalogueModule = client('sfn', 'SFN', ['name']);
export const awsSns: CatalogueModule = client('sns', 'SNS', ['MessageDeduplicationId']);
export const awsSqs: CatalogueModule = client('sqs', 'SQS', ['MessageDeduplicationId'], {
  receiveMessage: read,
  ...each('changeMessageVisibility changeMessageVisibilityBatch purgeQueue', { effect: 'idempotent-write' }),
});
export const awsSsm: CatalogueModule = client('ssm', 'SSM', ['ClientToken']);
export const awsSts: CatalogueModule = client('sts', 'STS', [], {
  ...each('assumeRole assumeRoleWithSAML assumeRoleWithWebIdentity', read),
});
export const awsTextract: CatalogueModule = client('textract', 'Textract', ['ClientRequestToken'], {
  ...each('detectDocumentText analyzeDocument analyzeExpense analyzeID', read),
});
export const awsTranscribe: CatalogueModule = client('transcribe', 'Transcribe', ['TranscriptionJobName']);
export const awsTranslate: CatalogueModule = client('translate', 'Translate', ['ClientToken'], {
  ...each('translateText translateDocument', read),
});

/** The client inside has the options; `from` is given it, not them. */
const wrapped: ClientRow = { ...options, timeout: ['config.requestHandler'], retries: ['config.maxAttempts'] };

export const awsLibDynamodb: CatalogueModule = {
  module: '@aws-sdk/lib-dynamodb',
  kind: 'sdk',
  docs,
  client: wrapped,
  types: {
    DynamoDBDocumentClient: {
      statics: { from: { makes: 'DynamoDBDocumentClient', options: 0 } },
      members: { send: { ...request, effect: { command: 0 }, key: ['ClientRequestToken'] }, ...local },
    },
    DynamoDBDocument: {
      extends: 'DynamoDBDocumentClient',
      statics: { from: { makes: 'DynamoDBDocument', options: 0 } },
      members: {
        ...each('get query scan batchGet transactGet', { ...request, effect: 'read' }),
        ...each('put delete batchWrite', { ...request, effect: 'idempotent-write' }),
        ...each('update executeStatement batchExecuteStatement executeTransaction', { ...request, ...expression }),
        transactWrite: { ...request, ...expression, key: ['ClientRequestToken'] },
      },
    },
  },
};

/** Uploads parts with the client it is given, whose options hold; the object's key names what is written. */
export const awsLibStorage: CatalogueModule = {
  module: '@aws-sdk/lib-storage',
  kind: 'sdk',
  docs: 'https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-aws-sdk-lib-storage/',
  client: {
    timeout: ['client.config.requestHandler'],
    retries: ['client.config.maxAttempts'],
    ownRetries: { count: 2, effects: 'all' },
  },
  types: {
    Upload: {
      constructed: { options: 0 },
      members: {
        done: { effect: 'idempotent-write' },
        abort: { effect: 'idempotent-write' },
        ...each('on once off', {}),
      },
    },
  },
};

/** Signs on this machine and sends nothing. */
export const awsS3RequestPresigner: CatalogueModule = {
  module: '@aws-sdk/s3-request-presigner',
  docs: 'https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-aws-sdk-s3-request-presigner/',
  exports: { getSignedUrl: {} },
  types: { S3RequestPresigner: { members: each('presign', {}) } },
};
