import { describe, expect, it, vi } from 'vitest';
import type { OperationContext } from './engine/operation-context.js';
import { assertPolicies, isPolicy, type Policy } from './policy.js';
import { pipeline } from './pipeline.js';
import { bulkhead } from './policies/bulkhead.js';
import { circuitBreaker } from './policies/circuit-breaker.js';
import { fallback } from './policies/fallback.js';
import { hedge } from './policies/hedge.js';
import { rateLimit } from './policies/rate-limit.js';
import { retry } from './policies/retry.js';
import { timeout } from './policies/timeout.js';

const down = new Error('down');
const policies: [string, Policy][] = [
  ['bulkhead', bulkhead(9)],
  ['circuit-breaker', circuitBreaker()],
  ['fallback', fallback({ value: 'instead', fallbackIf: () => false })],
  ['hedge', hedge(1000)],
  ['rate-limit', rateLimit(1000)],
  ['retry', retry({ maxAttempts: 1 })],
  ['timeout', timeout(1000)],
  ['pipeline', pipeline(retry(1), bulkhead(9))],
];

describe.each(policies)('a %s', (kind, policy) => {
  it('says what it is', () => {
    expect(policy.kind).toBe(kind);
    expect(isPolicy(policy)).toBe(true);
  });

  it('hands the result through, and the error untouched', async () => {
    const value = {};
    expect(await policy.execute(() => value)).toBe(value);
    await expect(policy.execute(() => Promise.reject(down))).rejects.toBe(down);
  });

  it('gives the operation its context and nothing else', async () => {
    const operation = vi.fn((..._: unknown[]) => 'value');
    await policy.execute(operation);
    expect(operation.mock.calls[0]).toHaveLength(1);
    const [context] = operation.mock.calls[0] as unknown as [OperationContext];
    expect(context.attempt).toBe(1);
    expect(context.signal).toBeInstanceOf(AbortSignal);
    expect(context.remainingTime()).toBeGreaterThan(0);
    expect(context.idempotencyKey).toBeUndefined();
  });

  it('gives each call a signal of its own, and the same one however often it is read', async () => {
    const signals: AbortSignal[] = [];
    const operation = (context: OperationContext): void => void signals.push(context.signal, context.signal);
    await policy.execute(operation);
    await policy.execute(operation);
    expect(signals[0]).toBe(signals[1]);
    expect(signals[2]).not.toBe(signals[0]);
  });

  it('can be used detached from its object', async () => {
    const { execute } = policy;
    await expect(execute(() => 'value')).resolves.toBe('value');
  });

  it.each([[{ signal: undefined }], [{ signal: null as never }], [null as never], [{}]])(
    'takes options of %o for none',
    async (options) => {
      await expect(policy.execute(() => 'value', options)).resolves.toBe('value');
    },
  );

  it('returns a promise of this realm, whatever thenable the operation returns', async () => {
    const call = policy.execute(() => ({ then: (resolve: (value: string) => void) => resolve('row') }) as never);
    expect(call).toBeInstanceOf(Promise);
    await expect(call).resolves.toBe('row');
  });

  it('a thenable whose `then` cannot be read rejects', async () => {
    const hostile = Object.defineProperty({}, 'then', {
      get() {
        throw down;
      },
    });
    await expect(policy.execute(() => hostile)).rejects.toBe(down);
  });
});

describe('what is a policy', () => {
  it.each([undefined, null, 5, 'retry', {}, [], () => {}, { execute: true }])('%o is none', (value) => {
    expect(isPolicy(value)).toBe(false);
    expect(() => assertPolicies('owner', [value])).toThrow(TypeError);
  });

  it('whatever can execute is one', () => {
    expect(isPolicy({ execute() {} })).toBe(true);
  });
});

describe('a foreign policy', () => {
  const foreign = (execute: Policy['execute']): Policy => ({ kind: 'foreign', name: 'foreign', execute });

  it('may run the operation several times', async () => {
    const twice = foreign(async (operation) => {
      await operation({} as never);
      return operation({} as never);
    });
    const permits = bulkhead(1);
    let runs = 0;
    await expect(pipeline(twice, permits).execute(() => ++runs)).resolves.toBe(2);
    expect(permits.running).toBe(0);
  });

  it('may refuse, or answer by itself', async () => {
    const operation = vi.fn();
    const refuses = foreign(() => Promise.reject(down));
    await expect(pipeline(retry(1), refuses).execute(operation)).rejects.toBe(down);
    const answers = foreign(() => Promise.resolve('cached' as never));
    await expect(pipeline(answers, retry(1)).execute(operation)).resolves.toBe('cached');
    expect(operation).not.toHaveBeenCalled();
  });

  it('may forget the context: the signal around it reaches the operation', async () => {
    const forgets = foreign((operation) => Promise.resolve((operation as () => never)()));
    const controller = new AbortController();
    let signal!: AbortSignal;
    const call = pipeline(bulkhead(1), forgets, bulkhead(1)).execute(
      (context) => {
        ({ signal } = context);
        return new Promise(() => {});
      },
      { signal: controller.signal },
    );
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    expect(signal.aborted).toBe(true);
  });

  it('that returns no promise is taken at its word', async () => {
    const sync = foreign((() => 'value') as never);
    await expect(pipeline(sync, bulkhead(1)).execute(() => 'never')).resolves.toBe('value');
  });
});
