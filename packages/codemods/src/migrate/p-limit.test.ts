import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { calls as after } from '../../fixtures/migrate/p-limit/behaviour/after.js';
import { calls as before } from '../../fixtures/migrate/p-limit/behaviour/before.js';

type Task = (id: number) => unknown;

const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** What a task does with its number. */
const tasks: Record<string, Task> = {
  'tasks that take as long as each other': (id) => wait(100).then(() => id),
  'tasks of different lengths': (id) => wait([0, 300, 20, 50, 10, 70][id]!).then(() => id),
  'tasks that are done at once': (id) => Promise.resolve(id),
  'tasks without a promise': (id) => id,
  'tasks that throw': (id) => {
    throw new Error(`task ${String(id)}`);
  },
  'tasks of which some fail': async (id) => {
    await wait(id * 10);
    if (id % 2 === 0) throw new Error(`task ${String(id)}`);
    return id;
  },
  thenables: (id) => ({
    then: (resolve: (value: number) => void) => void setTimeout(resolve, 30, id),
  }),
};

/** Everything that can be seen: what happened in which order and when, how many ran at once, and how it ended. */
async function observe(
  call: (task: Task, steps: string[]) => Promise<unknown>,
  task: Task,
): Promise<{ steps: string[]; end: unknown }> {
  const steps: string[] = [];
  const begin = Date.now();
  const step = (text: string): void => void steps.push(`${text} at ${String(Date.now() - begin)}`);
  const end = call((...args) => {
    step(`start ${args.join()}`);
    return task(...args);
  }, steps).then(
    (value) => ({ value, at: Date.now() - begin }),
    (error: unknown) => ({ error, at: Date.now() - begin }),
  );
  steps.push('called');
  await vi.runAllTimersAsync();
  return { steps, end: await end };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Where tasks take no time, what they let begin comes between steps that have nothing to do with it. */
const isRace = (name: string, task: string): boolean =>
  name === 'newcomers while others wait' && ['tasks without a promise', 'tasks that throw'].includes(task);

describe.each(Object.keys(before))('%s', (name) => {
  it.each(Object.keys(tasks))('does the same before and after: %s', async (task) => {
    const was = await observe(before[name]!, tasks[task]!);
    const is = await observe(after[name]!, tasks[task]!);
    if (!isRace(name, task)) return expect(is).toEqual(was);
    const only = (steps: string[], word: string): string[] => steps.filter((step) => step.includes(word));
    expect(only(is.steps, 'start')).toEqual(only(was.steps, 'start'));
    expect(only(is.steps, 'settled')).toEqual(only(was.steps, 'settled'));
  });
});
