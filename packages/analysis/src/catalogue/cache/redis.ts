import { each, type CatalogueModule, type MemberRow, type TypeRow } from '../catalogue.js';
import { redisCommandsNamed } from './redis-commands.js';

const commands: Record<string, MemberRow> = {
  ...redisCommandsNamed(
    `append auth bitCount bitField bitOp bitPos blMove blmPop blPop brPop brPopLPush bzmPop bzPopMax bzPopMin copy dbSize
     decr decrBy del dump echo eval evalSha exists expire expireAt expireTime fCall flushAll flushDb geoAdd geoDist geoHash
     geoPos geoSearch geoSearchStore get getBit getDel getEx getRange getSet hDel hExists hExpire hGet hGetAll hIncrBy
     hIncrByFloat hKeys hLen hmGet hPersist hRandField hScan hSet hSetNX hStrLen hTTL hVals incr incrBy incrByFloat info
     keys lastSave lcs lIndex lInsert lLen lMove lmPop lPop lPos lPush lPushX lRange lRem lSet lTrim mGet mSet mSetNX
     migrate move persist pExpire pExpireAt pExpireTime pfAdd pfCount pfMerge ping pSetEx pTTL publish randomKey rename
     renameNX restore rPop rPopLPush rPush rPushX sAdd scan sCard sDiff sDiffStore set setBit setEx setNX setRange sInter
     sInterCard sInterStore sIsMember sMembers smIsMember sMove sort sPop sPublish sRandMember sRem sScan strLen sUnion
     sUnionStore swapDb time touch ttl type unlink wait xAck xAdd xAutoClaim xClaim xDel xLen xPending xRange xRead
     xReadGroup xRevRange xTrim zAdd zCard zCount zDiff zDiffStore zIncrBy zInter zInterCard zInterStore zLexCount zmPop
     zmScore zPopMax zPopMin zRandMember zRange zRangeByLex zRangeByScore zRangeStore zRank zRem zRemRangeByLex
     zRemRangeByRank zRemRangeByScore zRevRank zScan zScore zUnion zUnionStore`,
  ),
  ...each('evalRo evalShaRo fCallRo hRandFieldCount zRangeWithScores zInterWithScores zUnionWithScores', {
    effect: 'read',
  }),
  ...each('lPopCount rPopCount', { effect: 'write' }),
};

const client = (own: string, multi: string, members: Record<string, MemberRow>): TypeRow => ({
  members: {
    ...commands,
    sendCommand: { effect: 'unknown' },
    connect: { effect: 'read', returns: own },
    ...each('MULTI multi', { returns: multi }),
    ...each('on once off emit addListener removeListener removeAllListeners listeners', {}),
    ...each('close destroy', {}),
    ...members,
  },
  others: { effect: 'unknown' },
});

const connection: Record<string, MemberRow> = {
  ...redisCommandsNamed('select subscribe unsubscribe watch unwatch'),
  ...each('pSubscribe pUnsubscribe sSubscribe sUnsubscribe', { effect: 'read' }),
  ...each('withCommandOptions withTypeMapping asap duplicate', { returns: 'RedisClientType' }),
  ...each('quit disconnect ref unref isOpen isReady options legacy getPubSubListeners', {}),
  ...each('scanIterator hScanIterator sScanIterator zScanIterator', {}),
};

/**
 * A command that is on its way waits for its answer for ever, unless `socket.socketTimeout` ends the silence;
 * `commandOptions.timeout` (5 s of its own since version 6) only limits the wait for a connection.
 */
export const redis: CatalogueModule = {
  module: 'redis',
  also: ['@redis/client'],
  kind: 'cache',
  docs: 'https://github.com/redis/node-redis/blob/master/docs/client-configuration.md',
  client: { timeout: ['socket.socketTimeout', 'commandOptions.timeout'] },
  exports: {
    createClient: { makes: 'RedisClientType', options: 0 },
    createClientPool: { makes: 'RedisClientPoolType', options: 0 },
    createCluster: { makes: 'RedisClusterType', options: 0 },
    createSentinel: { makes: 'RedisSentinelType', options: 0 },
  },
  types: {
    RedisClientType: client('RedisClientType', 'RedisClientMultiCommandTyped', connection),
    RedisClient: { extends: 'RedisClientType' },
    RedisClientPoolType: client('RedisClientPoolType', 'RedisClientMultiCommandTyped', {
      execute: { callback: { argument: 0, parameters: ['RedisClientType'] } },
    }),
    RedisClusterType: {
      ...client('RedisClusterType', 'RedisClusterMultiCommandType', {
        ...redisCommandsNamed('subscribe unsubscribe'),
        ...each('quit disconnect duplicate masters replicas', {}),
      }),
      client: {
        timeout: ['defaults.socket.socketTimeout', 'commandOptions.timeout'],
      },
    },
    RedisSentinelType: {
      ...client('RedisSentinelType', 'RedisSentinelMultiCommandType', {
        use: { callback: { argument: 0, parameters: ['RedisSentinelClientType'] } },
      }),
      client: { timeout: ['nodeClientOptions.socket.socketTimeout', 'commandOptions.timeout'] },
    },
    RedisSentinelClientType: { members: commands, others: { effect: 'unknown' } },
    RedisClientMultiCommandTyped: { extends: 'RedisClientMultiCommandType' },
    RedisClusterMultiCommandType: { extends: 'RedisClientMultiCommandType' },
    RedisSentinelMultiCommandType: { extends: 'RedisClientMultiCommandType' },
    // Collects commands; what `exec` sends is all of them.
    RedisClientMultiCommandType: {
      members: each('exec execAsPipeline execTyped EXEC', { effect: 'unknown' }),
      others: { returns: 'this' },
    },
  },
};
