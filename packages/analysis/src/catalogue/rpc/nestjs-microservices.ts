import { each, type CatalogueModule } from '../catalogue.js';

/** Answers are observables without a timeout, whichever transport carries them. */
export const nestjsMicroservices: CatalogueModule = {
  module: '@nestjs/microservices',
  kind: 'rpc',
  docs: 'https://docs.nestjs.com/microservices/basics#handling-timeouts',
  types: {
    ClientProxy: {
      members: {
        send: { effect: 'unknown' },
        emit: { effect: 'write' },
        connect: { effect: 'read' },
        ...each('close on unwrap', {}),
      },
    },
    ...each('ClientTCP ClientRedis ClientRMQ ClientNats ClientMqtt', {
      extends: 'ClientProxy',
      constructed: { options: 0 },
    }),
    ClientKafka: {
      extends: 'ClientProxy',
      constructed: { options: 0 },
      members: { commitOffsets: { effect: 'idempotent-write' }, subscribeToResponseOf: {} },
    },
    ClientKafkaProxy: { extends: 'ClientProxy' },
    ClientGrpcProxy: { extends: 'ClientProxy', constructed: { options: 0 } },
    ClientProxyFactory: { statics: { create: { makes: 'ClientProxy', options: 0 } } },
  },
};
