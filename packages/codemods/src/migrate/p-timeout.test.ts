import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project as MorphProject, ts } from 'ts-morph';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { calls as after } from '../../fixtures/migrate/p-timeout/behaviour/after.js';
import { calls as before } from '../../fixtures/migrate/p-timeout/behaviour/before.js';
import { analyzeFile, planMigration, projectOf, type Plan } from '../index.js';

type Send = () => Promise<string>;

/** How long an operation takes, and what comes of it. */
const courses: Record<string, { ms: number; error?: unknown; isSync?: boolean }> = {
  'a success at once': { ms: 0 },
  'a success in time': { ms: 99 },
  'a success for the longer ones': { ms: 240 },
  'a success too late': { ms: 5_000 },
  'a failure at once': { ms: 0, error: new Error('down') },
  'a failure in time': { ms: 60, error: new Error('down') },
  'a failure too late': { ms: 5_000, error: new Error('down') },
  'something thrown that is no error': { ms: 10, error: 'down' },
  'an error that is thrown at once': { ms: 0, error: new TypeError('x is not a function'), isSync: true },
};

/** Everything that can be seen of a call: when the operation began and ended, and how and when the call ended. */
async function observe(
  call: (send: Send, steps: string[]) => Promise<unknown>,
  { ms, error, isSync = false }: (typeof courses)[string],
): Promise<{ steps: unknown[]; end: { error?: unknown; value?: unknown; at: number } }> {
  const steps: string[] = [];
  const begin = Date.now();
  const now = (): number => Date.now() - begin;
  const send: Send = () => {
    steps.push(`called at ${String(now())}`);
    if (isSync) throw error;
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        steps.push(`done at ${String(now())}`);
        if (error === undefined) resolve('fine');
        else reject(error);
      };
      if (ms === 0) finish();
      else setTimeout(finish, ms);
    });
  };
  const end = call(send, steps).then(
    (value) => ({ value, at: now() }),
    (error: unknown) => ({ error, at: now() }),
  );
  await vi.runAllTimersAsync();
  return { steps, end: await end };
}

describe('a call', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  describe.each(Object.keys(before))('%s', (name) => {
    it.each(Object.keys(courses))('does the same before and after: %s', async (course) => {
      const was = await observe(before[name]!, courses[course]!);
      const is = await observe(after[name]!, courses[course]!);
      const timedOut = (was.end.error as Error | undefined)?.name === 'TimeoutError';
      if (timedOut) {
        // The classes differ, as the note of the change says; the name is the same.
        expect(is.end.error).toMatchObject({ name: 'TimeoutError', code: 'HOLDFAST_TIMEOUT' });
        expect(is).toEqual({ steps: was.steps, end: { error: expect.anything() as unknown, at: was.end.at } });
      } else {
        expect(is).toEqual(was);
        expect(is.end.error).toBe(was.end.error);
      }
    });
  });
});

describe('a plan', () => {
  const place = fileURLToPath(new URL('../../fixtures/migrate/p-timeout', import.meta.url));
  const text =
    "import pTimeout from 'p-timeout';\nexport const call = () => pTimeout(fetch('https://users.example'), { milliseconds: 100 });\n";

  function planOf(others: Readonly<Record<string, string>> = {}, source = text, folder = place): Plan {
    const project = new MorphProject({
      compilerOptions: { module: ts.ModuleKind.NodeNext, lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'], types: [] },
    });
    const file = join(folder, 'calls.mts');
    project.createSourceFile(file, source);
    for (const [name, other] of Object.entries(others)) project.createSourceFile(join(folder, name), other);
    return planMigration(analyzeFile(projectOf(project.getProgram().compilerObject), file), 'p-timeout');
  }
  const reasons = (plan: Plan): string[] => plan.skips.map(({ reason }) => reason);

  it('says that the error is another one', () => {
    expect(planOf().notes).toMatchObject([{ code: 'error-type', call: { line: 2, text: 'pTimeout' } }]);
  });

  it.each([
    "import { TimeoutError } from 'p-timeout';\nexport const isLate = (error: unknown) => error instanceof TimeoutError;\n",
    "import * as all from 'p-timeout';\nexport const isLate = (error: unknown) => error instanceof all.TimeoutError;\n",
    "export { TimeoutError } from 'p-timeout';\n",
    "export const { TimeoutError } = await import('p-timeout');\n",
  ])('leaves calls alone whose error may be told by its class in another file', (other) => {
    expect(planOf({ 'other.mts': 'export {};\n' }).skips).toEqual([]);
    expect(reasons(planOf({ 'other.mts': other }))).toEqual(['timeout-error']);
  });

  it('leaves calls alone whose options are those of an older version', () => {
    expect(reasons(planOf({}, text.replace('{ milliseconds: 100 }', "100, 'late'")))).toEqual(['version']);
    expect(reasons(planOf({}, text, '/nowhere'))).toEqual(['version']);
  });
});
