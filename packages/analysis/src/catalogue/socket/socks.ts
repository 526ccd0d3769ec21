import { each, type CatalogueModule } from '../catalogue.js';

/** Gives up after 30 s by default. */
export const socks: CatalogueModule = {
  module: 'socks',
  kind: 'socket',
  docs: 'https://github.com/JoshGlazebrook/socks#api-reference',
  client: { ownTimeout: 30_000 },
  types: {
    SocksClient: {
      constructed: { options: 0 },
      members: each('connect', { effect: 'read' }),
      statics: each('createConnection createConnectionChain', { effect: 'read', options: 0, timeout: ['timeout'] }),
      client: { timeout: ['timeout'], ownTimeout: 30_000 },
    },
  },
};
