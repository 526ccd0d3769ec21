import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const queueGetters: Record<string, MemberRow> = {
  getJob: { effect: 'read', returns: 'Job' },
  ...each(
    `getJobs getJobCounts getJobCountByTypes getJobState getJobLogs getWaiting getWaitingChildren getActive getDelayed
     getPrioritized getCompleted getFailed getDependencies getRanges getWaitingCount getWaitingChildrenCount getActiveCount
     getDelayedCount getPrioritizedCount getCompletedCount getFailedCount getCountsPerPriority getWorkers getWorkersCount
     getQueueEvents getMetrics getMeta getRateLimitTtl getGlobalConcurrency getGlobalRateLimit getDeduplicationJobId
     getDebounceJobId count exportPrometheusMetrics`,
    { effect: 'read' },
  ),
  ...each('recordJobCountsMetric', { effect: 'read' }),
};
const lifecycle: Record<string, MemberRow> = each('on once off emit close disconnect toKey opts name', {});

/** Each call is a command of ioredis, which waits for ever and is sent again after a reconnection, up to 20 times. */
export const bullmq: CatalogueModule = {
  module: 'bullmq',
  kind: 'broker',
  docs: 'https://docs.bullmq.io/guide/connections',
  client: {
    timeout: ['connection.commandTimeout', 'connection.socketTimeout'],
    retries: ['connection.maxRetriesPerRequest'],
    ownRetries: { count: 20, effects: 'all', kind: 'reconnecting' },
  },
  types: {
    QueueBase: { members: { waitUntilReady: { effect: 'read' }, ...lifecycle } },
    QueueGetters: { extends: 'QueueBase', members: queueGetters },
    Queue: {
      extends: 'QueueGetters',
      constructed: { options: 1 },
      members: {
        // The id of the job, or of its deduplication, makes a repetition do nothing.
        add: { effect: 'write', options: 2, key: ['jobId', 'deduplication'], jobAttempts: 'attempts', returns: 'Job' },
        addBulk: { effect: 'write', key: ['jobId', 'deduplication'] },
        ...each('upsertJobScheduler', { effect: 'idempotent-write', returns: 'Job' }),
        ...each(
          `remove removeJobScheduler removeDeduplicationKey removeDebounceKey removeRateLimitKey removeGlobalConcurrency
           removeGlobalRateLimit removeOrphanedJobs removeDeprecatedPriorityKey setGlobalConcurrency setGlobalRateLimit
           updateJobProgress rateLimit pause resume drain clean obliterate retryJobs promoteJobs trimEvents`,
          { effect: 'idempotent-write' },
        ),
        addJobLog: { effect: 'write' },
        ...each('isPaused isMaxed getJobScheduler getJobSchedulers getJobSchedulersCount getVersion', {
          effect: 'read',
        }),
      },
    },
    Job: {
      statics: {
        create: { effect: 'write', key: ['jobId', 'deduplication'], returns: 'Job' },
        createBulk: { effect: 'write', key: ['jobId', 'deduplication'] },
        fromId: { effect: 'read', returns: 'Job' },
        addJobLog: { effect: 'write' },
        fromJSON: { returns: 'Job' },
      },
      members: {
        ...each(
          `getState isCompleted isFailed isDelayed isWaitingChildren isActive isWaiting getChildrenValues getDependencies
           getDependenciesCount getFailedChildrenValues getIgnoredChildrenFailures`,
          { effect: 'read' },
        ),
        waitUntilFinished: { effect: 'read', timeoutArgument: 1 },
        ...each(
          `updateData updateProgress clearLogs remove removeChildDependency removeUnprocessedChildren removeDeduplicationKey
           extendLock moveToCompleted moveToFailed moveToDelayed moveToWait moveToWaitingChildren changeDelay changePriority
           promote retry`,
          { effect: 'idempotent-write' },
        ),
        log: { effect: 'write' },
        ...each('toJSON asJSON', {}),
      },
    },
    FlowProducer: {
      constructed: { options: 0 },
      members: {
        ...each('add addBulk', { effect: 'write', key: ['jobId', 'deduplication'] }),
        getFlow: { effect: 'read' },
        waitUntilReady: { effect: 'read' },
        ...each('on once off emit close disconnect', {}),
      },
    },
    QueueEvents: { extends: 'QueueBase', constructed: { options: 1 }, members: each('run', {}) },
    QueueEventsProducer: {
      extends: 'QueueBase',
      constructed: { options: 1 },
      members: { publishEvent: { effect: 'write' } },
    },
    Worker: {
      extends: 'QueueBase',
      constructed: { options: 2 },
      members: {
        getNextJob: { effect: 'write', returns: 'Job' },
        rateLimit: { effect: 'idempotent-write' },
        ...each('run pause resume isPaused isRunning startStalledCheckTimer cancelJob cancelAllJobs', {}),
      },
    },
  },
};
