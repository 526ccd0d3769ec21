import { each, type CatalogueModule, type MemberRow } from '../catalogue.js';

const raw: MemberRow = { effect: { sql: 0 } };

/**
 * The client is generated: its properties are one delegate for each model of the schema. Only an interactive transaction
 * has a timeout (5 s of its own); a single query waits for as long as the driver does.
 */
export const prisma: CatalogueModule = {
  module: '@prisma/client',
  generated: ['PrismaClient'],
  kind: 'db',
  docs: 'https://www.prisma.io/docs/orm/prisma-client/queries/transactions',
  types: {
    PrismaClient: {
      constructed: { options: 0 },
      members: {
        ...each('$queryRaw $executeRaw $queryRawUnsafe $executeRawUnsafe', raw),
        ...each('$queryRawTyped $runCommandRaw', { effect: 'unknown' }),
        $transaction: {
          effect: 'unknown',
          options: 1,
          timeout: ['timeout'],
          callback: { argument: 0, parameters: ['TransactionClient'], transaction: true },
        },
        $connect: { effect: 'read' },
        $extends: { returns: 'PrismaClient' },
        ...each('$on $use $disconnect $metrics $parent', {}),
      },
      others: { is: 'Delegate' },
    },
    TransactionClient: { extends: 'PrismaClient' },
    Delegate: {
      members: {
        ...each(
          'findUnique findUniqueOrThrow findFirst findFirstOrThrow findMany findRaw aggregate aggregateRaw count groupBy',
          { effect: 'read' },
        ),
        ...each('create createMany createManyAndReturn', { effect: 'write' }),
        ...each('update updateMany updateManyAndReturn upsert delete deleteMany', { effect: 'idempotent-write' }),
        ...each('fields', {}),
      },
    },
  },
};
