import type { Catalogue } from './catalogue.js';
import { apolloClient } from './http/apollo-client.js';
import { axios } from './http/axios.js';
import { centra } from './http/centra.js';
import { globals } from './http/fetch.js';
import { gaxios } from './http/gaxios.js';
import { got } from './http/got.js';
import { graphqlRequest } from './http/graphql-request.js';
import { ky } from './http/ky.js';
import { makeFetchHappen } from './http/make-fetch-happen.js';
import { needle } from './http/needle.js';
import { nestjsAxios } from './http/nestjs-axios.js';
import { nodeFetch, crossFetch, isomorphicFetch } from './http/node-fetch.js';
import { nodeHttp } from './http/node-http.js';
import { nodeHttp2 } from './http/node-http2.js';
import { phin } from './http/phin.js';
import { request } from './http/request.js';
import { superagent } from './http/superagent.js';
import { undici } from './http/undici.js';
import { urql } from './http/urql.js';
import { wretch } from './http/wretch.js';
import { connect } from './rpc/connect.js';
import { grpcJs } from './rpc/grpc-js.js';
import { ldapjs } from './rpc/ldapjs.js';
import { ldapts } from './rpc/ldapts.js';
import { nestjsMicroservices } from './rpc/nestjs-microservices.js';
import { soap } from './rpc/soap.js';
import { trpcClient } from './rpc/trpc-client.js';
import { basicFtp } from './socket/basic-ftp.js';
import { nodeDns } from './socket/node-dns.js';
import { nodeNet } from './socket/node-net.js';
import { nodeTls } from './socket/node-tls.js';
import { socketIoClient } from './socket/socket.io-client.js';
import { socks } from './socket/socks.js';
import { ssh2SftpClient } from './socket/ssh2-sftp-client.js';
import { ssh2 } from './socket/ssh2.js';
import { ws } from './socket/ws.js';
import { mailgun } from './mail/mailgun.js';
import { nodemailer } from './mail/nodemailer.js';
import { anthropic } from './sdk/anthropic.js';
import {
  awsAcm,
  awsApiGatewayManagementApi,
  awsAthena,
  awsAutoScaling,
  awsBatch,
  awsBedrockRuntime,
  awsCloudFormation,
  awsCloudFront,
  awsCloudWatch,
  awsCloudWatchLogs,
  awsCognitoIdentity,
  awsCognitoIdentityProvider,
  awsComprehend,
  awsDynamodb,
  awsDynamodbStreams,
  awsEc2,
  awsEcr,
  awsEcs,
  awsElastiCache,
  awsElasticLoadBalancing,
  awsEventBridge,
  awsFirehose,
  awsGlue,
  awsIam,
  awsIotDataPlane,
  awsKinesis,
  awsKms,
  awsLambda,
  awsMediaConvert,
  awsOpenSearch,
  awsPolly,
  awsRds,
  awsRdsData,
  awsRedshiftData,
  awsRekognition,
  awsRoute53,
  awsS3,
  awsScheduler,
  awsSecretsManager,
  awsSes,
  awsSesV2,
  awsSfn,
  awsSns,
  awsSqs,
  awsSsm,
  awsSts,
  awsTextract,
  awsTranscribe,
  awsTranslate,
  awsLibDynamodb,
  awsLibStorage,
  awsS3RequestPresigner,
} from './sdk/aws-sdk-v3.js';
import { awsSdk } from './sdk/aws-sdk.js';
import {
  azureStorageBlob,
  azureStorageQueue,
  azureServiceBus,
  azureEventHubs,
  azureCosmos,
  azureKeyvaultSecrets,
  azureDataTables,
  azureIdentity,
} from './sdk/azure.js';
import { notion, contentful, algoliasearch, twitterApiV2, spotifyWebApiNode } from './sdk/content-services.js';
import { discordRest, discord } from './sdk/discord.js';
import { ethers } from './sdk/ethers.js';
import { firebaseAdmin } from './sdk/firebase-admin.js';
import { gitbeaker } from './sdk/gitbeaker.js';
import { googleAuthLibrary } from './sdk/google-auth-library.js';
import { googlePubsub, googleBigquery, googleSecretManager, googleTasks, googleLogging } from './sdk/google-cloud.js';
import { googleFirestore } from './sdk/google-firestore.js';
import { googleStorage } from './sdk/google-storage.js';
import { googleapis } from './sdk/googleapis.js';
import { kubernetes, dockerode } from './sdk/infrastructure.js';
import { googleGenerativeAi, googleGenai, mistral, cohere, groq, replicate } from './sdk/language-models.js';
import { postmark, resend, webPush } from './sdk/mail-services.js';
import { octokitCore, octokitRest, octokit, octokitGraphql, octokitRequest } from './sdk/octokit.js';
import { openai } from './sdk/openai.js';
import { plaid, braintree, square } from './sdk/payment-services.js';
import { playwright } from './sdk/playwright.js';
import { puppeteer } from './sdk/puppeteer.js';
import { sendgrid } from './sdk/sendgrid.js';
import { planetscale, neon } from './sdk/serverless-databases.js';
import { slackWebApi, slackWebhook } from './sdk/slack.js';
import { stripe } from './sdk/stripe.js';
import { supabase } from './sdk/supabase.js';
import { grammy, telegraf, nodeTelegramBotApi } from './sdk/telegram.js';
import { sentryNode, posthogNode } from './sdk/telemetry.js';
import { twilio } from './sdk/twilio.js';
import { viem } from './sdk/viem.js';
import { cassandra } from './db/cassandra.js';
import { clickhouse } from './db/clickhouse.js';
import { drizzle } from './db/drizzle.js';
import { elasticsearch } from './db/elasticsearch.js';
import { knex } from './db/knex.js';
import { kysely } from './db/kysely.js';
import { mariadb } from './db/mariadb.js';
import { mikroOrm } from './db/mikro-orm.js';
import { mongodb } from './db/mongodb.js';
import { mongoose } from './db/mongoose.js';
import { mssql } from './db/mssql.js';
import { mysql } from './db/mysql.js';
import { mysql2 } from './db/mysql2.js';
import { neo4j } from './db/neo4j.js';
import { objection } from './db/objection.js';
import { opensearch } from './db/opensearch.js';
import { pgPool } from './db/pg-pool.js';
import { pgPromise } from './db/pg-promise.js';
import { pg } from './db/pg.js';
import { postgres } from './db/postgres.js';
import { prisma } from './db/prisma.js';
import { sequelize } from './db/sequelize.js';
import { slonik } from './db/slonik.js';
import { typeorm } from './db/typeorm.js';
import { vercelPostgres } from './db/vercel-postgres.js';
import { ioredis } from './cache/ioredis.js';
import { memcached } from './cache/memcached.js';
import { memjs } from './cache/memjs.js';
import { redis } from './cache/redis.js';
import { redlock } from './cache/redlock.js';
import { upstashRedis } from './cache/upstash-redis.js';
import { agenda } from './broker/agenda.js';
import { amqpConnectionManager } from './broker/amqp-connection-manager.js';
import { amqplib } from './broker/amqplib.js';
import { beeQueue } from './broker/bee-queue.js';
import { bull } from './broker/bull.js';
import { bullmq } from './broker/bullmq.js';
import { kafkajs } from './broker/kafkajs.js';
import { mqtt } from './broker/mqtt.js';
import { natsCore, natsTransportNode, natsJetstream } from './broker/nats-io.js';
import { nats } from './broker/nats.js';
import { pgBoss } from './broker/pg-boss.js';
import { cockatiel } from './guards/cockatiel.js';
import { holdfast } from './guards/holdfast.js';
import { pLimit, pQueue, pMap, bottleneck } from './guards/limits.js';
import { opossum } from './guards/opossum.js';
import { pRetry, asyncRetry, promiseRetry, exponentialBackoff, tsRetryPromise, axiosRetry } from './guards/retries.js';
import { rxjs, effect } from './guards/streams.js';
import { pTimeout, promiseTimeout } from './guards/timeouts.js';
import { frameworks } from './local/frameworks.js';

