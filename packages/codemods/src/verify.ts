import { ts } from 'ts-morph';
import { createHost } from './compiler-host.js';
import { editedText, type Plan } from './plan.js';

/** An error that a plan would add to its file. */
export interface NewError {
  readonly code: number;
  readonly message: string;
  /** Line of the edited text, from 1. */
  readonly line: number;
}

export interface Verdict {
  readonly plan: Plan;
  /** Empty when the file type-checks as well as before. */
  readonly newErrors: readonly NewError[];
}

/** Type-checks the edited files in memory, against the same program, and says what each plan would break. */
export function verify(program: ts.Program, plans: readonly Plan[]): Verdict[] {
  const changed = new Map(plans.filter(({ edits }) => edits.length > 0).map((plan) => [plan.file, editedText(plan)]));
  if (changed.size === 0) return plans.map((plan) => ({ plan, newErrors: [] }));
  const edited = editedProgram(program, changed);
  return plans.map((plan) => ({
    plan,
    newErrors: changed.has(plan.file) ? added(errorsOf(program, plan.file), errorsOf(edited, plan.file)) : [],
  }));
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
