// node bench/codemods/verify.mjs <tsconfig.json> [rounds]: what verifying the plans of `holdfast guard` costs, as a multiple of what
// type-checking the same files costs. CPU time; each measurement has a process of its own.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyzeFile, loadProject, planGuard, verify } from '@holdfast/codemods';

const [tsconfig = 'tsconfig.json', rounds = '3', part] = process.argv.slice(2);
if (part === undefined) main();
else process.stdout.write(JSON.stringify(part === 'verify' ? verified() : typeChecked(part.split('\n'))));

function main() {
  const ratios = [];
  for (let round = 1; round <= Number(rounds); round += 1) {
    const { files, changing, refused, time } = inProcess('verify');
    const { time: checking } = inProcess(changing.join('\n'));
    ratios.push(time / checking);
    console.log(
      `round ${round}: ${changing.length} of ${files} files change (${refused} refused): ` +
        `verify ${time} ms, type-check ${checking} ms, ratio ${(time / checking).toFixed(2)}`,
    );
  }
  console.log(`median ratio ${ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)].toFixed(2)}`);
}

/** @param {string} part */
function inProcess(part) {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), resolve(tsconfig), rounds, part];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(stdout);
}

function verified() {
  const { program, analyzer, files } = loadProject(tsconfig);
  const plans = files
    .map((file) => planGuard(analyzeFile({ program, analyzer, files }, file)))
    .filter(({ edits }) => edits.length > 0);
  let refused = 0;
  const time = timed(() => {
    refused = verify(program, plans).filter(({ newErrors }) => newErrors.length > 0).length;
  });
  return { files: files.length, changing: plans.map(({ file }) => file), refused, time };
}

/** @param {readonly string[]} files */
function typeChecked(files) {
  const { program } = loadProject(tsconfig);
  const { declaration, composite } = program.getCompilerOptions();
  const time = timed(() => {
    for (const file of files) {
      const source = program.getSourceFile(file);
      program.getSyntacticDiagnostics(source);
      program.getSemanticDiagnostics(source);
      if (declaration || composite) program.getDeclarationDiagnostics(source);
    }
  });
  return { time };
}

/**
 * CPU time in milliseconds.
 *
 * @param {() => void} work
 */
function timed(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return Math.round((user + system) / 1_000);
}
