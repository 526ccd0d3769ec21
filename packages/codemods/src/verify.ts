import { ts } from 'ts-morph';
import { affectedBy } from './affected.js';
import { createHost } from './compiler-host.js';
import { editedText, type Plan } from './plan.js';

/** An error that a plan would add to its file, or to one that imports it. */
export interface NewError {
  /** The tsconfig, where the error is in no file, such as a missing global type. */
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
 * Type-checks the edited files in memory, with all that can feel the edits, and says what each plan would break. Plans that break
 * something are left out and the rest is checked again, until nothing gets worse: those without errors can be written together.
 */
export function verify(program: ts.Program, plans: readonly Plan[]): Verdict[] {
  const isChanging = ({ edits, file }: Plan): boolean => edits.length > 0 && program.getSourceFile(file) !== undefined;
  const trial = createTrials(program);
  const refused = new Map<Plan, readonly NewError[]>();
  for (;;) {
    const left = plans.filter((plan) => isChanging(plan) && !refused.has(plan));
    const guilty = left.length === 0 ? new Map<Plan, readonly NewError[]>() : guiltyOf(trial, left);
    if (guilty.size === 0) break;
    for (const [plan, errors] of guilty) refused.set(plan, errors);
  }
  return plans.map((plan) => ({ plan, newErrors: refused.get(plan) ?? [] }));
}

/** A file that would be worse, and the plans of which one at least is why. */
interface Damage {
  readonly file: string | undefined;
  readonly errors: readonly NewError[];
  readonly suspects: readonly Plan[];
}

/** Some of the plans that break something; none when nothing breaks. */
function guiltyOf(trial: Trials, plans: readonly Plan[]): Map<Plan, readonly NewError[]> {
  const damages = trial(plans).damages();
  const single = damages.filter(({ suspects }) => suspects.length === 1);
  // What others break as well may be whole again without those that are certain.
  if (single.length > 0) return new Map(single.map(({ suspects, errors }) => [suspects[0]!, errors]));
  const [first] = damages;
  if (!first) return new Map();
  const { file, suspects } = first;
  const others = plans.filter((plan) => !suspects.includes(plan));
  /** How many of the suspects, taken in their order, it takes to break the file. */
  let [sound, broken] = [0, suspects.length];
  let { errors } = first;
  while (broken - sound > 1) {
    const half = (sound + broken) >> 1;
    const found = trial([...others, ...suspects.slice(0, half)]).newErrors(file);
    if (found.length > 0) [broken, errors] = [half, found];
    else sound = half;
  }
  return new Map([[suspects[broken - 1]!, errors]]);
}

/** The program with some of the plans applied. */
type Trials = (plans: readonly Plan[]) => {
  damages(): readonly Damage[];
  /** Of a file, or with `undefined` those that are in none. */
  newErrors(file: string | undefined): readonly NewError[];
};

function createTrials(program: ts.Program): Trials {
  const before = createDiagnostics(program);
  return (plans) => {
    const edited = editedProgram(program, new Map(plans.map((plan) => [plan.file, editedText(plan)])));
    const after = createDiagnostics(edited);
    let known: ReadonlyMap<string, readonly Plan[]> | undefined;
    const affected = (): ReadonlyMap<string, readonly Plan[]> => (known ??= affectedBy(program, edited, plans));

    function newErrors(file: string | undefined): readonly NewError[] {
      if (file !== undefined) {
        const errors = after.ofFile(file);
        // Most files have no errors at all: then there is nothing to compare with.
        return errors.length === 0 ? [] : added(before.ofFile(file), errors);
      }
      for (const name of affected().keys()) after.ofFile(name);
      const errors = after.ofProgram();
      if (errors.length === 0) return [];
      // The compiler finds them out while it checks files: the same ones, to compare.
      for (const name of affected().keys()) before.ofFile(name);
      return added(before.ofProgram(), errors);
    }

    return {
      newErrors,
      damages() {
        const damages: Damage[] = [...affected()].map(([file, suspects]) => ({
          file,
          errors: newErrors(file),
          suspects,
        }));
        damages.push({ file: undefined, errors: newErrors(undefined), suspects: plans });
        return damages.filter(({ errors }) => errors.length > 0);
      },
    };
  };
}

function editedProgram(program: ts.Program, changed: ReadonlyMap<string, string>): ts.Program {
  const options = program.getCompilerOptions();
  const host = createHost(options, program, changed);
  host.getCurrentDirectory = () => program.getCurrentDirectory();
  const projectReferences = program.getProjectReferences() ?? [];
  return ts.createProgram({ rootNames: program.getRootFileNames(), options, host, projectReferences });
}

interface Diagnostics {
  ofFile(file: string): readonly NewError[];
  /** Those that are in no file. */
  ofProgram(): readonly NewError[];
}

function createDiagnostics(program: ts.Program): Diagnostics {
  const known = new Map<string, readonly NewError[]>();
  const { declaration, composite, configFilePath } = program.getCompilerOptions();
  // Part of what the compiler reports where it is to write declarations.
  const showsDeclarations = declaration === true || composite === true;

  function errorsOf(file: string): readonly NewError[] {
    const source = program.getSourceFile(file);
    if (!source) return [];
    return errorsAmong([
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
      ...(showsDeclarations ? program.getDeclarationDiagnostics(source) : []),
    ]);
  }

  function errorsAmong(diagnostics: readonly ts.Diagnostic[]): NewError[] {
    return diagnostics
      .filter(({ category }) => category === ts.DiagnosticCategory.Error)
      .map(({ file, code, messageText, start = 0 }) => ({
        file: file?.fileName ?? String(configFilePath ?? 'tsconfig.json'),
        code,
        message: ts.flattenDiagnosticMessageText(messageText, ' '),
        line: file ? file.getLineAndCharacterOfPosition(start).line + 1 : 1,
      }));
  }

  return {
    ofFile(file) {
      const errors = known.get(file) ?? errorsOf(file);
      known.set(file, errors);
      return errors;
    },
    ofProgram: () => errorsAmong(program.getGlobalDiagnostics()),
  };
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
