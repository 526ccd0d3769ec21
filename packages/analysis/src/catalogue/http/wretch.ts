import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const fixed = (method: string): MemberRow => ({ effect: { method }, returns: 'WretchResponseChain' });

/** Waits for ever by default: a timeout is `.setTimeout()` of the abort addon. */
export const wretch: CatalogueModule = {
  module: 'wretch',
  kind: 'http',
  docs: 'https://elbywan.github.io/wretch/api/functions/addons_abort.default',
  exports: { default: { makes: 'Wretch', options: 1 } },
  types: {
    Wretch: {
      members: {
        get: fixed('GET'),
        head: fixed('HEAD'),
        opts: fixed('OPTIONS'),
        post: fixed('POST'),
        put: fixed('PUT'),
        patch: fixed('PATCH'),
        delete: fixed('DELETE'),
        fetch: { effect: 'unknown', returns: 'WretchResponseChain' },
      },
      others: { returns: 'Wretch' },
    },
    WretchResponseChain: {
      lazy: { effect: 'unknown' },
      members: {
        setTimeout: { limits: true },
        ...each('error badRequest unauthorized forbidden notFound timeout internalError fetchError', {
          returns: 'this',
        }),
      },
    },
  },
};
