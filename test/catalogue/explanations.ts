/** Why a row may stay although the types do not confirm it. One that has become needless fails the test. */
export interface Explanation {
  /** As the test names it: module, type, member and field. `*` at the end stands for any end. */
  readonly place: string;
  readonly reason: string;
  readonly isUnverifiable: boolean;
}

/** The types say nothing (`any`), or are not there. */
const unverifiable: Readonly<Record<string, string>> = {
  '@prisma/client PrismaClient*': 'the client is generated from the schema of a project',
  '@prisma/client TransactionClient*': 'the client is generated from the schema of a project',
};

/** The row knows better than the types. */
const exceptions: Readonly<Record<string, string>> = {
  'pg ClientBase.query timeout query_timeout': 'read by `lib/client.js`, missing from `@types/pg`',
  'pg Pool.query timeout query_timeout': 'read by `lib/client.js`, missing from `@types/pg`',
};

export const explanations: readonly Explanation[] = [
  ...Object.entries(unverifiable).map(([place, reason]) => ({ place, reason, isUnverifiable: true })),
  ...Object.entries(exceptions).map(([place, reason]) => ({ place, reason, isUnverifiable: false })),
];
