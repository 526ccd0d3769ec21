import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { Project as MorphProject, ts } from 'ts-morph';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { calls as after } from '../../fixtures/migrate/cockatiel/behaviour/after.js';
import { calls as before } from '../../fixtures/migrate/cockatiel/behaviour/before.js';
import { guarded as refusing } from '../../fixtures/migrate/cockatiel/half-open/after.js';
import { guarded as holding } from '../../fixtures/migrate/cockatiel/half-open/before.js';
import { analyzeFile, planMigration, projectOf, verify, editedText, type Plan } from '../index.js';

type Calls = typeof before;
type World = Parameters<Calls[string]>[0];

class Busy extends Error {
  readonly after = 5;
}

/** What comes of each call, one after the other, the last for ever: an error is thrown, a string is the result, a number takes so long. */
const courses: Record<string, readonly (Error | string | number)[]> = {
  successes: ['fine'],
  'a success later': [new Error('busy'), new Error('gone'), 'fine'],
  'an endless failure': [new Error('busy')],
  'different failures': [new Error('busy'), new Error('gone'), new Busy('busy'), new RangeError('other')],
  bugs: [new TypeError('x is not a function'), new RangeError('busy')],
  'refused requests': [Object.assign(new Error('busy'), { status: 404 })],
  'a Retry-After': [
    Object.assign(new Error('busy'), { response: { headers: { 'retry-after': '120' } } }),
    Object.assign(new Error('busy'), { headers: { 'retry-after': '1' } }),
    'fine',
  ],
  'results that are none': ['empty', new Error('busy'), 'half', 'empty', 'fine'],
  'slow answers': [60, 99, 150, 60, 'fine'],
  'an answer that never comes in time': [5_000],
  'a failure now and then': ['fine', new Error('busy'), new Error('busy'), 'fine', new Error('gone'), 'empty'],
  'failures of which one is late': [new Error('busy'), 300, new Error('busy')],
};

/** The errors of the libraries themselves, by what they say: the note of the change tells people that they are other ones. */
const own: readonly [RegExp, string][] = [
  [/^Operation timed out after|: timed out after/, 'timed out'],
  [/^Execution prevented because|: the circuit is (?:half-)?open/, 'refused by the circuit'],
  [/^Bulkhead capacity exceeded|: all \d+ permits/, 'refused by the bulkhead'],
];
const toldBy = (error: unknown): unknown =>
  own.find(([pattern]) => error instanceof Error && pattern.test(error.message))?.[1] ?? error;

/** Everything that can be seen: when each call began and with what, how and when those ended that are noted, and the whole. */
async function observe(run: Calls[string], course: readonly (Error | string | number)[], chances: readonly number[]) {
  const steps: { step: unknown; at: number }[] = [];
  const begin = Date.now();
  const note = (step: unknown): void => void steps.push({ step, at: Date.now() - begin });
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
  let sent = 0;
  vi.spyOn(Math, 'random').mockImplementation(() => chances[sent % chances.length]!);
  const world: World = {
    wait,
    async send(what) {
      const outcome = course[Math.min(sent++, course.length - 1)]!;
      note(['send', what]);
      if (outcome instanceof Error) throw outcome;
      if (typeof outcome === 'string') return outcome;
      await wait(outcome);
      return 'fine';
    },
    settled: (call) =>
      call.then(
        (value) => note(['gave', value]),
        (error: unknown) => note(['threw', toldBy(error)]),
      ),
  };
  await Promise.all([world.settled(run(world)), vi.runAllTimersAsync()]);
  return steps;
}

/** Timers of Node cut fractions off, and none is shorter than 1 ms; those of the test runner are. */
function asNodeDoes(): void {
  const fake = globalThis.setTimeout;
  globalThis.setTimeout = ((callback: () => void, ms = 1) =>
    fake(callback, ms >= 1 ? Math.trunc(ms) : 1)) as typeof setTimeout;
}

/** What happens at one moment to calls that have nothing to do with each other has no order. */
function inOrder(steps: Awaited<ReturnType<typeof observe>>, name: string): unknown {
  const sent = steps.filter(({ step }) => (step as unknown[])[0] === 'send');
  return name.startsWith('a bulkhead') ? { sent, all: steps.map((step) => inspect(step)).sort() } : steps;
}

describe('a policy', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    asNodeDoes();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  describe.each([[[0]], [[0.37]], [[0.999]], [[0.9, 0.1, 0.5, 0.02, 0.7]]])('with chances %j', (chances) => {
    describe.each(Object.keys(before))('%s', (name) => {
      it.each(Object.keys(courses))('does the same before and after: %s', async (course) => {
        const was = await observe(before[name]!, courses[course]!, chances);
        const is = await observe(after[name]!, courses[course]!, chances);
        if (!name.startsWith('decorrelated')) return expect(inOrder(is, name)).toEqual(inOrder(was, name));
        // Such delays are fractions, of which Holdfast waits out the last.
        expect(is.map(({ step }) => step)).toEqual(was.map(({ step }) => step));
        const late = is.map(({ at }, index) => at - was[index]!.at);
        expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...late)).toBeLessThanOrEqual(is.length);
      });
    });
  });

  // The one difference that the note of the change is about.
  it.each([
    ['cockatiel holds', holding, ['fine', 'fine', 'fine'], 3],
    ['Holdfast refuses', refusing, ['fine', 'refused by the circuit', 'refused by the circuit'], 1],
  ])('%s what comes while a half-open breaker tries one call', async (_, guarded, outcomes, calls) => {
    await expect(guarded(() => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
    await vi.advanceTimersByTimeAsync(100);
    const send = vi.fn(() => new Promise<string>((resolve) => void setTimeout(() => resolve('fine'), 10)));
    const all = Promise.all([1, 2, 3].map(() => guarded(send).catch(toldBy)));
    await vi.runAllTimersAsync();
    expect(await all).toEqual(outcomes);
    expect(send).toHaveBeenCalledTimes(calls);
  });
});

