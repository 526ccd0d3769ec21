import { each, type CatalogueModule } from '../catalogue.js';
import { redisCommandsNamed } from './redis-commands.js';

/** Redis over HTTP: each command is a `fetch` without a timeout, tried up to six times unless `retry` says otherwise. */
export const upstashRedis: CatalogueModule = {
  module: '@upstash/redis',
  kind: 'cache',
  docs: 'https://upstash.com/docs/redis/sdks/ts/retries',
  client: { timeout: ['signal'], retries: ['retry.retries', 'retry'], ownRetries: { count: 5, effects: 'all' } },
  types: {
    Redis: {
      constructed: { options: 0 },
      statics: { fromEnv: { makes: 'Redis', options: 0 } },
      members: {
        ...redisCommandsNamed(
          `append bitcount bitfield bitop bitpos copy dbsize decr decrby del echo eval evalsha exists expire expireat
           flushall flushdb geoadd geodist geohash geopos geosearch geosearchstore get getbit getdel getex getrange getset
           hdel hexists hexpire hget hgetall hincrby hincrbyfloat hkeys hlen hmget hmset hpersist hrandfield hscan hset
           hsetnx hstrlen httl hvals incr incrby incrbyfloat keys lindex linsert llen lmove lmpop lpop lpos lpush lpushx
           lrange lrem lset ltrim mget mset msetnx persist pexpire pexpireat pfadd pfcount pfmerge ping psetex psubscribe
           pttl publish randomkey rename renamenx rpop rpush rpushx sadd scan scard sdiff sdiffstore set setbit setex setnx
           setrange sinter sintercard sinterstore sismember smembers smismember smove spop srandmember srem sscan strlen
           subscribe sunion sunionstore time touch ttl type unlink xack xadd xautoclaim xclaim xdel xgroup xinfo xlen
           xpending xrange xread xreadgroup xrevrange xtrim zadd zcard zcount zdiffstore zincrby zinterstore zlexcount
           zmscore zpopmax zpopmin zrange zrank zrem zremrangebylex zremrangebyrank zremrangebyscore zrevrank zscan zscore
           zunion zunionstore`,
        ),
        ...each('evalRo evalshaRo scriptExists', { effect: 'read' }),
        ...each('scriptLoad scriptFlush', { effect: 'idempotent-write' }),
        ...each('pipeline multi', { returns: 'Pipeline' }),
        createScript: { returns: 'Script' },
        autoPipeline: { returns: 'Redis' },
        ...each('use', {}),
      },
      others: { effect: 'unknown' },
    },
    Pipeline: { members: { exec: { effect: 'unknown' }, ...each('length', {}) }, others: { returns: 'this' } },
    Script: { members: { ...each('exec eval evalsha', { effect: 'unknown' }) } },
  },
};
