import { asyncRetry } from './async-retry.js';
import { handwritten } from './handwritten.js';
import type { Migration } from './migration.js';
import { pRetry } from './p-retry.js';

export type MigrationSource = 'async-retry' | 'handwritten' | 'p-retry';

/** What `holdfast migrate` knows, by the name people give it. */
export const migrations: Readonly<Record<MigrationSource, Migration>> = {
  'async-retry': asyncRetry,
  handwritten,
  'p-retry': pRetry,
};

export const migrationSources: readonly MigrationSource[] = Object.keys(migrations) as MigrationSource[];
