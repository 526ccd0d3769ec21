import type { ts } from 'ts-morph';
import { wholeFileRefusal } from '../guard/plan-guard.js';
import { createImports } from '../imports.js';
import { layoutOf } from '../layout.js';
import { overlaps, type Change, type Edit, type MigrationSkipReason, type Plan, type PlanOptions } from '../plan.js';
import type { AnalyzedFile } from '../project.js';
import { Obstacle, type Rewrite, type Site } from './migration.js';
import { migrations, type MigrationSource } from './migrations.js';
import { dropImports } from './drop-imports.js';
import { skipMessages } from './skip-messages.js';

/** Plans the step from another library to Holdfast. Pure: reads the file, writes nothing. */
export function planMigration(
  file: AnalyzedFile,
  source: MigrationSource,
  { wants = () => true }: PlanOptions = {},
): Plan {
  const { sourceFile, program } = file;
  const migration = migrations[source];
  const layout = layoutOf(sourceFile);
  const whole = wholeFileRefusal(file);
  const refused = new Map<number, MigrationSkipReason>();

  // What a site takes from other modules is known only when all are: sites that turn out to be in each other's way are
  // refused, and the rest is planned anew.
  for (;;) {
    const imports = createImports(sourceFile, layout);
    const sites = migration.sites({ file: sourceFile, program, layout, imports });
    const done: { readonly site: Site; readonly rewrite: Rewrite }[] = [];
    const skips: Plan['skips'][number][] = [];
    let isClash = false;
    for (const [index, site] of sites.entries()) {
      const place = placeOf(sourceFile, site);
      const reason = whole ?? refused.get(index) ?? (wants(place) ? undefined : 'declined');
      const outcome = reason ?? attempt(site);
      if (typeof outcome === 'string') {
        skips.push({ call: place, reason: outcome, message: skipMessages[outcome] });
      } else if (overlaps([...done.flatMap(({ rewrite }) => rewrite.edits), ...outcome.edits])) {
        refused.set(index, 'nested');
        isClash = true;
      } else done.push({ site, rewrite: outcome });
    }
    if (isClash) continue;
    const edits = done.flatMap(({ rewrite }) => rewrite.edits);
    const changes = done.map(({ site, rewrite }): Change => {
      return { call: placeOf(sourceFile, site), form: 'migrated', policies: rewrite.policies };
    });
    return {
      file: sourceFile.fileName,
      text: sourceFile.text,
      edits: changes.length === 0 ? [] : withImports(file, migration.packages, imports.edits(), edits),
      changes,
      skips: skips.sort((a, b) => a.call.start - b.call.start),
      notes: done.flatMap(({ site, rewrite }) =>
        (rewrite.notes ?? []).map((note) => ({ call: placeOf(sourceFile, site), ...note })),
      ),
    };
  }
}

function withImports(
  { sourceFile, program }: AnalyzedFile,
  packages: readonly string[],
  added: readonly Edit[],
  edits: readonly Edit[],
): Edit[] {
  return [...dropImports(sourceFile, program.getTypeChecker(), packages, added, edits), ...edits];
}

function attempt(site: Site): Rewrite | MigrationSkipReason {
  try {
    return site.rewrite();
  } catch (error) {
    if (error instanceof Obstacle) return error.reason;
    throw error;
  }
}

function placeOf(file: ts.SourceFile, { node, shown }: Site): Change['call'] {
  const [start, end] = [node.getStart(file), node.end];
  const from = file.getLineAndCharacterOfPosition(start);
  const to = file.getLineAndCharacterOfPosition(end);
  return {
    file: file.fileName,
    start,
    end,
    line: from.line + 1,
    column: from.character + 1,
    endLine: to.line + 1,
    endColumn: to.character + 1,
    text: shown.getText(file),
  };
}
