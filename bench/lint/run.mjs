// npm run bench:lint -- --backend <checkout>: measures the ESLint plugin and the analysis on a real backend, and writes
// results/latest.json and results/latest.md.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judge, report } from './report.mjs';
import { published } from './subject.mjs';
import { variants } from './variants.mjs';

const usage = `Usage: npm run bench:lint -- --backend <checkout> [options]

  --backend <path>   a checkout of a TypeScript backend with its dependencies installed; its src/**/*.ts are linted
  --quick            one round: to see that everything runs, not to compare
  --rounds <n>       default 5
  --only <ids>       of ${variants.map(({ id }) => id).join(', ')} and edit, with commas between
  --help

A run with an option besides --backend and --rounds, or on another backend than the published figures, writes results/partial.*.`;

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const editsPerRound = 36;
const options = readOptions();
const problems = [];

const subject = describeSubject();
build();
const built = lastBuilt();
const { lints, edits } = measure();
if (lastBuilt() !== built) problems.push('the packages were rebuilt meanwhile: figures of two builds are mixed');
publish();
process.exitCode = problems.length === 0 ? 0 : 1;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        backend: { type: 'string' },
        quick: { type: 'boolean', default: false },
        rounds: { type: 'string', default: '5' },
        only: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    if (values.backend === undefined) throw new TypeError('--backend is missing');
    const backend = resolve(values.backend);
    for (const needed of ['src', 'tsconfig.json']) {
      if (!existsSync(join(backend, needed))) throw new TypeError(`'${values.backend}' has no ${needed}`);
    }
    if (!existsSync(join(backend, 'node_modules'))) {
      throw new TypeError(
        `'${values.backend}' has no node_modules: without its dependencies there are no types to judge by`,
      );
    }
    const rounds = values.quick ? 1 : Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1)
      throw new TypeError(`--rounds is a whole number, not '${values.rounds}'`);
    const known = [...variants.map(({ id }) => id), 'edit'];
    const wanted = values.only?.split(',') ?? known;
    const unknown = wanted.find((id) => !known.includes(id));
    if (unknown !== undefined) throw new TypeError(`--only knows ${known.join(', ')}, not '${unknown}'`);
    return { ...values, backend, rounds, wanted };
  } catch (error) {
    stop(`${error.message}\n\n${usage}`);
  }
}

/** Figures are of a certain code base: whether this is the published one, its sources tell. */
function describeSubject() {
  const folder = join(options.backend, 'src');
  const names = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
  const hash = createHash('sha256');
  let lines = 0;
  for (const name of names) {
    const text = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
    lines += text.split('\n').length - 1;
    hash.update(`${name}\n${text}\n`);
  }
  const sources = hash.digest('hex');
  const isPublished = sources === published.sources;
  const name = isPublished ? `\`src\` of ${published.repository} at commit ${published.commit}` : 'Another backend';
  if (!isPublished) say('this is not the backend of the published figures');
  return { name, isPublished, files: names.length, lines, sources };
}

function build() {
  say('building the packages');
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'packages/eslint-plugin'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) stop('the packages do not build');
}

function lastBuilt() {
  const times = ['analysis', 'eslint-plugin'].flatMap((name) => {
    const dist = join(root, 'packages', name, 'dist');
    return readdirSync(dist, { recursive: true })
      .filter((file) => file.endsWith('.js'))
      .map((file) => statSync(join(dist, file)).mtimeMs);
  });
  return Math.max(...times);
}

/** A slow minute of the machine must not hit one variant alone: every round goes over all, and every other round backwards. */
function measure() {
  const lints = Object.fromEntries(variants.map(({ id }) => [id, []]));
  const edits = [];
  const jobs = [...variants.map(({ id }) => id), 'edit'].filter((id) => options.wanted.includes(id));
  for (let round = 1; round <= options.rounds; round++) {
    say(`round ${round} of ${options.rounds}`);
    for (const id of round % 2 ? jobs : jobs.toReversed()) {
      const isEdit = id === 'edit';
      const answer = isEdit
        ? child(['edit.mjs', options.backend, String(editsPerRound)], id)
        : child(['lint.mjs', options.backend, id], id);
      if (answer) (isEdit ? edits : lints[id]).push(answer);
    }
  }
  return { lints, edits };
}

function publish() {
  const isPartial = options.quick || options.only !== undefined || !subject.isPublished || problems.length > 0;
  const results = {
    isPartial,
    date: new Date().toISOString().slice(0, 10),
    subject,
    machine: `${process.platform} ${process.arch}, ${cpus()[0]?.model.trim() ?? 'unknown CPU'} × ${cpus().length}`,
    versions: versions(),
    rounds: options.rounds,
    lints,
    edits,
  };
  const name = isPartial ? 'partial' : 'latest';
  const folder = join(here, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ ...results, targets: judge(results) }, null, 2) + '\n');
  writeFileSync(join(folder, `${name}.md`), report(results));
  const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs');
  const files = [join(folder, `${name}.md`), join(folder, `${name}.json`)];
  spawnSync(process.execPath, [prettier, '--write', '--log-level=warn', ...files], { stdio: 'inherit', cwd: root });
  console.log('\n' + readFileSync(join(folder, `${name}.md`), 'utf8'));
  say(`written: bench/lint/results/${name}.md and ${name}.json`);
  for (const problem of problems) say(`FAILED ${problem}`);
}

function versions() {
  const versionOf = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).version;
  return {
    node: process.versions.node,
    eslint: versionOf('node_modules/eslint'),
    'typescript-eslint': versionOf('node_modules/typescript-eslint'),
    typescript: versionOf('node_modules/typescript'),
    holdfast: versionOf('packages/eslint-plugin'),
  };
}

/** What the child prints, or nothing if it failed: one broken variant must not cost the whole run. */
function child(args, id) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: here,
    encoding: 'utf8',
    timeout: 1_200_000,
    maxBuffer: 2 ** 26,
  });
  if (status === 0 && stdout) {
    const answer = JSON.parse(stdout);
    if (answer.cpu) say(`${id}: ${(answer.cpu / 1_000).toFixed(1)} s, ${Math.round(answer.peak)} MB`);
    else say(`${id}: ${answer.samples.map(({ own }) => Math.round(own)).join(', ')} ms`);
    return answer;
  }
  problems.push(`${id}\n${error?.message ?? stderr}`);
  say(`FAILED ${id}`);
}

function say(text) {
  process.stderr.write(`bench: ${text}\n`);
}

function stop(text) {
  say(text);
  process.exit(2);
}
