// node bench/codemods/verify.mjs <tsconfig.json>: what verifying the plans of `holdfast guard` costs, as a multiple of what type-checking the
// same files costs. CPU time of this process, each round with programs of its own.
import { resolve } from 'node:path';
import { analyzeFile, loadProject, planGuard, verify } from '@holdfast/codemods';

const tsconfig = resolve(process.argv[2] ?? 'tsconfig.json');
const rounds = Number(process.argv[3] ?? 3);
const ratios = [];
for (let round = 1; round <= rounds; round += 1) {
  const project = loadProject(tsconfig);
  const plans = project.files
    .map((file) => planGuard(analyzeFile(project, file)))
    .filter(({ edits }) => edits.length > 0);
  let refused = 0;
  let verifying = 0;
  let checking = 0;
  const steps = [
    () => {
      verifying = timed(() => {
        refused = verify(project.program, plans).filter(({ newErrors }) => newErrors.length > 0).length;
      });
    },
    () => {
      const { program } = loadProject(tsconfig);
      checking = timed(() => typeCheck(program, plans));
    },
  ];
  // What goes first finds a cold compiler.
  for (const step of round % 2 === 0 ? steps : steps.reverse()) step();
  ratios.push(verifying / checking);
  console.log(
    `round ${round}: ${plans.length} of ${project.files.length} files change (${refused} refused): ` +
      `verify ${verifying} ms, type-check ${checking} ms, ratio ${(verifying / checking).toFixed(2)}`,
  );
}
console.log(`median ratio ${ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)].toFixed(2)}`);

/**
 * @param {ReturnType<typeof loadProject>['program']} program
 * @param {readonly { file: string }[]} files
 */
function typeCheck(program, files) {
  const { declaration, composite } = program.getCompilerOptions();
  for (const { file } of files) {
    const source = program.getSourceFile(file);
    program.getSyntacticDiagnostics(source);
    program.getSemanticDiagnostics(source);
    if (declaration || composite) program.getDeclarationDiagnostics(source);
  }
}

/**
 * CPU time in milliseconds.
 *
 * @param {() => void} work
 */
function timed(work) {
  globalThis.gc?.();
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return Math.round((user + system) / 1_000);
}
