import { each, type CatalogueModule } from '../catalogue.js';

/** Waits for ever by default; `timeout` is an option of each call, and of fetching the WSDL. */
export const soap: CatalogueModule = {
  module: 'soap',
  kind: 'rpc',
  docs: 'https://github.com/vpulim/node-soap#readme',
  exports: {
    createClientAsync: { effect: 'read', makes: 'Client', options: 1, timeout: ['wsdl_options.timeout'] },
  },
  types: {
    Client: {
      members: {
        ...each('addSoapHeader changeSoapHeader getSoapHeaders clearSoapHeaders', {}),
        ...each('addHttpHeader getHttpHeaders clearHttpHeaders', {}),
        ...each('addBodyAttribute getBodyAttributes clearBodyAttributes', {}),
        ...each('setEndpoint setSecurity setSOAPAction describe on once off emit', {}),
      },
      others: { effect: { verb: 'member' }, options: 1, timeout: ['timeout'] },
    },
  },
};
