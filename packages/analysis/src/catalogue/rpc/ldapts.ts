import { each, type CatalogueModule } from '../catalogue.js';

/** Operations wait for ever by default (`timeout: 0`). */
export const ldapts: CatalogueModule = {
  module: 'ldapts',
  kind: 'rpc',
  docs: 'https://github.com/ldapts/ldapts#create-a-client',
  client: { timeout: ['timeout'] },
  types: {
    Client: {
      constructed: { options: 0 },
      members: {
        ...each('bind bindSASL startTLS search searchPaginated compare', { effect: 'read' }),
        ...each('del modifyDN', { effect: 'idempotent-write' }),
        ...each('modify exop', { effect: 'unknown' }),
        add: { effect: 'write' },
        unbind: {},
      },
    },
  },
};
