import { ts } from 'ts-morph';
import { wholeFileRefusal } from '../guard/plan-guard.js';
import { createImports } from '../imports.js';
import { layoutOf } from '../layout.js';
import {
  overlaps,
  type Change,
  type Edit,
  type MigrationSkipReason,
  type Plan,
  type PlanOptions,
  type Skip,
} from '../plan.js';
import type { AnalyzedFile } from '../project.js';
import { Obstacle, type Outcome, type Surroundings } from './migration.js';
import { migrations, type MigrationSource } from './migrations.js';
import { importsName, usesOf } from './package-uses.js';
import { dropDefaultImport } from './rewrite.js';
import { skipMessages } from './skip-messages.js';

/** Plans the step from another library to Holdfast. Pure: reads the file, writes nothing. */
export function planMigration(
  file: AnalyzedFile,
  source: MigrationSource,
  { wants = () => true }: PlanOptions = {},
): Plan {
  const { sourceFile, program } = file;
  const migration = migrations[source];
  const uses = usesOf(sourceFile, program, migration.package);
  const base = { file: sourceFile.fileName, text: sourceFile.text, notes: [] };
  const whole = wholeFileRefusal(file) ?? (abortsFromInside(program, migration.package) ? 'abort-error' : undefined);
  const layout = layoutOf(sourceFile);
  const imports = createImports(sourceFile, layout);
  const around: Surroundings = { file: sourceFile, program, uses, layout, imports };
  const edits: Edit[] = [];
  const changes: Change[] = [];
  const skips: Skip[] = uses.others.map(({ node, reason }) => skip(sourceFile, node, reason));

  for (const call of uses.calls) {
    const place = placeOf(sourceFile, call, call.expression);
    const outcome: Outcome = whole
      ? { reason: whole }
      : wants(place)
        ? attempt(() => migration.migrate(call, around))
        : { reason: 'declined' };
    if ('reason' in outcome) skips.push(skip(sourceFile, call, outcome.reason));
    else {
      edits.push(...outcome.edits);
      changes.push({ call: place, form: 'migrated', policies: outcome.policies });
    }
  }
  if (changes.length === 0) return { ...base, edits: [], changes, skips: inOrder(skips) };
  const isUnused = skips.every(({ reason }) => reason === 'other-import') && uses.imports.length === 1;
  const [declaration] = uses.imports;
  const added = imports.edits();
  const all = [...(isUnused && declaration ? dropDefaultImport(sourceFile, declaration, added) : added), ...edits];
  if (overlaps(all)) {
    const nested = uses.calls.map((call) => skip(sourceFile, call, 'nested'));
    return { ...base, edits: [], changes: [], skips: nested };
  }
  return { ...base, edits: all, changes, skips: inOrder(skips) };
}

/** An error class of the library that ends the retries may be thrown anywhere below the operation. */
function abortsFromInside(program: ts.Program, name: string): boolean {
  return program
    .getSourceFiles()
    .some(
      (file) =>
        !file.isDeclarationFile &&
        !program.isSourceFileFromExternalLibrary(file) &&
        importsName(file, name, 'AbortError'),
    );
}

function attempt(migrate: () => Outcome): Outcome {
  try {
    return migrate();
  } catch (error) {
    if (error instanceof Obstacle) return { reason: error.reason };
    throw error;
  }
}

function skip(file: ts.SourceFile, node: ts.Node, reason: MigrationSkipReason): Skip {
  const shown = ts.isCallExpression(node) ? node.expression : node;
  return { call: placeOf(file, node, shown), reason, message: skipMessages[reason] };
}

function placeOf(file: ts.SourceFile, node: ts.Node, shown: ts.Node): Change['call'] {
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

function inOrder(skips: readonly Skip[]): Skip[] {
  return [...skips].sort((a, b) => a.call.start - b.call.start);
}
