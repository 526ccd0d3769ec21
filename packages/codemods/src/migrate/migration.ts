import type { ts } from 'ts-morph';
import type { Imports } from '../imports.js';
import type { Layout } from '../layout.js';
import type { Edit, MigrationSkipReason } from '../plan.js';
import type { PackageUses } from './package-uses.js';

/** What a migration may ask about the file that it changes. */
export interface Surroundings {
  readonly file: ts.SourceFile;
  readonly program: ts.Program;
  readonly uses: PackageUses;
  readonly layout: Layout;
  readonly imports: Imports;
}

/** The edits that replace one call, or why there are none. A site is changed as a whole or not at all. */
export type Outcome =
  { readonly edits: readonly Edit[]; readonly policies: readonly string[] } | { readonly reason: MigrationSkipReason };

/** Replaces the calls of one library. */
export interface Migration {
  readonly package: string;
  /** Asked about each call of the package's default export. */
  migrate(call: ts.CallExpression, around: Surroundings): Outcome;
}

/** Thrown inside a migration when a site cannot be changed, and turned into its skip. */
export class Obstacle extends Error {
  readonly reason: MigrationSkipReason;

  constructor(reason: MigrationSkipReason) {
    super(reason);
    this.reason = reason;
  }
}
