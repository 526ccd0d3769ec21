import type { ts } from 'ts-morph';
import { wholeFileRefusal } from '../guard/plan-guard.js';
import { createImports } from '../imports.js';
import { layoutOf } from '../layout.js';
import { symbolOf } from '../nodes.js';
import { overlaps, type Change, type MigrationSkipReason, type Plan, type PlanOptions } from '../plan.js';
import type { AnalyzedFile } from '../project.js';
import { Obstacle, type Rewrite, type Site } from './migration.js';
import { migrations, type MigrationSource } from './migrations.js';
import { dropImports, leftUnused } from './drop-imports.js';
import { skipMessages } from './skip-messages.js';

/** Plans the step from another library to Holdfast. Pure: reads the file, writes nothing. */
export function planMigration(
  file: AnalyzedFile,
  source: MigrationSource,
  { wants = () => true }: PlanOptions = {},
): Plan {
  const { sourceFile, program } = file;
  const checker = program.getTypeChecker();
  const migration = migrations[source];
  const layout = layoutOf(sourceFile);
  const whole = wholeFileRefusal(file);
  const refused = new Map<number, MigrationSkipReason>();
  let gone: ReadonlySet<ts.Identifier> | undefined;

  // What a site takes from other modules is known only when all are: sites that turn out to be in each other's way are
  // refused, and the rest is planned anew.
  for (;;) {
    const free = new Set([...(gone ?? [])].map((name) => symbolOf(checker, name)));
    const imports = createImports(sourceFile, layout, (name) => free.size > 0 && free.has(symbolOf(checker, name)));
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
    const unused = gone ?? leftUnused(sourceFile, checker, migration.packages, edits);
    // Where the library has the same names as Holdfast, those that go with it are free.
    if (!gone && [...unused].some(({ text }) => imports.aliased.has(text))) {
      gone = unused;
      continue;
    }
    const changes = done.map(({ site, rewrite }): Change => {
      return { call: placeOf(sourceFile, site), form: 'migrated', policies: rewrite.policies };
    });
    return {
      file: sourceFile.fileName,
      text: sourceFile.text,
      edits:
        changes.length === 0 ? [] : [...dropImports(sourceFile, migration.packages, unused, imports.edits()), ...edits],
      changes,
      skips: skips.sort((a, b) => a.call.start - b.call.start),
      notes: done.flatMap(({ site, rewrite }) =>
        (rewrite.notes ?? []).map((note) => ({ call: placeOf(sourceFile, site), ...note })),
      ),
    };
  }
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
