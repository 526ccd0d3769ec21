import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const timeout = ['headersTimeout', 'bodyTimeout'];
const sent = (options: number): MemberRow => ({
  effect: { methodOption: 'method', otherwise: 'GET' },
  options,
  timeout,
  signal: 'signal',
  resolvesOnErrorStatus: true,
});
const opened = (options: number): MemberRow => ({ effect: 'unknown', options, signal: 'signal' });

/** Headers, and each next part of the body, may take 300 s. An error status is a response like any other. */
export const undici: CatalogueModule = {
  module: 'undici',
  kind: 'http',
  docs: 'https://undici.nodejs.org/#/docs/api/Client?id=parameter-clientoptions',
  client: { timeout, ownTimeout: 300_000 },
  exports: {
    ...each('request stream pipeline', sent(1)),
    ...each('connect upgrade', opened(1)),
    fetch: {
      effect: { methodOption: 'method', otherwise: 'GET' },
      options: 1,
      signal: 'signal',
      carrier: 'Request',
      returns: 'Response',
      resolvesOnErrorStatus: true,
    },
  },
  types: {
    Dispatcher: {
      members: {
        ...each('request stream pipeline', sent(0)),
        ...each('connect upgrade', opened(0)),
        dispatch: { effect: { methodOption: 'method', otherwise: 'GET' }, options: 0, timeout },
        ...each('close destroy compose', {}),
      },
    },
    ...each('Client H2CClient Pool BalancedPool RoundRobinPool', {
      extends: 'Dispatcher',
      constructed: { options: 1 },
    }),
    ...each('Agent ProxyAgent EnvHttpProxyAgent', { extends: 'Dispatcher', constructed: { options: 0 } }),
    RetryAgent: {
      extends: 'Dispatcher',
      constructed: { options: 1 },
      client: { ownTimeout: 300_000, retries: ['maxRetries'], ownRetries: { count: 5, effects: 'idempotent' } },
    },
  },
};
