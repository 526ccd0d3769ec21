// npm run bench:codemods -- <tsconfig.json> [rounds]: what the codemods and `holdfast check` cost on a real project, beside what they are
// compared with. CPU time; each measurement has a process of its own; medians of the rounds, and ratios within each round.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadProject } from '@holdfast/codemods';

const [given, rounds = '3'] = process.argv.slice(2);
if (given === undefined || !existsSync(given) || !(Number(rounds) >= 1)) {
  console.error(
    'Usage: npm run bench:codemods -- <tsconfig.json of a project with its dependencies installed> [rounds]',
  );
  process.exit(2);
}
const tsconfig = resolve(given);
const peers = fileURLToPath(new URL('../node_modules/jscodeshift', import.meta.url));
if (!existsSync(peers)) {
  spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
  });
}

const files = loadProject(tsconfig).files;
const figures = [];
for (let round = 1; round <= Number(rounds); round += 1) {
  const scan = measure('scan', files);
  const jscodeshift = measure('jscodeshift', files);
  const edits = measure('edits');
  const plan = measure('plan');
  const verify = measure('verify');
  const diagnostics = measure('diagnostics', plan.changing);
  const program = measure('program');
  const check = measure('check');
  figures.push({
    [`scan: files/s (${files.length} files, ${scan.calls} calls)`]: perSecond(scan),
    [`scan: jscodeshift, files/s (${jscodeshift.failed} failed)`]: perSecond(jscodeshift),
    'scan: ratio to jscodeshift': jscodeshift.time / scan.time,
    [`edits of ${edits.changes} methods: ms`]: edits.time,
    [`plan of ${plan.files} files: s`]: plan.time / 1_000,
    'plan: MB': plan.memory,
    [`verify ${plan.changing.length} files (${verify.refused} refused): s`]: verify.time / 1_000,
    'verify: ratio to diagnostics of the same files': verify.time / diagnostics.time,
    [`check (${check.findings} findings): s`]: check.time / 1_000,
    'check: ratio to creating and binding the program': check.time / program.time,
  });
  console.log(`round ${round} of ${rounds}`);
}
for (const name of Object.keys(figures[0])) {
  const values = figures.map((figure) => figure[name]).sort((a, b) => a - b);
  const [low, median, high] = [values[0], values[Math.floor(values.length / 2)], values.at(-1)].map(rounded);
  console.log(`${name.padEnd(56)} ${median}  (${low} to ${high})`);
}

/** @param {string} part @param {unknown} [input] */
function measure(part, input = null) {
  const script = fileURLToPath(new URL('parts.mjs', import.meta.url));
  const { stdout, status, stderr } = spawnSync(process.execPath, [script, part, tsconfig], {
    // Not an argument: the names of a large project are too many for one.
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${part} failed:\n${stderr}`);
  return JSON.parse(stdout);
}

function perSecond({ time }) {
  return (files.length / time) * 1_000;
}

function rounded(value) {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(2);
}
