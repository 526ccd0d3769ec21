import { each, type CatalogueModule } from '../catalogue.js';

/** Jobs in a database: each call is a query of its driver. */
export const agenda: CatalogueModule = {
  module: 'agenda',
  kind: 'broker',
  docs: 'https://github.com/agenda/agenda#readme',
  exports: { default: { is: 'Agenda' } },
  types: {
    Agenda: {
      constructed: { options: 0 },
      members: {
        ...each('now schedule', { effect: 'write' }),
        // One job of a name: the schedule is replaced.
        every: { effect: 'idempotent-write' },
        ...each('cancel purge enable disable', { effect: 'idempotent-write' }),
        create: { returns: 'Job' },
        ...each('define start stop drain on once processEvery maxConcurrency defaultConcurrency lockLimit', {}),
      },
    },
    Job: {
      members: {
        save: { effect: 'unknown' },
        ...each('remove touch', { effect: 'idempotent-write' }),
        isRunning: { effect: 'read' },
        ...each('repeatEvery repeatAt schedule priority unique enable disable', { returns: 'Job' }),
        fail: {},
      },
    },
  },
};
