import { nats } from './nats.js';
import type { CatalogueModule } from '../catalogue.js';

const { NatsConnection, JetStreamClient, JetStreamManager, ...apis } = nats.types!;
const { jetstream: _client, jetstreamManager: _manager, ...members } = NatsConnection!.members!;
const docs = nats.docs!;

/** Version 3 of the client, in three packages. A request waits for 1 s, one to JetStream for 5 s. */
export const natsCore: CatalogueModule = {
  module: '@nats-io/nats-core',
  kind: 'broker',
  docs,
  exports: { wsconnect: { effect: 'read', makes: 'NatsConnection', options: 0 } },
  types: { NatsConnection: { ...NatsConnection!, members } },
};

export const natsTransportNode: CatalogueModule = {
  ...natsCore,
  module: '@nats-io/transport-node',
  exports: { connect: { effect: 'read', makes: 'NatsConnection', options: 0 } },
};

export const natsJetstream: CatalogueModule = {
  module: '@nats-io/jetstream',
  kind: 'broker',
  docs: 'https://github.com/nats-io/nats.js/blob/main/jetstream/README.md',
  exports: {
    jetstream: { makes: 'JetStreamClient', options: 1 },
    jetstreamManager: { effect: 'read', makes: 'JetStreamManager', options: 1 },
  },
  types: {
    JetStreamClient: {
      client: JetStreamClient!.client!,
      members: {
        publish: JetStreamClient!.members!.publish!,
        jetstreamManager: { effect: 'read', returns: 'JetStreamManager' },
        getOptions: {},
      },
    },
    JetStreamManager: JetStreamManager!,
    ...apis,
  },
};
