import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const limited: MemberRow = { options: 2, timeout: ['readTimeout'] };

/** A request fails after `socketOptions.readTimeout` (12 s) on each host; what is marked idempotent is tried on another one. */
export const cassandra: CatalogueModule = {
  module: 'cassandra-driver',
  kind: 'db',
  docs: 'https://docs.datastax.com/en/developer/nodejs-driver/latest/api/type.ClientOptions/',
  client: { timeout: ['socketOptions.readTimeout'], ownTimeout: 12_000 },
  types: {
    Client: {
      constructed: { options: 0 },
      members: {
        connect: { effect: 'read' },
        execute: { ...limited, effect: { sql: 0 } },
        eachRow: { ...limited, effect: 'read' },
        stream: { ...limited, effect: 'read' },
        batch: { effect: 'unknown', options: 1, timeout: ['readTimeout'] },
        executeGraph: { ...limited, effect: 'unknown' },
        ...each('shutdown getReplicas getState on once', {}),
      },
    },
  },
};
