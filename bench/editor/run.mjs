// npm run bench:editor -- <tsconfig.json> [file] [rounds]: what the plugin adds to an edit in tsserver, beside a bare tsserver and one with
// the plugin of Effect. Each measurement has a process of its own; medians of the rounds, and ratios within each round.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { isOwnSource } from '@holdfast/analysis';
import { openProject, statementInTheMiddle } from './project.mjs';
import { startServer } from './server.mjs';

const [given, name, rounds = '3'] = process.argv.slice(2);
if (given === undefined || !existsSync(given) || !(Number(rounds) >= 1)) {
  console.error(
    'Usage: npm run bench:editor -- <tsconfig.json of a project with its dependencies installed> [file] [rounds]',
  );
  process.exit(2);
}
const tsconfig = resolve(given);
const bench = fileURLToPath(new URL('..', import.meta.url));
if (!existsSync(`${bench}/node_modules/@effect/language-service`)) {
  spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: bench, stdio: 'inherit' });
}

const warmUp = 10;
const edits = 30;
const variants = {
  bare: undefined,
  holdfast: { name: '@holdfast/typescript-plugin', from: fileURLToPath(new URL('../..', import.meta.url)) },
  effect: { name: '@effect/language-service', from: bench },
};

const { file, lines, start } = placeOfEdits();
console.log(`${file}: ${lines} lines`);
const figures = [];
for (let round = 1; round <= Number(rounds); round += 1) {
  const measured = {};
  const order = Object.entries(variants);
  for (const [id, plugin] of round % 2 === 0 ? order.reverse() : order) measured[id] = await measure(plugin);
  const { bare, holdfast, effect } = measured;
  const own = measureOwn();
  figures.push({
    'edit, bare tsserver: latency, ms': bare.latency,
    'edit, Holdfast: added latency, ms': holdfast.latency - bare.latency,
    'edit, Effect: added latency, ms': effect.latency - bare.latency,
    'edit, Holdfast: latency, × bare': holdfast.latency / bare.latency,
    'edit, Effect: latency, × bare': effect.latency / bare.latency,
    'edit, bare tsserver: CPU, ms': bare.cpu,
    'edit, Holdfast: added CPU, ms': holdfast.cpu - bare.cpu,
    'edit, Effect: added CPU, ms': effect.cpu - bare.cpu,
    'edit, Holdfast: CPU, × bare': holdfast.cpu / bare.cpu,
    'edit, Effect: CPU, × bare': effect.cpu / bare.cpu,
    'edit, analysis alone: CPU, ms': median(own.samples.slice(warmUp)),
    'edit, analysis alone: CPU of the first, ms': median(own.samples.slice(0, warmUp)),
    'opening the file, bare tsserver: CPU, s': bare.opening / 1_000,
    'opening the file, Holdfast: CPU, × bare': holdfast.opening / bare.opening,
    'opening the file, Effect: CPU, × bare': effect.opening / bare.opening,
    'memory, bare tsserver: MB': bare.heap,
    'memory, Holdfast: × bare': holdfast.heap / bare.heap,
    'memory, Effect: × bare': effect.heap / bare.heap,
  });
  console.log(`round ${round} of ${rounds}`);
}
for (const name of Object.keys(figures[0])) {
  const values = figures.map((figure) => figure[name]).sort((a, b) => a - b);
  const [low, high] = [values[0], values.at(-1)].map(rounded);
  console.log(`${name.padEnd(46)} ${rounded(median(values))}  (${low} to ${high})`);
}

/** The file that is named, or the longest; and where its edits are. */
function placeOfEdits() {
  const sources = openProject(tsconfig).service.getProgram().getSourceFiles().filter(isOwnSource);
  const length = (file) => file.getLineStarts().length - 1;
  const found = name
    ? sources.find(({ fileName }) => resolve(fileName) === resolve(name))
    : sources.reduce((longest, next) => (length(next) > length(longest) ? next : longest));
  if (!found) throw new Error(`${name} is no file of ${given}`);
  const place = statementInTheMiddle(found).getStart(found);
  const { line, character } = found.getLineAndCharacterOfPosition(place);
  return { file: found.fileName, lines: length(found), start: { line: line + 1, offset: character + 1 } };
}

/** A server that opens the file and follows edits, one character each, that come and go. */
async function measure(plugin) {
  const server = startServer(plugin);
  const diagnostics = () => server.ask('semanticDiagnosticsSync', { file });
  server.send('open', { file });
  await diagnostics();
  const opening = await server.used('cpu');
  const latencies = [];
  let started = 0;
  for (let edit = 0; edit < warmUp + edits; edit += 1) {
    if (edit === warmUp) started = await server.used('cpu');
    const { line, offset } = start;
    const [endOffset, insertString] = edit % 2 === 0 ? [offset, ';'] : [offset + 1, ''];
    const before = performance.now();
    server.send('change', { file, line, offset, endLine: line, endOffset, insertString });
    await diagnostics();
    if (edit >= warmUp) latencies.push(performance.now() - before);
  }
  const cpu = ((await server.used('cpu')) - started) / edits;
  const heap = await server.used('heap');
  server.stop();
  return { opening, cpu, heap, latency: median(latencies) };
}

function measureOwn() {
  const script = fileURLToPath(new URL('own.mjs', import.meta.url));
  const args = ['--max-old-space-size=4096', script, tsconfig, file, String(warmUp + edits)];
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`own.mjs failed:\n${stderr}`);
  return JSON.parse(stdout);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function rounded(value) {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(2);
}
