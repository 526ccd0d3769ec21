import type { Migration } from './migration.js';
import { pRetry } from './p-retry.js';

export type MigrationSource = 'p-retry';

/** What `holdfast migrate` knows, by the name people give it. */
export const migrations: Readonly<Record<MigrationSource, Migration>> = { 'p-retry': pRetry };

export const migrationSources: readonly MigrationSource[] = Object.keys(migrations) as MigrationSource[];
