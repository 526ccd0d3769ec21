import { each, type CatalogueModule } from '../catalogue.js';

/** Each call is a command of Redis without a time limit. A job is sent by `save`. */
export const beeQueue: CatalogueModule = {
  module: 'bee-queue',
  kind: 'broker',
  docs: 'https://github.com/bee-queue/bee-queue#api-reference',
  exports: { default: { is: 'BeeQueue' } },
  types: {
    BeeQueue: {
      constructed: { options: 1 },
      members: {
        createJob: { returns: 'Job' },
        getJob: { effect: 'read', returns: 'Job' },
        ...each('getJobs checkHealth ready', { effect: 'read' }),
        saveAll: { effect: 'write' },
        ...each('removeJob destroy checkStalledJobs', { effect: 'idempotent-write' }),
        ...each('process on once close isRunning', {}),
      },
    },
    Job: {
      members: {
        save: { effect: 'write' },
        ...each('remove reportProgress', { effect: 'idempotent-write' }),
        ...each('setId retries backoff delayUntil timeout', { returns: 'this' }),
        on: {},
      },
    },
  },
};
