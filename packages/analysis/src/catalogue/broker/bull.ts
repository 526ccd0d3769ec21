import { each, type CatalogueModule } from '../catalogue.js';

/** Each call is a command of ioredis, which waits for ever and is sent again after a reconnection, up to 20 times. */
export const bull: CatalogueModule = {
  module: 'bull',
  kind: 'broker',
  docs: 'https://github.com/OptimalBits/bull/blob/develop/REFERENCE.md',
  client: {
    timeout: ['redis.commandTimeout', 'redis.socketTimeout'],
    retries: ['redis.maxRetriesPerRequest'],
    ownRetries: { count: 20, effects: 'all', kind: 'reconnecting' },
  },
  exports: { default: { makes: 'Queue', options: [1, 2] } },
  types: {
    Queue: {
      members: {
        add: { effect: 'write', options: 2, key: ['jobId'], jobAttempts: 'attempts', returns: 'Job' },
        addBulk: { effect: 'write', key: ['jobId'] },
        nextRepeatableJob: { effect: 'write', key: ['jobId'], returns: 'Job' },
        getJob: { effect: 'read', returns: 'Job' },
        ...each(
          `getJobs getWaiting getActive getDelayed getCompleted getFailed getJobLogs getJobCounts getJobCountByTypes
           getCompletedCount getFailedCount getDelayedCount getWaitingCount getPausedCount getActiveCount getRepeatableCount
           getRepeatableJobs getCountsPerPriority getMetrics getWorkers count isPaused isReady`,
          { effect: 'read' },
        ),
        ...each('pause resume empty clean obliterate removeJobs removeRepeatable removeRepeatableByKey', {
          effect: 'idempotent-write',
        }),
        getNextJob: { effect: 'write', returns: 'Job' },
        ...each('process on once off emit close toKey multi whenCurrentJobsFinished', {}),
      },
    },
    Job: {
      members: {
        ...each('getState isCompleted isFailed isDelayed isActive isWaiting isPaused isStuck finished', {
          effect: 'read',
        }),
        ...each('update remove retry promote progress moveToCompleted moveToFailed', { effect: 'idempotent-write' }),
        ...each('releaseLock takeLock extendLock', { effect: 'idempotent-write' }),
        log: { effect: 'write' },
        ...each('toJSON lockKey discard', {}),
      },
    },
  },
};
