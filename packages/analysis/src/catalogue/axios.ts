import type { CallRow, CatalogueModule } from './catalogue.js';

/** axios waits for ever by default (`timeout: 0`). https://axios-http.com/docs/req_config */
export const axios: CatalogueModule = {
  module: 'axios',
  kind: 'http',
  values: { default: 'AxiosStatic' },
  supertypes: { AxiosStatic: 'AxiosInstance', AxiosInstance: 'Axios' },
  creates: [
    { export: 'AxiosInstance', member: 'create', returns: 'AxiosInstance', options: 0 },
    { export: 'Axios', returns: 'Axios', options: 0, constructs: true },
  ],
  defaults: 'defaults',
  calls: [
    { export: 'AxiosInstance', ...request([0, 1]) },
    { export: 'Axios', member: 'request', ...request([0]) },
    ...['get', 'delete', 'head', 'options'].map((member) => call(member, member, 1)),
    ...['post', 'put', 'patch'].map((member) => call(member, member, 2)),
    ...['post', 'put', 'patch'].map((method) => call(`${method}Form`, method, 2)),
  ],
};

function request(options: readonly number[]): Omit<CallRow, 'export'> {
  return { method: { option: 'method', otherwise: 'GET' }, options, timeout: 'timeout', signal: 'signal' };
}

function call(member: string, method: string, options: number): CallRow {
  return {
    export: 'Axios',
    member,
    method: { always: method.toUpperCase() },
    options: [options],
    timeout: 'timeout',
    signal: 'signal',
  };
}
