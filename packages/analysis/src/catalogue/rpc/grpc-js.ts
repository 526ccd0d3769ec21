import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const made = (options: readonly number[]): MemberRow => ({ effect: 'unknown', options, timeout: ['deadline'] });

/** Waits for ever unless the call has a `deadline`; retries only what the service config says. */
export const grpcJs: CatalogueModule = {
  module: '@grpc/grpc-js',
  kind: 'rpc',
  docs: 'https://grpc.io/docs/guides/deadlines/',
  exports: {
    loadPackageDefinition: { returns: 'GrpcObject' },
    ...each('makeClientConstructor makeGenericClientConstructor', { returns: 'ServiceClientConstructor' }),
    waitForClientReady: { effect: 'read', timeoutArgument: 1 },
    ...each('closeClient getClientChannel', {}),
  },
  types: {
    GrpcObject: { others: { is: 'GrpcObject' } },
    ServiceClientConstructor: { extends: 'Client', constructed: { options: 2 } },
    ServiceClient: { extends: 'Client' },
    Client: {
      constructed: { options: 2 },
      members: {
        makeUnaryRequest: made([4, 5]),
        makeClientStreamRequest: made([3, 4]),
        makeServerStreamRequest: made([4, 5]),
        makeBidiStreamRequest: made([3, 4]),
        waitForReady: { effect: 'read', timeoutArgument: 0 },
        ...each('close getChannel', {}),
      },
      // The methods of a generated client: `client.getUser(request, metadata, { deadline })`.
      others: { effect: { verb: 'member' }, options: [1, 2], timeout: ['deadline'] },
    },
  },
};
