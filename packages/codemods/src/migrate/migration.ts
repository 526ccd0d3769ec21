import type { ts } from 'ts-morph';
import type { Imports } from '../imports.js';
import type { Layout } from '../layout.js';
import type { Edit, MigrationSkipReason, Note } from '../plan.js';

/** What a migration may ask about the file that it changes. */
export interface Surroundings {
  readonly file: ts.SourceFile;
  readonly program: ts.Program;
  readonly layout: Layout;
  readonly imports: Imports;
}

/** What replaces one site. */
export interface Rewrite {
  readonly edits: readonly Edit[];
  readonly policies: readonly string[];
  /** What a person should know about it, although nothing is lost. */
  readonly notes?: readonly Omit<Note, 'call'>[];
}

/** One use of what is replaced. It is changed as a whole or not at all. */
export interface Site {
  readonly node: ts.Node;
  /** What a person calls it by: the callee of a call. */
  readonly shown: ts.Node;
  /** @throws {Obstacle} When the site cannot be changed. */
  rewrite(): Rewrite;
}

/** Replaces one library, or one idiom. */
export interface Migration {
  /** The packages whose imports go when nothing needs them any more. */
  readonly packages: readonly string[];
  /** All uses in the file, those that cannot be changed included. */
  sites(around: Surroundings): readonly Site[];
}

/** Thrown inside a migration when a site cannot be changed, and turned into its skip. */
export class Obstacle extends Error {
  readonly reason: MigrationSkipReason;

  constructor(reason: MigrationSkipReason) {
    super(reason);
    this.reason = reason;
  }
}

/** A use that cannot be changed, whatever surrounds it. */
export function obstructed(node: ts.Node, shown: ts.Node, reason: MigrationSkipReason): Site {
  return {
    node,
    shown,
    rewrite() {
      throw new Obstacle(reason);
    },
  };
}
