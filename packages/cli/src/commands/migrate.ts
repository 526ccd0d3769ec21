import { planMigration, type MigrationSource } from '@holdfast/codemods';
import type { Codemod } from '../changes.js';

/** `holdfast migrate`: calls of another resilience library become calls of Holdfast. */
export function migrate(source: MigrationSource): Codemod {
  return {
    command: `migrate ${source}`,
    words: { done: 'migrated', would: 'migrate', thing: 'call', nothing: 'nothing to migrate', ask: 'Migrate' },
    isOfUnguardedCalls: false,
    plan: (file, options) => planMigration(file, source, options),
  };
}
