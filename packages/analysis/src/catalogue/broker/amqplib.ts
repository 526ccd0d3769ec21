import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const open: Record<string, MemberRow> = {
  createChannel: { effect: 'read', returns: 'Channel' },
  createConfirmChannel: { effect: 'read', returns: 'ConfirmChannel' },
  updateSecret: { effect: 'idempotent-write' },
  ...each('close on once', {}),
};

/** Nothing has a timeout but the connection. `publish` returns at once; what it wrote is on its way all the same. */
export const amqplib: CatalogueModule = {
  module: 'amqplib',
  kind: 'broker',
  docs: 'https://amqp-node.github.io/amqplib/channel_api.html',
  exports: { connect: { effect: 'read', makes: 'ChannelModel', options: 1 } },
  types: {
    ChannelModel: { members: open },
    RecoveringChannelModel: { members: { ...open, waitForConnect: { effect: 'read' } } },
    Channel: {
      members: {
        ...each('publish sendToQueue', { effect: 'write', returnsAtOnce: true }),
        ...each('checkQueue checkExchange prefetch consume', { effect: 'read' }),
        // A message that was fetched is not fetched again.
        get: { effect: 'write' },
        ...each(
          `assertQueue deleteQueue purgeQueue bindQueue unbindQueue assertExchange deleteExchange bindExchange
           unbindExchange cancel recover`,
          { effect: 'idempotent-write' },
        ),
        ...each('ack ackAll nack nackAll reject', { effect: 'idempotent-write', returnsAtOnce: true }),
        ...each('close on once connection', {}),
      },
    },
    ConfirmChannel: { extends: 'Channel', members: { waitForConfirms: { effect: 'read' } } },
  },
};
