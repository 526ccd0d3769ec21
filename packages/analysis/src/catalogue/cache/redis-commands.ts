import { each, type MemberRow } from '../catalogue.js';

/** What the commands of Redis do, by their names in lower case. https://redis.io/docs/latest/commands/ */
export const redisCommands: Record<string, MemberRow> = {
  ...each(
    `bitcount bitfield_ro bitpos dbsize dump echo eval_ro evalsha_ro exists expiretime fcall_ro geodist geohash geopos
     geosearch get getbit getrange hexists hget hgetall hkeys hlen hmget hrandfield hscan hstrlen httl hvals info keys
     lastsave lcs lindex llen lpos lrange mget pexpiretime pfcount ping pttl randomkey scan scard sdiff sinter sintercard
     sismember smembers smismember srandmember sscan strlen sunion time ttl type xinfo xlen xpending xrange xread
     xrevrange zcard zcount zdiff zinter zintercard zlexcount zmscore zrandmember zrange zrangebylex zrangebyscore zrank
     zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion`,
    { effect: 'read' },
  ),
  ...each('subscribe unsubscribe psubscribe punsubscribe ssubscribe sunsubscribe watch unwatch select auth wait', {
    effect: 'read',
  }),
  ...each(
    `bitop copy del expire expireat flushall flushdb geoadd geosearchstore getdel getex getset hdel hmset hset hsetnx
     hexpire hpersist lset mset msetnx move persist pexpire pexpireat pfadd pfmerge psetex rename renamenx restore sadd
     sdiffstore set setbit setex setnx setrange sinterstore smove srem sunionstore touch unlink xack xdel xtrim zadd
     zdiffstore zinterstore zrangestore zrem zremrangebylex zremrangebyrank zremrangebyscore zunionstore`,
    { effect: 'idempotent-write' },
  ),
  // What they do depends on what is there: each repetition adds, counts, or takes something more.
  ...each(
    `append decr decrby incr incrby incrbyfloat hincrby hincrbyfloat zincrby lpush lpushx rpush rpushx linsert lpop rpop
     lmove lmpop rpoplpush blmove blmpop blpop brpop brpoplpush spop zpopmax zpopmin zmpop bzpopmax bzpopmin bzmpop xadd
     xreadgroup publish spublish swapdb`,
    { effect: 'write' },
  ),
  ...each(
    `acl bitfield call client cluster config eval evalsha fcall function lrem ltrim memory migrate object script sort
     xautoclaim xclaim xgroup`,
    { effect: 'unknown' },
  ),
};

/** The same rows under the names that a client gives to some of the commands. */
export function redisCommandsNamed(names: string): Record<string, MemberRow> {
  const rows = names.split(/\s+/).map((name) => [name, redisCommands[name.toLowerCase()]!] as const);
  return Object.fromEntries(rows);
}
