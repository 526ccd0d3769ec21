import { each, type CatalogueModule } from '../catalogue.js';

/** Connecting gives up after 20 s (`readyTimeout`); what runs over the connection has no limit. */
export const ssh2: CatalogueModule = {
  module: 'ssh2',
  kind: 'socket',
  docs: 'https://github.com/mscdex/ssh2#client-methods',
  types: {
    Client: {
      constructed: {},
      members: {
        ...each('exec shell subsys', { effect: 'unknown' }),
        ...each('sftp forwardIn forwardOut', { effect: 'read' }),
        ...each('connect unforwardIn end destroy setNoDelay on once', {}),
      },
    },
  },
};
