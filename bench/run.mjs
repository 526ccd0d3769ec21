// npm run bench: measures Holdfast beside its peers and writes results/latest.json and results/latest.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { libraries, scenarios } from './libraries.mjs';
import { judge, report } from './report.mjs';
import { settings } from './settings.mjs';

const usage = `Usage: npm run bench -- [options]

  --quick            one short round: to see that everything runs, not to compare
  --only <pattern>   cases whose "library: policy (scenario)" matches the regular expression, and the bare rows
  --node <version>   20, 22, 24 or all; by default all on 24, and Holdfast's calls on 20 and 22
  --help

Scenarios: ${scenarios.map(({ id }) => id).join(', ')}. A run with any option writes results/partial.*, not latest.*.`;

const bench = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));
const majors = [20, 22, 24];
const options = readOptions();
const problems = [];

install();
build();
const nodes = findNodes();
const built = lastBuilt();
const jobs = plan();
const measurements = measure();
if (lastBuilt() !== built) problems.push('the runtime was rebuilt meanwhile: figures of two builds are mixed');
publish();
process.exitCode = problems.length === 0 ? 0 : 1;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        node: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    if (values.node !== undefined && values.node !== 'all' && !majors.includes(Number(values.node))) {
      throw new TypeError(`--node is 20, 22, 24 or all, not '${values.node}'`);
    }
    return { ...values, only: values.only === undefined ? undefined : new RegExp(values.only, 'i') };
  } catch (error) {
    stop(`${error.message}\n\n${usage}`);
  }
}

