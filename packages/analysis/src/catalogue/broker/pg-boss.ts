import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const send: MemberRow = { effect: 'write', options: 2, key: ['id', 'singletonKey'], jobAttempts: 'retryLimit' };

/** Jobs in PostgreSQL: each call is a query of `pg`, without a time limit unless the connection has one. */
export const pgBoss: CatalogueModule = {
  module: 'pg-boss',
  kind: 'broker',
  docs: 'https://timgit.github.io/pg-boss/',
  exports: { default: { is: 'PgBoss' } },
  types: {
    PgBoss: {
      constructed: { options: 0 },
      members: {
        ...each('send sendAfter sendThrottled sendDebounced publish', send),
        insert: { effect: 'write', key: ['id', 'singletonKey'] },
        fetch: { effect: 'write' },
        start: { effect: 'idempotent-write' },
        ...each('getJobById getQueue getQueues getSchedules isInstalled schemaVersion', { effect: 'read' }),
        ...each(
          `cancel resume retry complete fail deleteJob createQueue updateQueue deleteQueue schedule unschedule subscribe
           unsubscribe`,
          { effect: 'idempotent-write' },
        ),
        ...each('work offWork notifyWorker stop on off once getDb', {}),
      },
    },
  },
};
