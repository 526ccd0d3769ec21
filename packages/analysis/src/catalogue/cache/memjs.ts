import { each, type CatalogueModule } from '../catalogue.js';

/** An operation fails after `timeout` (0.5 s) without an answer, and is tried `retries` times in all (2). */
export const memjs: CatalogueModule = {
  module: 'memjs',
  kind: 'cache',
  docs: 'https://github.com/memcachier/memjs#api',
  client: { timeout: ['timeout'], ownTimeout: 500, retries: ['retries'], ownRetries: { count: 1, effects: 'all' } },
  types: {
    Client: {
      statics: { create: { makes: 'Client', options: 1 } },
      members: {
        ...each('get stats statsWithKey', { effect: 'read' }),
        ...each('set add replace delete touch flush resetStats', { effect: 'idempotent-write' }),
        ...each('increment decrement append prepend', { effect: 'write' }),
        ...each('quit close', {}),
      },
    },
  },
};
