import { each, type CatalogueModule } from '../catalogue.js';

const resolves = each(
  'resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr ' +
    'resolveSoa resolveSrv resolveTxt reverse',
  { effect: 'read' } as const,
);
const lookups = each('lookup lookupService', { effect: 'read' } as const);

/**
 * The resolver asks a server 4 times and waits 2 s, 4 s, 8 s and 16 s (c-ares); `lookup` waits as the system says.
 * The subpath `promises` has the same functions.
 */
export const nodeDns: CatalogueModule = {
  module: 'node:dns',
  also: ['dns'],
  kind: 'socket',
  docs: 'https://nodejs.org/api/dns.html#resolveroptions',
  client: { ownTimeout: 30_000 },
  exports: { ...resolves, ...lookups, promises: { is: 'promises' } },
  types: {
    promises: { members: { ...resolves, ...lookups } },
    Resolver: {
      constructed: { options: 0 },
      members: resolves,
      client: { timeout: ['timeout'], ownTimeout: 30_000 },
    },
  },
};
