import { each, type CatalogueModule } from '../catalogue.js';

/** Taking a lock is tried `retryCount` times more (10). Its time limits are those of the Redis clients it is given. */
export const redlock: CatalogueModule = {
  module: 'redlock',
  kind: 'cache',
  docs: 'https://github.com/mike-marcacci/node-redlock#configuration',
  client: { retries: ['retryCount'], ownRetries: { count: 10, effects: 'all' } },
  exports: { default: { is: 'Redlock' } },
  types: {
    Redlock: {
      constructed: { options: 1 },
      members: {
        lock: { effect: 'idempotent-write', returns: 'Lock' },
        acquire: { effect: 'idempotent-write', returns: 'Lock' },
        ...each('extend unlock release', { effect: 'idempotent-write' }),
        ...each('quit on', {}),
      },
    },
    Lock: { members: each('extend unlock', { effect: 'idempotent-write' }) },
  },
};
