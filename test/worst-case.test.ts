import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { createAnalyzer, serviceMap, type Bound } from '@holdfast/analysis';
import * as runtime from '@holdfast/runtime';
import { ManualClock } from '@holdfast/runtime/testing';

/** One policy as code says it: the factory and its options. */
interface Written {
  readonly factory: 'retry' | 'timeout' | 'hedge' | 'bulkhead' | 'rateLimit' | 'circuitBreaker' | 'fallback' | 'cached';
  readonly options: Readonly<Record<string, unknown>>;
}

const ms = (least: number, most: number): fc.Arbitrary<number> => fc.integer({ min: least, max: most });
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const retry = fc.record({
  maxAttempts: optional(ms(1, 5)),
  baseDelay: optional(ms(0, 2_000)),
  maxDelay: optional(ms(2_000, 5_000)),
  backoff: optional(fc.constantFrom('exponential', 'linear', 'constant', 'fibonacci')),
  backoffMultiplier: optional(ms(1, 4)),
  jitter: optional(fc.constantFrom(true, false, 'full', 'equal', 'decorrelated')),
  maxElapsed: optional(ms(1, 4_000)),
});
const policy: fc.Arbitrary<Written> = fc.oneof(
  { weight: 3, arbitrary: retry.map((options) => ({ factory: 'retry' as const, options })) },
  { weight: 3, arbitrary: ms(1, 5_000).map((duration) => ({ factory: 'timeout' as const, options: { duration } })) },
  fc
    .record({ delay: ms(0, 2_000), maxAttempts: optional(ms(2, 4)) })
    .map((options) => ({ factory: 'hedge' as const, options })),
  fc
    .record({ maxConcurrent: ms(1, 2), maxQueue: optional(ms(0, 2)), queueTimeout: ms(1, 2_000) })
    .map((options) => ({ factory: 'bulkhead' as const, options })),
  fc
    .record({ limit: ms(1, 2), maxWait: optional(ms(0, 2_000)) })
    .map((options) => ({ factory: 'rateLimit' as const, options })),
  fc.constant({ factory: 'circuitBreaker' as const, options: {} }),
  fc.constant({ factory: 'fallback' as const, options: { value: 0 } }),
  fc.constant({ factory: 'cached' as const, options: { ttl: 10 } }),
);

/** What one attempt does: it fails after a time, or goes on until its own limit ends it. */
const attempt = fc.record({ fails: optional(ms(0, 1_000)), asks: optional(ms(0, 6)) });

interface Judged {
  readonly worstCase?: Bound;
  readonly worstCaseIfAsked?: Bound;
  readonly amplification?: Bound;
}

/** What the analysis says about a function under these policies whose only call takes at most `limit` ms. */
function judged(policies: readonly Written[], limit: number | undefined): Judged {
  const defined = policies.map(({ factory, options }) => `${factory}(${JSON.stringify(options)})`);
  const init = limit === undefined ? '' : `, { signal: AbortSignal.timeout(${String(limit)}) }`;
  const text = `import { guard, ${[...new Set(policies.map(({ factory }) => factory))].join(', ')} } from '@holdfast/runtime';
    const send = () => fetch('https://a.internal'${init});
    export const call = guard(send, ${defined.join(', ')});`;
  const file = '/app/call.ts';
  const host = {
    ...ts.createCompilerHost({}),
    fileExists: (name: string) => name === file,
    readFile: () => text,
    getSourceFile: (name: string) =>
      name === file ? ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) : undefined,
  };
  const program = ts.createProgram([file], { noLib: true, types: [] }, host);
  const { edges } = serviceMap([createAnalyzer({ ts, program }).callGraph([file], (name) => name)]);
  return edges.find(({ from }) => from.endsWith('#call'))!;
}

function made(policies: readonly Written[], clock: ManualClock): runtime.Policy[] {
  return policies.map(({ factory, options }) => {
    const given = { ...JSON.parse(JSON.stringify(options)), ...(factory === 'fallback' ? {} : { clock }) };
    // The longest delays that jitter can make.
    if (factory === 'retry') given.random = () => 1 - Number.EPSILON;
    return (runtime[factory] as (options: unknown) => runtime.Policy)(given);
  });
}

describe('the worst case that the analysis tells', () => {
  it('is never less than what the runtime takes, and attempts are never more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(policy, { minLength: 1, maxLength: 4 }),
        optional(ms(1, 1_000)),
        fc.array(attempt, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        async (policies, limit, attempts, isCrowded) => {
          const { worstCase, worstCaseIfAsked, amplification } = judged(policies, limit);
          const isAsked = attempts.some(({ asks }) => asks !== undefined);
          const bound = isAsked ? (worstCaseIfAsked ?? worstCase) : worstCase;
          const clock = new ManualClock();
          let calls = 0;
          const send = async (): Promise<never> => {
            const { fails, asks } = attempts[calls++ % attempts.length]!;
            const time = Math.min(fails ?? Infinity, limit ?? Infinity);
            if (time === Infinity) return new Promise(() => undefined);
            await new Promise<void>((resolve) => void clock.setTimer(resolve, time));
            const headers = asks === undefined ? {} : { headers: { 'retry-after': String(asks) } };
            throw Object.assign(new Error('no'), headers);
          };
          const stack = made(policies, clock);
          if (isCrowded) {
            // Others are there already.
            for (const { kind, execute } of stack) {
              if (kind === 'bulkhead' || kind === 'rate-limit') {
                const other = new Promise<void>((resolve) => void clock.setTimer(resolve, 100_000));
                void execute(() => other).catch(() => undefined);
              }
            }
          }
          let isOver = false;
          const over = (): void => void (isOver = true);
          runtime
            .guard(send, ...stack)()
            .then(over, over);
          await clock.advance(typeof bound === 'number' ? bound : 20_000);
          if (typeof bound === 'number') expect(isOver).toBe(true);
          if (typeof amplification === 'number') expect(calls).toBeLessThanOrEqual(amplification);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is reached by an operation that always hangs', async () => {
    const policies: Written[] = [
      { factory: 'retry', options: { maxAttempts: 3, jitter: false } },
      { factory: 'timeout', options: { duration: 500 } },
    ];
    const { worstCase } = judged(policies, undefined);
    const clock = new ManualClock();
    let isOver = false;
    const over = (): void => void (isOver = true);
    runtime
      .guard(() => new Promise(() => undefined), ...made(policies, clock))()
      .then(over, over);
    await clock.advance(Number(worstCase) - 1);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(isOver).toBe(true);
  });
});
