import type { ts } from 'ts-morph';

/** Asks all files of the project itself, once for each program: whether one of them passes the test. */
export function inAnyOwnFile(test: (file: ts.SourceFile) => boolean): (program: ts.Program) => boolean {
  const answers = new WeakMap<ts.Program, boolean>();
  return (program) => {
    let answer = answers.get(program);
    if (answer === undefined) {
      answer = program
        .getSourceFiles()
        .some((file) => !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file) && test(file));
      answers.set(program, answer);
    }
    return answer;
  };
}
