import { each, type CatalogueModule } from '../catalogue.js';

/** `timeout` (5 s) limits connecting and `idle` a silent connection: an operation itself has no limit. */
export const memcached: CatalogueModule = {
  module: 'memcached',
  kind: 'cache',
  docs: 'https://github.com/3rd-Eden/memcached#options',
  exports: { default: { is: 'Memcached' } },
  types: {
    Memcached: {
      constructed: { options: 1 },
      members: {
        ...each('get gets getMulti stats settings slabs items cachedump version', { effect: 'read' }),
        ...each('set replace add cas del delete touch flush flushAll', { effect: 'idempotent-write' }),
        ...each('incr decr append prepend', { effect: 'write' }),
        ...each('end on', {}),
      },
    },
  },
};
