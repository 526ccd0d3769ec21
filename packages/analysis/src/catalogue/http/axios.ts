import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const common = { timeout: ['timeout'], signal: 'signal' } as const;
const configured: MemberRow = { ...common, effect: { methodOption: 'method', otherwise: 'GET' } };
const fixed = (method: string, options: number): MemberRow => ({ ...common, effect: { method }, options });

/** Waits for ever by default (`timeout: 0`). */
export const axios: CatalogueModule = {
  module: 'axios',
  kind: 'http',
  docs: 'https://axios-http.com/docs/req_config',
  client: { timeout: ['timeout'] },
  defaults: 'defaults',
  exports: { default: { is: 'AxiosStatic' } },
  types: {
    AxiosStatic: { extends: 'AxiosInstance' },
    AxiosInstance: {
      extends: 'Axios',
      called: { ...configured, options: [0, 1] },
      members: { create: { makes: 'AxiosInstance', options: 0 } },
    },
    Axios: {
      constructed: { options: 0 },
      members: {
        request: { ...configured, options: 0 },
        get: fixed('GET', 1),
        delete: fixed('DELETE', 1),
        head: fixed('HEAD', 1),
        options: fixed('OPTIONS', 1),
        ...each('post postForm', fixed('POST', 2)),
        ...each('put putForm', fixed('PUT', 2)),
        ...each('patch patchForm', fixed('PATCH', 2)),
        ...each('getUri', {}),
      },
    },
  },
};
