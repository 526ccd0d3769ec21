import { each, type CatalogueModule } from '../catalogue.js';

/** Operations wait for ever by default (`timeout: 0`). */
export const ldapjs: CatalogueModule = {
  module: 'ldapjs',
  kind: 'rpc',
  docs: 'http://ldapjs.org/client.html',
  client: { timeout: ['timeout'] },
  exports: { createClient: { makes: 'Client', options: 0 } },
  types: {
    Client: {
      members: {
        ...each('bind starttls search compare', { effect: 'read' }),
        ...each('del modifyDN', { effect: 'idempotent-write' }),
        ...each('modify exop', { effect: 'unknown' }),
        add: { effect: 'write' },
        ...each('connect unbind destroy', {}),
      },
    },
  },
};
