// The work, and the loops around it. Imported twice for batches, as two modules, so that the case and the bare call beside it share no code.

export const work = async () => 42;

export const workForATurn = () => new Promise((resolve) => setImmediate(resolve, 42));

/** Milliseconds for `calls` calls, one after the other. */
export async function batch(guarded, calls) {
  const start = performance.now();
  for (let i = 0; i < calls; i++) await guarded();
  return performance.now() - start;
}

/** `size` calls at once: milliseconds to start and to settle them all, bytes that they keep alive meanwhile. */
export async function flight(create, settings, size) {
  // Filled first, so that only what the calls themselves keep alive is counted.
  const resolvers = new Array(size).fill(undefined);
  const results = new Array(size).fill(undefined);
  let started = 0;
  const guarded = create(() => new Promise((resolve) => (resolvers[started++] = resolve)), settings);

  const empty = await heapInUse();
  const startedAt = performance.now();
  for (let i = 0; i < size; i++) results[i] = guarded();
  do await nextTurn();
  while (started < size);
  const start = performance.now() - startedAt;
  const held = (await heapInUse()) - empty;

  let settled = 0;
  const allSettled = new Promise((resolve) => {
    for (const result of results) void result.then(() => ++settled === size && resolve());
  });
  const settledFrom = performance.now();
  for (const resolve of resolvers) resolve(42);
  await allSettled;
  await nextTurn();
  const settle = performance.now() - settledFrom;
  return { start, settle, both: start + settle, held };
}

export async function heapInUse() {
  // Twice, with turns around: what a first collection finalises is only freed by the second.
  for (let i = 0; i < 2; i++) {
    await nextTurn();
    gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export function nextTurn() {
  return new Promise((resolve) => setImmediate(resolve));
}
