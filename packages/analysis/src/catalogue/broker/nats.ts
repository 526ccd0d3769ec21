import { each, type CatalogueModule, type TypeRow } from '../catalogue.js';

const natsTypes: Record<string, TypeRow> = {
  NatsConnection: {
    // A request without options gets one second.
    client: { ownTimeout: 1_000 },
    members: {
      ...each('publish publishMessage', { effect: 'write', returnsAtOnce: true }),
      request: { effect: 'unknown', options: 2, timeout: ['timeout'] },
      requestMany: { effect: 'unknown', options: 2, timeout: ['maxWait'] },
      ...each('flush rtt', { effect: 'read' }),
      jetstream: { makes: 'JetStreamClient', options: 0 },
      jetstreamManager: { effect: 'read', makes: 'JetStreamManager', options: 0 },
      subscribe: { effect: 'read' },
      ...each('close drain closed isClosed isDraining getServer status stats reconnect respondMessage', {}),
    },
  },
};

/** A request waits for 1 s, one to JetStream for 5 s, unless an option says otherwise. */
export const nats: CatalogueModule = {
  module: 'nats',
  kind: 'broker',
  docs: 'https://github.com/nats-io/nats.js/blob/main/core/README.md',
  exports: { connect: { effect: 'read', makes: 'NatsConnection', options: 0 } },
  types: {
    ...natsTypes,
    JetStreamClient: {
      client: { timeout: ['timeout'], ownTimeout: 5_000 },
      members: {
        publish: { effect: 'write', options: 2, timeout: ['timeout'], key: ['msgID'] },
        pull: { effect: 'write' },
        ...each('subscribe pullSubscribe', { effect: 'read' }),
        jetstreamManager: { effect: 'read', returns: 'JetStreamManager' },
        ...each('fetch getOptions', {}),
      },
    },
    JetStreamManager: {
      client: { timeout: ['timeout'], ownTimeout: 5_000 },
      members: {
        getAccountInfo: { effect: 'read' },
        streams: { is: 'StreamAPI' },
        consumers: { is: 'ConsumerAPI' },
        ...each('advisories getOptions jetstream', {}),
      },
    },
    StreamAPI: {
      client: { ownTimeout: 5_000 },
      members: {
        ...each('info find getMessage', { effect: 'read' }),
        ...each('add update delete purge deleteMessage', { effect: 'idempotent-write' }),
      },
    },
    ConsumerAPI: {
      client: { ownTimeout: 5_000 },
      members: { info: { effect: 'read' }, ...each('add update delete', { effect: 'idempotent-write' }) },
    },
  },
};
