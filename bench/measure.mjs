// Measures one case, in a process of its own: a call site shared by several libraries would turn megamorphic and slow all of them.
import { batch, flight, heapInUse, nextTurn, work, workForATurn } from './loops.mjs';
import * as bareLoops from './loops.mjs?bare';
import { settings } from './settings.mjs';

const { library, policy, scenario, size, quick } = JSON.parse(process.argv[2]);
const { cases } = await import(`./cases/${library}.mjs`);
const create = cases[policy];

const fault = new Error('the dependency is down');

const scenarios = { call, turn, bytes, refusal, failure, flight: inFlight };
// Opossum's intervals would keep the process alive.
process.stdout.write(JSON.stringify(await scenarios[scenario]()), () => process.exit());

/** One call after the other, all within one turn of the event loop. */
function call() {
  return besideBare(create(work, settings), bareLoops.work);
}

/** Each call ends in the next turn of the event loop, as with I/O: what a library does once a turn is not spread over many calls. */
function turn() {
  return besideBare(create(workForATurn, settings), bareLoops.workForATurn);
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
  return besideBare(refused, bareLoops.work);
}

/** What recording one failure costs with few and with many calls in the window. */
async function failure() {
  const [few, many] = [100, 100_000];
  for (let i = 0; i < 300; i++) await failures(await filled(few));
  let fewFirst = false;
  const pairs = await samplesFor(quick ? 1_000 : 3_000, 200, async () => {
    const windows = { few: await filled(few), many: await filled(many) };
    // Filling evicts the failure path from the processor's caches; these failures bring it back for both.
    await failures(await filled(few));
    const before = (fewFirst = !fewFirst) ? await failures(windows.few) : undefined;
    const atMany = await failures(windows.many);
    return { few: before ?? (await failures(windows.few)), many: atMany };
  });
  return {
    few: nanoseconds(pairs.map(({ few }) => few)),
    many: nanoseconds(pairs.map(({ many }) => many)),
    growth: median(pairs.map(({ few, many }) => many / few)),
  };
}

async function filled(successes) {
  const state = { failing: false, failed: 0 };
  const guarded = create(async () => {
    if (!state.failing) return 42;
    state.failed++;
    throw fault;
  }, settings);
  for (let i = 0; i < successes; i++) await guarded();
  await nextTurn();
  state.failing = true;
  return { guarded, state };
}

/** Milliseconds per failure, of few enough to keep the circuit closed. */
async function failures({ guarded, state }) {
  let calls = 0;
  const start = performance.now();
  do await guarded().then(unexpected, () => undefined);
  while (++calls < 50 && performance.now() - start < 500);
  const elapsed = performance.now() - start;
  if (state.failed !== calls) throw new Error('the circuit opened: refusals were measured, not failures');
  return elapsed / calls;
}

/** `size` calls at once, each with a long timeout armed: starting them, holding them, settling them. */
async function inFlight() {
  const once = (calls) => flight(create, { ...settings, timeout: 30_000 }, calls);
  for (let i = 0; i < 20; i++) await once(1_000);
  // Once more at full size: the heap grows to it, which is not the library's doing.
  await once(size);
  const samples = await samplesFor(quick ? 300 : 1_500, 50, () => once(size));
  const perCall = (part) => nanoseconds(samples.map((sample) => sample[part] / size));
  return {
    start: perCall('start'),
    settle: perCall('settle'),
    ...perCall('both'),
    held: median(samples.map(({ held }) => held / size)),
  };
}

/** Heap growth per call, with a young generation so large that nothing is collected meanwhile. */
async function bytes() {
  const guarded = create(work, settings);
  const calls = 2_000;
  await batch(guarded, 10 * calls);
  const samples = [];
  for (let i = 0; i < 15; i++) {
    await heapInUse();
    const before = process.memoryUsage().heapUsed;
    await batch(guarded, calls);
    samples.push((process.memoryUsage().heapUsed - before) / calls);
  }
  return { bytes: median(samples) };
}

/**
 * Batches of about 0.1 ms, each beside one of bare calls: most are never interrupted, and the median ignores the others. A busy neighbour
 * slows both, so what a pair says in proportion holds where its nanoseconds do not.
 * The turn of the event loop between pairs is not timed, it says more about the machine; `turn` and `flight` have what is put off to it.
 */
async function besideBare(guarded, bare) {
  const pairOf = async (calls, bareCalls, bareFirst) => {
    const before = bareFirst ? await bareLoops.batch(bare, bareCalls) : undefined;
    const time = (await batch(guarded, calls)) / calls;
    return { time, bare: (before ?? (await bareLoops.batch(bare, bareCalls))) / bareCalls };
  };
  const warmUp = await samplesFor(quick ? 150 : 300, Infinity, () => pairOf(500, 500));
  const callsPerBatch = (side) => Math.max(1, Math.round(0.1 / Math.min(...warmUp.map((pair) => pair[side]))));
  const calls = [callsPerBatch('time'), callsPerBatch('bare')];
  // In turns: the second of two batches finds other caches than the first.
  let bareFirst = false;
  const pairs = await samplesFor(quick ? 150 : 500, Infinity, () => pairOf(...calls, (bareFirst = !bareFirst)));
  return {
    ...nanoseconds(pairs.map(({ time }) => time)),
    bare: nanoseconds(pairs.map(({ bare }) => bare)),
    timesBare: median(pairs.map(({ time, bare }) => time / bare)),
  };
}

async function samplesFor(duration, most, sample) {
  const samples = [];
  const deadline = performance.now() + duration;
  do {
    samples.push(await sample());
    await nextTurn();
  } while (samples.length < 2 || (samples.length < most && performance.now() < deadline));
  return samples;
}

function nanoseconds(milliseconds) {
  return { median: median(milliseconds) * 1e6, min: Math.min(...milliseconds) * 1e6 };
}

function median(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function unexpected() {
  throw new Error('a call succeeded that should not have');
}
