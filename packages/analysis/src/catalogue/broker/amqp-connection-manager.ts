import { each, type CatalogueModule } from '../catalogue.js';

/** A message waits in memory for a connection, for ever unless `publishTimeout` or the message's own `timeout` is set. */
export const amqpConnectionManager: CatalogueModule = {
  module: 'amqp-connection-manager',
  kind: 'broker',
  docs: 'https://github.com/jwalton/node-amqp-connection-manager#api',
  client: { timeout: ['publishTimeout'] },
  exports: { connect: { returns: 'IAmqpConnectionManager' } },
  types: {
    IAmqpConnectionManager: {
      members: {
        createChannel: { makes: 'ChannelWrapper', options: 0 },
        connect: { effect: 'read' },
        ...each('close isConnected reconnect on once', {}),
      },
    },
    AmqpConnectionManager: { extends: 'IAmqpConnectionManager' },
    ChannelWrapper: {
      members: {
        publish: { effect: 'write', options: 3, timeout: ['timeout'] },
        sendToQueue: { effect: 'write', options: 2, timeout: ['timeout'] },
        ...each('waitForConnect consume checkQueue checkExchange', { effect: 'read' }),
        get: { effect: 'write' },
        ...each(
          `assertQueue bindQueue unbindQueue deleteQueue purgeQueue assertExchange bindExchange unbindExchange
           deleteExchange cancel cancelAll ack ackAll nack nackAll`,
          { effect: 'idempotent-write' },
        ),
        ...each('addSetup removeSetup queueLength close on once', {}),
      },
    },
  },
};
