import { each, type CatalogueModule } from '../catalogue.js';

/** Neither a session nor a stream has a timeout of its own; the method is one of the headers. */
export const nodeHttp2: CatalogueModule = {
  module: 'node:http2',
  also: ['http2'],
  kind: 'http',
  docs: 'https://nodejs.org/api/http2.html#http2connectauthority-options-listener',
  exports: { connect: { effect: 'read', makes: 'ClientHttp2Session', options: 1 } },
  types: {
    ClientHttp2Session: {
      members: {
        request: { effect: 'unknown', options: 1, signal: 'signal' },
        ...each('close destroy ping goaway setTimeout', {}),
      },
    },
  },
};
