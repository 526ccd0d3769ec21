import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { breakers as after } from '../../fixtures/migrate/opossum/behaviour/after.js';
import { breakers as before } from '../../fixtures/migrate/opossum/behaviour/before.js';

type Load = (id: number) => Promise<number>;

/** One call: how long after the one before it is made, and what the function then does for how long. */
interface Step {
  readonly after: number;
  readonly takes: number;
  readonly outcome: 'fine' | 'failure' | 'bug' | 'not found' | 'thrown';
}

const names: Readonly<Record<string, string>> = {
  EOPENBREAKER: 'open',
  HOLDFAST_CIRCUIT_OPEN: 'open',
  ETIMEDOUT: 'time is up',
  HOLDFAST_TIMEOUT: 'time is up',
  ESEMLOCKED: 'full',
  HOLDFAST_BULKHEAD_FULL: 'full',
};

function fail(outcome: Step['outcome']): Error {
  if (outcome === 'bug') return new TypeError('x is not a function');
  if (outcome === 'not found') return Object.assign(new Error('nobody'), { status: 404 });
  return Object.assign(new Error('busy'), { response: { headers: { 'retry-after': '120' } } });
}

/** Everything that can be seen: when the function was called and with what, and when and how each call ended. */
async function observe(make: (load: Load) => Load, steps: readonly Step[]): Promise<string[]> {
  const begin = Date.now();
  const seen: string[] = [];
  const see = (text: string): void => void seen.push(`${text} at ${String(Date.now() - begin)}`);
  const call = make((id) => {
    see(`${String(id)} begins`);
    const { takes, outcome } = steps[id]!;
    if (outcome === 'thrown') throw fail(outcome);
    return new Promise((resolve, reject) => {
      setTimeout(() => (outcome === 'fine' ? resolve(id) : reject(fail(outcome))), takes);
    });
  });
  const calls: Promise<void>[] = [];
  for (const [id, step] of steps.entries()) {
    await vi.advanceTimersByTimeAsync(step.after);
    calls.push(
      call(id).then(
        (value) => see(`${String(id)} gives ${String(value)}`),
        (error: Error & { code?: string }) =>
          see(`${String(id)} fails: ${names[error.code ?? ''] ?? `${error.name} ${error.message}`}`),
      ),
    );
    await vi.advanceTimersByTimeAsync(0);
  }
  await vi.advanceTimersByTimeAsync(12_000);
  await Promise.all(calls);
  // opossum turns its window for ever.
  vi.clearAllTimers();
  return seen.sort();
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const step = fc.record({
  after: fc.oneof(fc.constant(0), fc.constantFrom(1, 10, 99, 201, 399, 401), fc.integer({ min: 0, max: 1000 })),
  // Never as long as a timeout: at one moment, either may be the first.
  takes: fc.oneof(
    fc.constantFrom(1, 99, 101, 199, 249, 299, 301),
    fc.integer({ min: 0, max: 80 }).map((n) => n * 10 + 3),
  ),
  outcome: fc.constantFrom<Step['outcome']>('fine', 'fine', 'failure', 'bug', 'not found', 'thrown'),
});

describe.each(Object.keys(before))('%s', (name) => {
  it('does the same before and after, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        expect(await observe(after[name]!, steps)).toEqual(await observe(before[name]!, steps));
      }),
      { numRuns: 100 },
    );
  });

  it('opens at the first failure, and closes again with a probe', async () => {
    const course: readonly Step[] = [
      { after: 0, takes: 1, outcome: 'fine' },
      { after: 10, takes: 1, outcome: 'failure' },
      { after: 10, takes: 1, outcome: 'fine' },
      { after: 40_000, takes: 1, outcome: 'fine' },
      { after: 10, takes: 1, outcome: 'fine' },
    ];
    const seen = await observe(after[name]!, course);
    expect(seen).toEqual(await observe(before[name]!, course));
    expect(seen.filter((text) => text.includes('begins')).map((text) => text[0])).toEqual(['0', '1', '3', '4']);
  });
});