/** What Holdfast knows without being told. */
export const defaultCatalogue: Catalogue = [
  apolloClient,
  axios,
  centra,
  globals,
  gaxios,
  got,
  graphqlRequest,
  ky,
  makeFetchHappen,
  needle,
  nestjsAxios,
  nodeFetch,
  crossFetch,
  isomorphicFetch,
  nodeHttp,
  nodeHttp2,
  phin,
  request,
  superagent,
  undici,
  urql,
  wretch,
  connect,
  grpcJs,
  ldapjs,
  ldapts,
  nestjsMicroservices,
  soap,
  trpcClient,
  basicFtp,
  nodeDns,
  nodeNet,
  nodeTls,
  socketIoClient,
  socks,
  ssh2SftpClient,
  ssh2,
  ws,
  mailgun,
  nodemailer,
  anthropic,
  awsAcm,
  awsApiGatewayManagementApi,
  awsAthena,
  awsAutoScaling,
  awsBatch,
  awsBedrockRuntime,
  awsCloudFormation,
  awsCloudFront,
  awsCloudWatch,
  awsCloudWatchLogs,
  awsCognitoIdentity,
  awsCognitoIdentityProvider,
  awsComprehend,
  awsDynamodb,
  awsDynamodbStreams,
  awsEc2,
  awsEcr,
  awsEcs,
  awsElastiCache,
  awsElasticLoadBalancing,
  awsEventBridge,
  awsFirehose,
  awsGlue,
  awsIam,
  awsIotDataPlane,
  awsKinesis,
  awsKms,
  awsLambda,
  awsMediaConvert,
  awsOpenSearch,
  awsPolly,
  awsRds,
  awsRdsData,
  awsRedshiftData,
  awsRekognition,
  awsRoute53,
  awsS3,
  awsScheduler,
  awsSecretsManager,
  awsSes,
  awsSesV2,
  awsSfn,
  awsSns,
  awsSqs,
  awsSsm,
  awsSts,
  awsTextract,
  awsTranscribe,
  awsTranslate,
  awsLibDynamodb,
  awsLibStorage,
  awsS3RequestPresigner,
  awsSdk,
  azureStorageBlob,
  azureStorageQueue,
  azureServiceBus,
  azureEventHubs,
  azureCosmos,
  azureKeyvaultSecrets,
  azureDataTables,
  azureIdentity,
  notion,
  contentful,
  algoliasearch,
  twitterApiV2,
  spotifyWebApiNode,
  discordRest,
  discord,
  ethers,
  firebaseAdmin,
  gitbeaker,
  googleAuthLibrary,
  googlePubsub,
  googleBigquery,
  googleSecretManager,
  googleTasks,
  googleLogging,
  googleFirestore,
  googleStorage,
  googleapis,
  kubernetes,
  dockerode,
  googleGenerativeAi,
  googleGenai,
  mistral,
  cohere,
  groq,
  replicate,
  postmark,
  resend,
  webPush,
  octokitCore,
  octokitRest,
  octokit,
  octokitGraphql,
  octokitRequest,
  openai,
  plaid,
  braintree,
  square,
  playwright,
  puppeteer,
  sendgrid,
  planetscale,
  neon,
  slackWebApi,
  slackWebhook,
  stripe,
  supabase,
  grammy,
  telegraf,
  nodeTelegramBotApi,
  sentryNode,
  posthogNode,
  twilio,
  viem,
  cassandra,
  clickhouse,
  drizzle,
  elasticsearch,
  knex,
  kysely,
  mariadb,
  mikroOrm,
  mongodb,
  mongoose,
  mssql,
  mysql,
  mysql2,
  neo4j,
  objection,
  opensearch,
  pgPool,
  pgPromise,
  pg,
  postgres,
  prisma,
  sequelize,
  slonik,
  typeorm,
  vercelPostgres,
  ioredis,
  memcached,
  memjs,
  redis,
  redlock,
  upstashRedis,
  agenda,
  amqpConnectionManager,
  amqplib,
  beeQueue,
  bull,
  bullmq,
  kafkajs,
  mqtt,
  natsCore,
  natsTransportNode,
  natsJetstream,
  nats,
  pgBoss,
  cockatiel,
  holdfast,
  pLimit,
  pQueue,
  pMap,
  bottleneck,
  opossum,
  pRetry,
  asyncRetry,
  promiseRetry,
  exponentialBackoff,
  tsRetryPromise,
  axiosRetry,
  rxjs,
  effect,
  pTimeout,
  promiseTimeout,
  ...frameworks,
];
