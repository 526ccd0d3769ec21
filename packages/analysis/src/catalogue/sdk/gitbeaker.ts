import { each, type CatalogueModule } from '../catalogue.js';

/** Gives up after 5 min, and tries what is answered by 429 or 502 ten times in all. */
export const gitbeaker: CatalogueModule = {
  module: '@gitbeaker/rest',
  also: ['@gitbeaker/core', '@gitbeaker/requester-utils'],
  kind: 'http',
  docs: 'https://github.com/jdalrymple/gitbeaker/tree/main/packages/rest#readme',
  client: {
    timeout: ['queryTimeout'],
    ownTimeout: 300_000,
    ownRetries: { count: 9, effects: 'all' },
  },
  types: {
    Gitlab: { constructed: { options: 0 }, others: { is: 'BaseResource' } },
    BaseResource: {
      constructed: { options: 0 },
      members: each('url requester queryTimeout headers authHeaders camelize', {}),
      others: { effect: { verb: 'member' } },
    },
  },
};