describe('a plan', () => {
  const place = fileURLToPath(new URL('../../fixtures/migrate/cockatiel', import.meta.url));
  const address = "'https://users.example'";
  const again = `import { handleAll, retry } from 'cockatiel';
const again = retry(handleAll, { maxAttempts: 2 });
export const load = () => again.execute(() => fetch(${address}));
`;
  const breaker = `import { circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';
const breaker = circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) });
export const load = () => breaker.execute(() => fetch(${address}));
`;
  const late = `import { timeout, TimeoutStrategy } from 'cockatiel';
const late = timeout(100, TimeoutStrategy.Aggressive);
export const load = () => late.execute(({ signal }) => fetch(${address}, { signal }));
`;

  /** The plan for a file among others, which type-checks as well as before. */
  function planOf(source: string, other = 'export {};', folder = place): Plan {
    const project = new MorphProject({
      compilerOptions: {
        module: ts.ModuleKind.NodeNext,
        lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
        types: [],
        strict: true,
      },
    });
    const file = join(folder, 'calls.mts');
    project.createSourceFile(file, source);
    project.createSourceFile(join(folder, 'other.mts'), other);
    const own = projectOf(project.getProgram().compilerObject);
    const [verdict] = verify(own.program, [planMigration(analyzeFile(own, file), 'cockatiel')]);
    expect(verdict!.newErrors).toEqual([]);
    return verdict!.plan;
  }
  const reasons = (plan: Plan): string[] => plan.skips.map(({ reason }) => reason);

  it('is the same for a namespace', () => {
    const source = `import * as cockatiel from 'cockatiel';
const late = cockatiel.timeout(100, cockatiel.TimeoutStrategy.Aggressive);
const again = cockatiel.retry(cockatiel.handleAll, { maxAttempts: 1, backoff: new cockatiel.ConstantBackoff(9) });
export const load = () => cockatiel.wrap(again, late).execute(() => fetch(${address}));
`;
    expect(editedText(planOf(source))).toBe(`import { pipeline, retry, timeout } from '@holdfast/runtime';
const late = timeout(100);
const again = retry({ maxAttempts: 2, delay: () => 9, retryIf: () => true });
export const load = () => pipeline(again, late).execute(() => fetch(${address}));
`);
  });

  it('gives a policy another name where that of the library is still needed, or means something else', () => {
    expect(editedText(planOf(`${again}export const open = retry(handleAll, {});\n`))).toContain(
      'const again = holdfastRetry({',
    );
    expect(editedText(planOf(`${again}export const log = (retry: number) => retry;\n`))).toContain(
      'const again = holdfastRetry({',
    );
    expect(editedText(planOf(`${again}export const log = { retry: 1 };\n`))).toContain('const again = retry({');
  });

  it('says what is not the same', () => {
    const codes = (source: string): string[] => planOf(source).notes.map(({ code }) => code);
    expect(codes(again)).toEqual([]);
    expect(codes(late)).toEqual(['error-type']);
    expect(codes(breaker)).toEqual(['error-type', 'half-open']);
  });

  it.each([
    "import { isBrokenCircuitError } from 'cockatiel';\nexport const isOpen = isBrokenCircuitError;\n",
    "export { TaskCancelledError } from 'cockatiel';\n",
    'export const isFull = (error: object) => `isBulkheadRejectedError` in error;\n',
  ])('leaves what throws errors of its own alone where a file of the program knows them: %s', (other) => {
    expect(reasons(planOf(breaker, other))).toEqual(['error-class']);
    expect(reasons(planOf(late, other))).toEqual(['error-class']);
    expect(reasons(planOf(again, other))).toEqual([]);
  });

  it('leaves a timeout alone whose signal ends with an error that a file of the program knows', () => {
    const other = "export const isAborted = (error: Error) => error.name === 'AbortError';\n";
    expect(reasons(planOf(late, other))).toEqual(['error-class']);
    expect(reasons(planOf(late.replace('({ signal })', '()').replace(', { signal }', ''), other))).toEqual([]);
  });

  describe('for another version', () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-cockatiel-'));
    const types = fileURLToPath(new URL('../../node_modules/cockatiel/dist/index.js', import.meta.url));
    const runtime = fileURLToPath(new URL('../../../runtime', import.meta.url));
    afterAll(() => rmSync(folder, { recursive: true }));

    it.each([
      ['2.0.1', ['version']],
      ['3.0.0', []],
      ['4.0.0', []],
      ['5.0.0', ['version']],
    ])('%s', (version, expected) => {
      const home = join(folder, version);
      const installed = join(home, 'node_modules/cockatiel');
      mkdirSync(installed, { recursive: true });
      writeFileSync(join(installed, 'package.json'), JSON.stringify({ version, types: 'index.d.ts' }));
      writeFileSync(join(installed, 'index.d.ts'), `export * from ${JSON.stringify(types)};\n`);
      mkdirSync(join(home, 'node_modules/@holdfast'));
      symlinkSync(runtime, join(home, 'node_modules/@holdfast/runtime'));
      expect(reasons(planOf(again, undefined, home))).toEqual(expected);
    });

    it('or none', () => {
      expect(reasons(planOf(again, undefined, join(folder, 'none')))).toEqual(['version']);
    });
  });
});
