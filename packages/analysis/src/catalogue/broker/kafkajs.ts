import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const lifecycle: Record<string, MemberRow> = {
  connect: { effect: 'read' },
  ...each('disconnect on logger events', {}),
};
const send: Record<string, MemberRow> = each('send sendBatch', { effect: 'write' });

/** A request fails after `requestTimeout` (30 s), and is tried five times more. */
export const kafkajs: CatalogueModule = {
  module: 'kafkajs',
  kind: 'broker',
  docs: 'https://kafka.js.org/docs/configuration',
  client: {
    timeout: ['requestTimeout'],
    ownTimeout: 30_000,
    retries: ['retry.retries'],
    ownRetries: { count: 5, effects: 'all' },
  },
  types: {
    Kafka: {
      constructed: { options: 0 },
      members: {
        producer: { returns: 'Producer' },
        consumer: { returns: 'Consumer' },
        admin: { returns: 'Admin' },
        logger: {},
      },
    },
    Producer: {
      members: {
        ...send,
        ...lifecycle,
        transaction: { effect: 'read', returns: 'Transaction', transaction: 'begin' },
        isIdempotent: {},
      },
    },
    Transaction: {
      members: {
        ...send,
        sendOffsets: { effect: 'idempotent-write' },
        commit: { effect: 'idempotent-write', transaction: 'commit' },
        abort: { effect: 'idempotent-write', transaction: 'rollback' },
        isActive: {},
      },
    },
    Consumer: {
      members: {
        ...lifecycle,
        ...each('subscribe run describeGroup', { effect: 'read' }),
        commitOffsets: { effect: 'idempotent-write' },
        ...each('stop seek pause paused resume', {}),
      },
    },
    Admin: {
      members: {
        ...lifecycle,
        ...each(
          `listTopics fetchTopicMetadata fetchOffsets fetchTopicOffsets fetchTopicOffsetsByTimestamp describeCluster
           describeConfigs listGroups describeGroups describeAcls listPartitionReassignments`,
          { effect: 'read' },
        ),
        ...each(
          `createTopics deleteTopics deleteTopicRecords deleteGroups setOffsets resetOffsets alterConfigs createAcls
           deleteAcls createPartitions alterPartitionReassignments`,
          { effect: 'idempotent-write' },
        ),
      },
    },
  },
};
