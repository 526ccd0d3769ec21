// Below this no timeout that settles can go: 100,000 calls in flight, each behind an outer promise that does nothing but
// pass on what the work's promise says. No timer, no bookkeeping.
//
//   node --expose-gc bench/floor.mjs
const size = 100_000;

const bare = (operation) => operation();
const behindOuterPromise = (operation) => new Promise((resolve, reject) => void operation().then(resolve, reject));

async function round(call) {
  const settle = new Array(size).fill(undefined);
  const results = new Array(size).fill(undefined);
  let started = 0;
  const work = () => new Promise((resolve) => (settle[started++] = resolve));
  gc();
  const startedAt = performance.now();
  for (let i = 0; i < size; i++) results[i] = call(work);
  await new Promise((resolve) => setImmediate(resolve));
  const start = performance.now() - startedAt;
  gc();
  const all = Promise.all(results);
  const settledAt = performance.now();
  for (const resolve of settle) resolve(42);
  await all;
  return start + performance.now() - settledAt;
}

for (const call of [bare, behindOuterPromise]) {
  const rounds = [];
  for (let i = 0; i < 9; i++) rounds.push(await round(call));
  rounds.sort((a, b) => a - b);
  console.log(`${call.name}: ${Math.round((rounds[4] / size) * 1e6)} ns to start and settle`);
}
