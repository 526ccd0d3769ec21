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
import { awsLibDynamodb, awsLibStorage, awsS3RequestPresigner } from './sdk/aws-sdk-v3.js';
import { drizzle } from './db/drizzle.js';
import { knex } from './db/knex.js';
import { kysely } from './db/kysely.js';
import { mongodb } from './db/mongodb.js';
import { mongoose } from './db/mongoose.js';
import { mysql } from './db/mysql.js';
import { mysql2 } from './db/mysql2.js';
import { pgPool } from './db/pg-pool.js';
import { pg } from './db/pg.js';
import { postgres } from './db/postgres.js';
import { prisma } from './db/prisma.js';
import { sequelize } from './db/sequelize.js';
import { typeorm } from './db/typeorm.js';
import { ioredis } from './cache/ioredis.js';
import { memcached } from './cache/memcached.js';
import { memjs } from './cache/memjs.js';
import { redis } from './cache/redis.js';
import { redlock } from './cache/redlock.js';
import { upstashRedis } from './cache/upstash-redis.js';
import { amqplib } from './broker/amqplib.js';
import { bull } from './broker/bull.js';
import { bullmq } from './broker/bullmq.js';
import { kafkajs } from './broker/kafkajs.js';
import { mqtt } from './broker/mqtt.js';
import { nats } from './broker/nats.js';
import { cockatiel } from './guards/cockatiel.js';
import { holdfast } from './guards/holdfast.js';
import { pLimit, pQueue, pMap, bottleneck } from './guards/limits.js';
import { opossum } from './guards/opossum.js';
import { pRetry, asyncRetry, promiseRetry, exponentialBackoff, tsRetryPromise, axiosRetry } from './guards/retries.js';
import { rxjs, effect } from './guards/streams.js';
import { pTimeout, promiseTimeout } from './guards/timeouts.js';

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
  awsLibDynamodb,
  awsLibStorage,
  awsS3RequestPresigner,
  drizzle,
  knex,
  kysely,
  mongodb,
  mongoose,
  mysql,
  mysql2,
  pgPool,
  pg,
  postgres,
  prisma,
  sequelize,
  typeorm,
  ioredis,
  memcached,
  memjs,
  redis,
  redlock,
  upstashRedis,
  amqplib,
  bull,
  bullmq,
  kafkajs,
  mqtt,
  nats,
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
];
