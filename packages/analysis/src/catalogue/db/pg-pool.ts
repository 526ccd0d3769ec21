import { pg } from './pg.js';
import type { CatalogueModule } from '../catalogue.js';

/** The pool of `pg`, published on its own as well. */
export const pgPool: CatalogueModule = {
  module: 'pg-pool',
  kind: 'db',
  docs: 'https://github.com/brianc/node-postgres/tree/master/packages/pg-pool#readme',
  client: pg.client!,
  exports: { default: { is: 'Pool' } },
  types: pg.types!,
};
