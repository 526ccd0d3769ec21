import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { calls as after } from '../../fixtures/migrate/handwritten/behaviour/after.js';
import { calls as before } from '../../fixtures/migrate/handwritten/behaviour/before.js';

// Fake timers do not reach `node:timers/promises`.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

type Send = () => Promise<string>;
interface Outcome {
  /** An error is thrown, anything else is the result. */
  readonly is: unknown;
  readonly after?: number;
}

/** What the operation does, attempt after attempt; the last one for ever. */
const courses: Record<string, readonly Outcome[]> = {
  'a success': [{ is: 'fine' }],
  'a slow success': [{ is: 'fine', after: 45 }],
  'a success that comes too late': [{ is: 'fine', after: 500 }],
  'a success later': [{ is: new Error('busy') }, { is: new Error('gone') }, { is: 'fine' }],
  'an endless failure': [{ is: new Error('busy') }],
  'a failure that comes too late': [{ is: new Error('busy'), after: 500 }],
  'different failures': [{ is: new Error('busy') }, { is: new Error('gone') }, { is: new Error('busy') }],
  'a bug': [{ is: new TypeError('x is not a function') }],
  'a bug later': [{ is: new Error('busy') }, { is: new TypeError('x is not a function') }],
  'a final bug': [{ is: new TypeError('x is not a function') }, { is: new TypeError('final') }],
  'a refused request': [{ is: Object.assign(new Error('busy'), { status: 404 }) }],
  'a Retry-After': [{ is: Object.assign(new Error('busy'), { response: { headers: { 'retry-after': '120' } } }) }],
};

/** Everything that can be seen of a call: when each attempt began, and how and when it ended. */
async function observe(call: (send: Send) => Promise<unknown>, course: readonly Outcome[]): Promise<unknown> {
  const attempts: number[] = [];
  const begin = Date.now();
  const send: Send = async () => {
    const { is, after: ms } = course[Math.min(attempts.length, course.length - 1)]!;
    attempts.push(Date.now() - begin);
    if (ms !== undefined) await new Promise((resolve) => setTimeout(resolve, ms));
    if (is instanceof Error) throw is;
    return is as string;
  };
  const end = call(send).then(
    (value) => ({ value, at: Date.now() - begin }),
    (error: unknown) => ({ error, at: Date.now() - begin }),
  );
  await vi.runAllTimersAsync();
  return { attempts, end: await end };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe.each(Object.keys(before))('%s', (name) => {
  it.each(Object.keys(courses))('does the same before and after: %s', async (course) => {
    const expected = await observe(before[name]!, courses[course]!);
    const actual = await observe(after[name]!, courses[course]!);
    expect(actual).toEqual(expected);
    const { end: was } = expected as { end: { error?: unknown } };
    const { end: is } = actual as { end: { error?: unknown } };
    expect(is.error).toBe(was.error);
  });
});
