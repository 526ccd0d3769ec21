import { asyncRetry } from './async-retry.js';
import { axiosRetry } from './axios-retry.js';
import { cockatiel } from './cockatiel.js';
import { handwritten } from './handwritten.js';
import type { Migration } from './migration.js';
import { opossum } from './opossum.js';
import { pLimit } from './p-limit.js';
import { pRetry } from './p-retry.js';
import { pTimeout } from './p-timeout.js';

export type MigrationSource =
  'async-retry' | 'axios-retry' | 'cockatiel' | 'handwritten' | 'opossum' | 'p-limit' | 'p-retry' | 'p-timeout';

/** What `holdfast migrate` knows, by the name people give it. */
export const migrations: Readonly<Record<MigrationSource, Migration>> = {
  'async-retry': asyncRetry,
  'axios-retry': axiosRetry,
  cockatiel,
  handwritten,
  opossum,
  'p-limit': pLimit,
  'p-retry': pRetry,
  'p-timeout': pTimeout,
};

export const migrationSources: readonly MigrationSource[] = Object.keys(migrations) as MigrationSource[];
