import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';
import { axios } from './axios.js';

const common = { timeout: ['timeout'], signal: 'signal' } as const;
const fixed = (method: string, options: number): MemberRow => ({ ...common, effect: { method }, options });

/** Axios behind observables: waits for ever unless the module or the request has a `timeout`. */
export const nestjsAxios: CatalogueModule = {
  module: '@nestjs/axios',
  kind: 'http',
  docs: 'https://docs.nestjs.com/techniques/http-module#configuration',
  // What a factory or a class provides is out of sight; it is there to set such options.
  client: { timeout: ['timeout', 'useFactory', 'useClass', 'useExisting'] },
  types: {
    ...axios.types,
    HttpModule: { statics: each('register registerAsync', { makes: 'HttpService', options: 0 }) },
    HttpService: {
      members: {
        request: { ...common, effect: { methodOption: 'method', otherwise: 'GET' }, options: 0 },
        get: fixed('GET', 1),
        delete: fixed('DELETE', 1),
        head: fixed('HEAD', 1),
        query: fixed('QUERY', 2),
        ...each('post postForm', fixed('POST', 2)),
        ...each('put putForm', fixed('PUT', 2)),
        ...each('patch patchForm', fixed('PATCH', 2)),
        axiosRef: { is: 'AxiosInstance' },
      },
    },
  },
};
