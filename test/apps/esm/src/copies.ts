import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as imported from '@holdfast/runtime';
import { currentSignal } from '@holdfast/runtime/context';

type Runtime = typeof imported;
const require = createRequire(import.meta.url);

const required = require('@holdfast/runtime') as Runtime;
assert.equal(required.TimeoutError, imported.TimeoutError);
assert.equal(required.timeout, imported.timeout);
console.log('import and require give the same classes');

const entry = new URL('../cjs/index.js', import.meta.resolve('@holdfast/runtime'));
const second = require(entry.pathname) as Runtime;
assert.notEqual(second.TimeoutError, imported.TimeoutError);
const facts = { policy: 'prices', duration: 5 };
assert.ok(new second.TimeoutError(facts) instanceof imported.TimeoutError);
assert.ok(new second.TimeoutError(facts) instanceof imported.HoldfastError);
assert.ok(new imported.TimeoutError(facts) instanceof second.HoldfastError);
assert.ok(!(new second.ChaosError(facts) instanceof imported.TimeoutError));
assert.ok(new second.BulkheadFullError({ policy: 'prices', reason: 'full' }) instanceof imported.RejectionError);
console.log('instanceof holds across two copies');

let calls = 0;
const refused = second.guard(
  async () => {
    calls++;
    throw new imported.CircuitOpenError({ policy: 'prices', state: 'open' });
  },
  imported.retry({ baseDelay: 0 }),
);
await assert.rejects(refused(), { code: 'HOLDFAST_CIRCUIT_OPEN' });
assert.equal(calls, 1);
console.log('a refusal of one copy is known by the other');

const seen = await second.guard(async () => currentSignal(), second.timeout(5_000))();
assert.equal(seen.aborted, false);
// A timeout alone is no reason for a process to live on; the work would be.
const work = setInterval(() => {}, 1_000);
const late: AbortSignal[] = [];
const slow = second.guard(async () => {
  late.push(currentSignal());
  return new Promise<never>(() => {});
}, second.timeout(5));
await assert.rejects(slow(), imported.TimeoutError);
assert.ok(late[0]?.reason instanceof imported.TimeoutError);
clearInterval(work);
console.log('the context of one serves the other');
