import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { calls as after } from '../../fixtures/migrate/async-retry/behaviour/after.js';
import { calls as before } from '../../fixtures/migrate/async-retry/behaviour/before.js';

type Send = (attempt?: number) => Promise<string>;

/** What the operation does, attempt after attempt; the last one for ever. An error is thrown, a string is the result. */
const courses: Record<string, readonly (Error | string)[]> = {
  'a success': ['fine'],
  'a success later': [new Error('busy'), 'fine'],
  'a success much later': [new Error('busy'), new Error('gone'), new Error('busy'), 'fine'],
  'an endless failure': [new Error('busy')],
  'the same message again': [new Error('busy'), new Error('busy')],
  'different failures': [new Error('busy'), new Error('gone'), new Error('busy'), new Error('other')],
  'a bug': [new TypeError('x is not a function')],
  'an error that ends the retries': [new Error('busy'), Object.assign(new Error('enough'), { bail: true }), 'fine'],
  'an error that ends them at once': [Object.assign(new Error('enough'), { bail: true })],
  'a refused request': [Object.assign(new Error('busy'), { status: 404 })],
  'a Retry-After': [Object.assign(new Error('busy'), { response: { headers: { 'retry-after': '120' } } })],
};

/** Everything that can be seen of a call: when each attempt began and with what, and how and when it ended. */
async function observe(
  call: (send: Send) => Promise<string>,
  course: readonly (Error | string)[],
  isSync: boolean,
): Promise<unknown> {
  const attempts: unknown[] = [];
  const begin = Date.now();
  const send: Send = (attempt) => {
    const outcome = course[Math.min(attempts.length, course.length - 1)]!;
    attempts.push({ at: Date.now() - begin, attempt });
    if (!(outcome instanceof Error)) return Promise.resolve(outcome);
    if (isSync) throw outcome;
    return Promise.reject(outcome);
  };
  const end = call(send).then(
    (value) => ({ value, at: Date.now() - begin }),
    (error: unknown) => ({ error, at: Date.now() - begin }),
  );
  await vi.runAllTimersAsync();
  return { attempts, end: await end };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe.each([0, 0.37, 0.999])('with chance at %d', (chance) => {
  beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(chance));

  describe.each(Object.keys(before))('%s', (name) => {
    describe.each(['later', 'at once'])('the operation fails %s', (when) => {
      it.each(Object.keys(courses))('does the same before and after: %s', async (course) => {
        const isSync = when === 'at once';
        const expected = await observe(before[name]!, courses[course]!, isSync);
        const actual = await observe(after[name]!, courses[course]!, isSync);
        expect(actual).toEqual(expected);
        const { end: was } = expected as { end: { error?: unknown } };
        const { end: is } = actual as { end: { error?: unknown } };
        expect(is.error).toBe(was.error);
      });
    });
  });
});
