import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';
import { searchDocuments } from './elasticsearch.js';

const byVerb: MemberRow = {
  effect: { verb: 'member' },
  options: 1,
  timeout: ['requestTimeout'],
  retries: ['maxRetries'],
};
const missing = new Set(['openPointInTime', 'closePointInTime', 'termsEnum']);

/** Requests have an `abort` of their own, and take no signal. */
const documents: Record<string, MemberRow> = Object.fromEntries(
  Object.entries(searchDocuments)
    .filter(([name]) => !missing.has(name))
    .map(([name, { effect, key }]) => [name, effect ? { ...byVerb, effect, ...(key ? { key } : {}) } : {}]),
);

/** A request fails after `requestTimeout` (30 s), and is tried three times more after a lost connection or a 502 to 504. */
export const opensearch: CatalogueModule = {
  module: '@opensearch-project/opensearch',
  kind: 'db',
  docs: 'https://docs.opensearch.org/latest/clients/javascript/index/',
  client: {
    timeout: ['requestTimeout'],
    ownTimeout: 30_000,
    retries: ['maxRetries'],
    ownRetries: { count: 3, effects: 'all' },
  },
  types: {
    Client: {
      constructed: { options: 0 },
      members: {
        ...documents,
        child: { returns: 'Client' },
        indices: { is: 'Indices' },
        ...each('close extend on once transport', {}),
      },
      others: byVerb,
    },
    Indices: { others: byVerb },
  },
};
