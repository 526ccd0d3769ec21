import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const common = { timeout: ['response_timeout', 'read_timeout'], signal: 'signal' } as const;
const fixed = (method: string, options: number): MemberRow => ({ ...common, effect: { method }, options });

/**
 * `open_timeout` (10 s), alias `timeout`, ends with the connection: from there on it waits for ever by default.
 * An error status is a response like any other.
 */
export const needle: CatalogueModule = {
  module: 'needle',
  kind: 'http',
  docs: 'https://github.com/tomas/needle#request-options',
  exports: {
    default: { ...common, effect: { methodArgument: 0 }, options: [3, 2], resolvesOnErrorStatus: true },
    request: { ...common, effect: { methodArgument: 0 }, options: 3 },
    get: fixed('GET', 1),
    head: fixed('HEAD', 1),
    post: fixed('POST', 2),
    put: fixed('PUT', 2),
    patch: fixed('PATCH', 2),
    delete: fixed('DELETE', 2),
    ...each('defaults', {}),
  },
};
