import type { CatalogueModule, MemberRow } from '../catalogue.js';

const fixed = (method: string): MemberRow => ({ effect: { method }, returns: 'SARequest' });
const methods = {
  get: fixed('GET'),
  head: fixed('HEAD'),
  options: fixed('OPTIONS'),
  post: fixed('POST'),
  put: fixed('PUT'),
  patch: fixed('PATCH'),
  delete: fixed('DELETE'),
} as const;

/** A builder sends when it is awaited or ended. No timeout unless `.timeout()`; `.retry()` repeats any method. */
export const superagent: CatalogueModule = {
  module: 'superagent',
  kind: 'http',
  docs: 'https://forwardemail.github.io/superagent/#timeouts',
  exports: { default: { is: 'SuperAgentStatic' } },
  types: {
    SuperAgentStatic: {
      called: { effect: { methodArgument: 0 }, returns: 'SARequest' },
      members: { ...methods, del: fixed('DELETE'), agent: { makes: 'Agent' } },
    },
    Agent: { constructed: {}, members: methods },
    Request: { extends: 'SARequest' },
    SARequest: {
      lazy: { effect: 'unknown' },
      members: {
        timeout: { limits: true },
        retry: { repeats: true },
        end: { effect: 'unknown', returns: 'void' },
      },
    },
  },
};
