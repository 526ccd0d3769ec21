import { ts } from 'ts-morph';
import { createHost } from './compiler-host.js';
import { importersOf } from './importers.js';
import { editedText, type Plan } from './plan.js';

/** An error that a plan would add to its file, or to one that imports it. */
export interface NewError {
  readonly file: string;
  readonly code: number;
  readonly message: string;
  /** Line of the edited text, from 1. */
  readonly line: number;
}

export interface Verdict {
  readonly plan: Plan;
  /** Empty when everything type-checks as well as before. */
  readonly newErrors: readonly NewError[];
}

/**
 * Type-checks the edited files in memory, with what imports them, and says what each plan would break. Plans that break something are
 * left out and the rest is checked again, until nothing gets worse: those without errors can be written together.
 */
export function verify(program: ts.Program, plans: readonly Plan[]): Verdict[] {
  const isChanging = ({ edits, file }: Plan): boolean => edits.length > 0 && program.getSourceFile(file) !== undefined;
  const refused = new Map<Plan, readonly NewError[]>();
  const errorsBefore = new Map<string, readonly NewError[]>();
  for (;;) {
    const left = plans.filter((plan) => isChanging(plan) && !refused.has(plan));
    if (left.length === 0) break;
    const broken = brokenBy(program, left, (file) => {
      const known = errorsBefore.get(file) ?? errorsOf(program, file);
      errorsBefore.set(file, known);
      return known;
    });
    if (broken.size === 0) break;
    for (const [plan, errors] of broken) refused.set(plan, errors);
  }
  return plans.map((plan) => ({ plan, newErrors: refused.get(plan) ?? [] }));
}

function brokenBy(
  program: ts.Program,
  plans: readonly Plan[],
  errorsBefore: (file: string) => readonly NewError[],
): Map<Plan, readonly NewError[]> {
  const edited = editedProgram(program, new Map(plans.map((plan) => [plan.file, editedText(plan)])));
  const broken = new Map<Plan, NewError[]>();
  const newErrors = (file: string): readonly NewError[] => {
    const after = errorsOf(edited, file);
    // Most files have no errors at all: then there is nothing to compare with.
    return after.length === 0 ? [] : added(errorsBefore(file), after);
  };
  for (const plan of plans) {
    const errors = newErrors(plan.file);
    if (errors.length > 0) broken.set(plan, [...errors]);
  }
  // A file that breaks by itself may be why others do.
  if (broken.size > 0) return broken;
  for (const [importer, causes] of importersOf(program, edited, plans)) {
    const errors = newErrors(importer);
    if (errors.length === 0) continue;
    for (const plan of causes) broken.set(plan, [...(broken.get(plan) ?? []), ...errors]);
  }
  return broken;
}

function editedProgram(program: ts.Program, changed: ReadonlyMap<string, string>): ts.Program {
  const options = program.getCompilerOptions();
  const host = createHost(options, program, changed);
  host.getCurrentDirectory = () => program.getCurrentDirectory();
  const projectReferences = program.getProjectReferences() ?? [];
  return ts.createProgram({ rootNames: program.getRootFileNames(), options, host, projectReferences });
}

function errorsOf(program: ts.Program, file: string): NewError[] {
  const source = program.getSourceFile(file);
  if (!source) return [];
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    .filter(({ category }) => category === ts.DiagnosticCategory.Error)
    .map(({ code, messageText, start = 0 }) => ({
      file: source.fileName,
      code,
      message: ts.flattenDiagnosticMessageText(messageText, ' '),
      line: source.getLineAndCharacterOfPosition(start).line + 1,
    }));
}

/** Lines move, so errors are told apart by what they say. */
function added(before: readonly NewError[], after: readonly NewError[]): NewError[] {
  const counts = new Map<string, number>();
  const key = ({ code, message }: NewError): string => `${String(code)} ${message}`;
  for (const error of before) counts.set(key(error), (counts.get(key(error)) ?? 0) + 1);
  return after.filter((error) => {
    const left = counts.get(key(error)) ?? 0;
    counts.set(key(error), left - 1);
    return left <= 0;
  });
}
