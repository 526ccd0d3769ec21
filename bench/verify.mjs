// Fast and wrong is no use: before a library is measured, each of its cases must do its job. Prints the names of the cases.
import assert from 'node:assert/strict';
import { settings } from './settings.mjs';

const { cases } = await import(`./cases/${process.argv[2]}.mjs`);

for (const [name, create] of Object.entries(cases)) {
  const has = (...policies) => policies.some((policy) => name.startsWith(policy));
  try {
    assert.equal(await create(async () => 42, settings)(), 42);
    if (has('retry', 'all')) await retries(create);
    if (has('breaker', 'three', 'all')) await opens(create);
    if (has('timeout', 'three', 'all')) await timesOut(create);
    if (has('bulkhead', 'three', 'all')) await limits(create);
  } catch (error) {
    throw new Error(`${process.argv[2]}, ${name}: does not do its job`, { cause: error });
  }
}
process.stdout.write(JSON.stringify(Object.keys(cases)), () => process.exit());

async function retries(create) {
  let attempts = 0;
  const failsTwice = async () => {
    if (++attempts < 3) throw new Error('not yet');
    return attempts;
  };
  let ready = false;
  const guarded = create(() => (ready ? failsTwice() : Promise.resolve(0)), settings);
  // Successes first: they keep a breaker beside the retry closed.
  for (let i = 0; i < 2 * settings.windowCalls; i++) await guarded();
  ready = true;
  assert.equal(await guarded(), settings.attempts);
}

async function opens(create) {
  let calls = 0;
  const guarded = create(async () => {
    calls++;
    throw new Error('down');
  }, settings);
  for (let i = 0; i < 2 * settings.windowCalls; i++) await assert.rejects(guarded());
  const before = calls;
  await assert.rejects(guarded());
  assert.equal(calls, before, 'the circuit is open');
}

async function timesOut(create) {
  const guarded = create(() => new Promise(() => {}), { ...settings, timeout: 20 });
  // A timer of our own: an unref'd one would let the process end here.
  const deadline = setTimeout(() => assert.fail('never settled'), 2_000);
  await assert.rejects(guarded());
  clearTimeout(deadline);
}

async function limits(create) {
  const releases = [];
  const guarded = create(() => new Promise((resolve) => releases.push(resolve)), settings);
  const calls = Array.from({ length: settings.concurrent + 1 }, () => guarded());
  const outcomes = Promise.allSettled(calls);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(releases.length, settings.concurrent, 'permits are limited');
  while (releases.length > 0) {
    releases.pop()(42);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await outcomes;
}
