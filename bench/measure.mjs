// Runs in a process of its own for every case: a call site shared by several libraries would turn megamorphic and slow all of them.
import { settings } from './settings.mjs';

const { library, policy, scenario, size, quick } = JSON.parse(process.argv[2]);
const { cases } = await import(`./cases/${library}.mjs`);
const create = cases[policy];
const fault = new Error('the dependency is down');

const scenarios = { call, turn, bytes, refusal, failure, flight };
// Opossum's intervals would keep the process alive.
process.stdout.write(JSON.stringify(await scenarios[scenario]()), () => process.exit());

/** One call after the other, all within one turn of the event loop. */
async function call() {
  return timed(create(async () => 42, settings));
}

/** Each call waits for the next turn of the event loop, as one that does I/O would: what a library does once a turn is not spread over many calls. */
async function turn() {
  return timed(create(() => new Promise((resolve) => setImmediate(resolve, 42)), settings));
}

/** An outage: the circuit is open, and every call is refused and caught. */
async function refusal() {
  let calls = 0;
  const guarded = create(async () => {
    calls++;
    throw fault;
  }, settings);
  const refused = () => guarded().then(unexpected, () => undefined);
  for (let before = -1; before !== calls;) {
    before = calls;
    await refused();
    if (calls > 1_000) throw new Error('the circuit never opened');
  }
  return timed(refused);
}

/** What recording one failure costs when `size` calls are in the window already. */
async function failure() {
  for (let i = 0; i < 300; i++) await failuresAfter(100);
  const deadline = performance.now() + (quick ? 1_000 : 3_000);
  const samples = [];
  do samples.push(await failuresAfter(size));
  while (performance.now() < deadline && samples.length < 200);
  return summary(samples);
}

async function failuresAfter(successes) {
  let failing = false;
  let failed = 0;
  const guarded = create(async () => {
    if (!failing) return 42;
    failed++;
    throw fault;
  }, settings);
  for (let i = 0; i < successes; i++) await guarded();
  await nextTurn();
  failing = true;
  let calls = 0;
  const start = performance.now();
  do await guarded().then(unexpected, () => undefined);
  while (++calls < 20 && performance.now() - start < 500);
  const elapsed = performance.now() - start;
  if (failed !== calls) throw new Error('the circuit opened: refusals were measured, not failures');
  return elapsed / calls;
}

/** `size` calls at once, each with a long timeout armed: starting them, holding them, settling them. */
async function flight() {
  for (let i = 0; i < 20; i++) await flightOf(1_000);
  const samples = [];
  const deadline = performance.now() + (quick ? 500 : 3_000);
  do samples.push(await flightOf(size));
  while (samples.length < 2 || (performance.now() < deadline && samples.length < 50));
  return {
    start: summary(samples.map((sample) => sample.start)),
    settle: summary(samples.map((sample) => sample.settle)),
    // The whole call as a caller sees it: a library must not win the start by paying at the end.
    both: summary(samples.map((sample) => sample.start + sample.settle)),
    held: median(samples.map((sample) => sample.held)),
  };
}

async function flightOf(calls) {
  // Filled first, so that only what the calls themselves keep alive is counted.
  const resolvers = new Array(calls).fill(undefined);
  const results = new Array(calls).fill(undefined);
  let started = 0;
  const pending = () => new Promise((resolve) => (resolvers[started++] = resolve));
  const guarded = create(pending, { ...settings, timeout: 30_000 });

  const empty = await heapInUse();
  const start = performance.now();
  for (let i = 0; i < calls; i++) results[i] = guarded();
  do await nextTurn();
  while (started < calls);
  const startTime = performance.now() - start;
  const held = (await heapInUse()) - empty;

  let settled = 0;
  const allSettled = new Promise((resolve) => {
    for (const result of results) void result.then(() => ++settled === calls && resolve());
  });
  const settle = performance.now();
  for (const resolve of resolvers) resolve(42);
  await allSettled;
  await nextTurn();
  const settleTime = performance.now() - settle;
  return { start: startTime / calls, settle: settleTime / calls, held: held / calls };
}

/** Heap growth per call, with a young generation so large that nothing is collected meanwhile. */
async function bytes() {
  const guarded = create(async () => 42, settings);
  const calls = 2_000;
  for (let i = 0; i < 10 * calls; i++) await guarded();
  const samples = [];
  for (let i = 0; i < 15; i++) {
    await heapInUse();
    const before = process.memoryUsage().heapUsed;
    for (let j = 0; j < calls; j++) await guarded();
    samples.push((process.memoryUsage().heapUsed - before) / calls);
  }
  return { bytes: median(samples) };
}

/**
 * Nanoseconds per call, from batches of about 0.3 ms: most of them are never interrupted, and the median ignores the others.
 * The turn of the event loop between two of them is not timed, it says more about the machine; `turn` and `flight` have what is put off to it.
 */
async function timed(guarded) {
  const [fastest] = (await batches(guarded, 500, quick ? 100 : 250)).sort(ascending);
  const samples = await batches(guarded, Math.max(1, Math.round(0.3 / fastest)), quick ? 150 : 300);
  return summary(samples);
}

async function batches(guarded, calls, duration) {
  const samples = [];
  for (const deadline = performance.now() + duration; performance.now() < deadline;) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) await guarded();
    samples.push((performance.now() - start) / calls);
    await nextTurn();
  }
  return samples;
}

async function heapInUse() {
  // Twice, with turns around: what a first collection finalises is only freed by the second.
  for (let i = 0; i < 2; i++) {
    await nextTurn();
    gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function nextTurn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Milliseconds in, nanoseconds out. */
function summary(samples) {
  return { median: median(samples) * 1e6, min: Math.min(...samples) * 1e6 };
}

function median(samples) {
  const sorted = samples.toSorted(ascending);
  return sorted[sorted.length >> 1];
}

function ascending(a, b) {
  return a - b;
}

function unexpected() {
  throw new Error('a call succeeded that should not have');
}