/** The peers are not part of the workspace: `npm test` must not wait for them. */
function install() {
  const installed = `${bench}node_modules/.package-lock.json`;
  const lock = `${bench}package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  say('installing the peers');
  run('npm', ['ci'], bench);
}

function build() {
  if (!existsSync(`${root}node_modules/typescript`)) run('npm', ['run', '-s', 'setup'], root);
  say('building the runtime');
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'packages/runtime'], root);
  run(process.execPath, ['scripts/mark-commonjs.mjs'], root);
}

function lastBuilt() {
  const dist = `${root}packages/runtime/dist/esm/`;
  const files = readdirSync(dist, { recursive: true }).filter((file) => file.endsWith('.js'));
  return Math.max(...files.map((file) => statSync(dist + file).mtimeMs));
}

/** Node binaries come from npm packages of this platform; the running Node serves for its own version where there is none. */
function findNodes() {
  const wanted = majors.filter((major) => !options.node || options.node === 'all' || options.node === String(major));
  const found = {};
  for (const major of wanted) {
    const folder = `${bench}node_modules/node${major}-${process.platform}-${process.arch}/bin/`;
    const packaged = [`${folder}node`, `${folder}node.exe`].find((file) => existsSync(file));
    const binary = packaged ?? (process.versions.node.startsWith(`${major}.`) ? process.execPath : undefined);
    if (binary) found[major] = binary;
    else
      say(
        `no Node ${major} for ${process.platform}-${process.arch} on npm: start this script with Node ${major} to measure it`,
      );
  }
  if (Object.keys(found).length === 0) stop('no Node version to measure with');
  return found;
}

/** Checks every library on every Node version it is measured on, and lists the cases: each policy in each scenario, at each size. */
function plan() {
  const newest = Math.max(...Object.keys(nodes));
  const planned = [];
  for (const [major, binary] of Object.entries(nodes)) {
    const node = Number(major);
    for (const library of libraries) {
      const isWhole = node === newest || options.node === 'all';
      if (node < library.minimumNode || !(isWhole || library.everyNode)) continue;
      const policies = child(binary, ['verify.mjs', library.id], `${library.id} on Node ${node}`);
      for (const policy of policies ?? []) {
        for (const { id: scenario, takes, everyNode, sizes = [undefined], flags = [], rounds } of scenarios) {
          if (!(isWhole || everyNode) || !takes(policy) || !isWanted(library.id, policy, scenario)) continue;
          for (const size of sizes) {
            planned.push({
              node,
              library: library.id,
              policy,
              scenario,
              size,
              flags,
              rounds: options.quick ? 1 : rounds,
            });
          }
        }
      }
    }
  }
  const hasCompany = (job) => planned.some((other) => other.policy !== 'bare' && isBeside(other, job));
  const wanted = planned.filter((job) => job.policy !== 'bare' || hasCompany(job));
  if (wanted.length === 0) stop('nothing to measure: does --only match anything?');
  return wanted;
}

function isBeside(a, b) {
  return a.node === b.node && a.scenario === b.scenario && a.size === b.size;
}

function isWanted(library, policy, scenario) {
  return policy === 'bare' || !options.only || options.only.test(`${library}: ${policy} (${scenario})`);
}

/** A slow minute of the machine must not hit one library alone: every round goes over all cases before the next begins. */
function measure() {
  const results = new Map(jobs.map((job) => [job, []]));
  const rounds = Math.max(...jobs.map((job) => job.rounds));
  for (let round = 1; round <= rounds; round++) {
    const due = jobs.filter((job) => job.rounds >= round);
    say(`round ${round} of ${rounds}: ${due.length} cases`);
    for (const job of due) {
      const { node, library, policy, scenario, size, flags } = job;
      const question = JSON.stringify({ library, policy, scenario, size, quick: options.quick });
      const name = `${library}: ${policy} (${scenario}${size ? ` ${size}` : ''}) on Node ${node}`;
      const answer = child(nodes[node], [...flags, 'measure.mjs', question], name);
      if (answer) results.get(job).push(answer);
    }
  }
  const rows = jobs
    .filter((job) => results.get(job).length > 0)
    .map((job) => {
      const { node, library, policy, scenario, size } = job;
      return { node, library, policy, scenario, size, ...combine(results.get(job)) };
    });
  return rows.map((row) => withUndisturbedBare(row, rows));
}

/** Where a library slows the whole process, its bare calls are not the ones a user without it has: another process' are. */
function withUndisturbedBare(row, rows) {
  if (!row.bare || !libraries.find(({ id }) => id === row.library).slowsBare) return row;
  const plain = rows.find(
    (other) => other.library === 'hand-written' && other.policy === 'bare' && isBeside(other, row),
  );
  return plain ? { ...row, timesBare: (row.timesBare * row.bare.min) / plain.bare.min } : row;
}

/** The median of the rounds, figure by figure; of the best ones the best. */
function combine(rounds) {
  const combined = {};
  for (const [name, value] of Object.entries(rounds[0])) {
    const values = rounds.map((round) => round[name]);
    if (typeof value === 'object') combined[name] = combine(values);
    else if (name === 'min') combined[name] = Math.min(...values);
    else combined[name] = values.sort((a, b) => a - b)[values.length >> 1];
  }
  return combined;
}

function publish() {
  const isPartial = options.quick || options.only !== undefined || options.node !== undefined || problems.length > 0;
  const folder = `${bench}results/`;
  const name = isPartial ? 'partial' : 'latest';
  const results = {
    isPartial,
    nodes: Object.fromEntries(Object.entries(nodes).map(([major, binary]) => [major, versionOf(binary)])),
    versions: { platform: `${process.platform} ${process.arch}`, ...versionsOfLibraries() },
    settings,
    measurements,
  };
  const markdown = report(results);
  mkdirSync(folder, { recursive: true });
  const targets = judge(measurements, Math.max(...Object.keys(nodes)));
  writeFileSync(`${folder}${name}.json`, JSON.stringify({ ...results, targets }, null, 2) + '\n');
  writeFileSync(`${folder}${name}.md`, markdown);
  run('npx', ['prettier', '--write', '--log-level=warn', `${folder}${name}.md`, `${folder}${name}.json`], root);
  console.log('\n' + readFileSync(`${folder}${name}.md`, 'utf8'));
  say(`written: bench/results/${name}.md and ${name}.json`);
  for (const problem of problems) say(`FAILED ${problem}`);
}

function versionOf(binary) {
  return execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim().slice(1);
}

function versionsOfLibraries() {
  const { dependencies } = JSON.parse(readFileSync(`${bench}package.json`, 'utf8'));
  const { version } = JSON.parse(readFileSync(`${root}packages/runtime/package.json`, 'utf8'));
  return { holdfast: version, ...dependencies };
}

/** What the child prints, or nothing if it failed: one broken case must not cost the whole run. */
function child(binary, args, name) {
  const { status, stdout, stderr, error } = spawnSync(binary, args, { cwd: bench, encoding: 'utf8', timeout: 120_000 });
  if (status === 0 && stdout) return JSON.parse(stdout);
  problems.push(`${name}\n${error?.message ?? stderr}`);
  say(`FAILED ${name}`);
}

function run(command, args, cwd) {
  // On Windows npm and npx are scripts, which only a shell can start.
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) stop(`\`${command} ${args.join(' ')}\` failed`);
}

function say(text) {
  process.stderr.write(`bench: ${text}\n`);
}

function stop(text) {
  say(text);
  process.exit(2);
}
