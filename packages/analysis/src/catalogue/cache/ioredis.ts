import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';
import { redisCommands } from './redis-commands.js';

const emitter: Record<string, MemberRow> = each(
  `on once off emit addListener prependListener removeListener removeAllListeners listeners listenerCount eventNames
   setMaxListeners`,
  {},
);

/** A command waits for ever, and is sent again after each reconnection, up to `maxRetriesPerRequest` times. */
export const ioredis: CatalogueModule = {
  module: 'ioredis',
  kind: 'cache',
  docs: 'https://redis.github.io/ioredis/interfaces/CommonRedisOptions.html',
  client: {
    timeout: ['commandTimeout', 'socketTimeout'],
    retries: ['maxRetriesPerRequest'],
    ownRetries: { count: 20, effects: 'all', kind: 'reconnecting' },
  },
  exports: { default: { is: 'Redis' } },
  types: {
    Redis: {
      constructed: { options: [0, 1, 2] },
      statics: { createClient: { makes: 'Redis', options: [0, 1, 2] } },
      members: {
        ...redisCommands,
        ...emitter,
        connect: { effect: 'read' },
        ...each('pipeline multi', { returns: 'ChainableCommander' }),
        duplicate: { returns: 'Redis' },
        monitor: { effect: 'read', returns: 'Redis' },
        ...each('quit disconnect end options status mode defineCommand addBuiltinCommand getBuiltinCommands', {}),
        ...each('scanStream hscanStream sscanStream zscanStream', {}),
      },
      // A command that was defined by `defineCommand`, or that is newer than this list.
      others: { effect: 'unknown' },
    },
    Cluster: {
      constructed: { options: 1 },
      client: {
        timeout: ['redisOptions.commandTimeout', 'redisOptions.socketTimeout'],
        retries: ['maxRedirections'],
        ownRetries: { count: 16, effects: 'all', kind: 'reconnecting' },
      },
      members: {
        ...redisCommands,
        ...emitter,
        connect: { effect: 'read' },
        ...each('pipeline multi', { returns: 'ChainableCommander' }),
        duplicate: { returns: 'Cluster' },
        ...each('quit disconnect nodes options status defineCommand addBuiltinCommand getBuiltinCommands', {}),
      },
      others: { effect: 'unknown' },
    },
    // Collects commands; what `exec` sends is all of them.
    ChainableCommander: {
      members: { exec: { effect: 'unknown' }, ...each('length', {}) },
      others: { returns: 'this' },
    },
    Pipeline: { extends: 'ChainableCommander' },
  },
};
