import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const limited: MemberRow = { options: 0, signal: 'abort_signal' };

/** A request fails after `request_timeout` (30 s). */
export const clickhouse: CatalogueModule = {
  module: '@clickhouse/client',
  kind: 'db',
  docs: 'https://clickhouse.com/docs/integrations/javascript',
  client: { timeout: ['request_timeout'], ownTimeout: 30_000 },
  exports: { createClient: { makes: 'ClickHouseClient', options: 0 } },
  types: {
    ClickHouseClient: {
      members: {
        query: { ...limited, effect: { sql: 0 } },
        ...each('command exec', { ...limited, effect: { sql: 0 } }),
        insert: { ...limited, effect: 'write', key: ['insert_deduplication_token'] },
        ping: { effect: 'read' },
        close: {},
      },
    },
    NodeClickHouseClient: { extends: 'ClickHouseClient' },
  },
};
