import { afterEach, describe, expect, it, vi } from 'vitest';
import * as errors from './errors.js';
import {
  BulkheadFullError,
  captureStacks,
  ChaosError,
  CircuitOpenError,
  HoldfastError,
  RateLimitedError,
  RejectionError,
  RetryBudgetExhaustedError,
  TimeoutError,
  withoutStack,
} from './errors.js';

const policy = 'inventory';
const down = new Error('down');

/** One of each, made by a copy of the module. */
const samples = (of: typeof errors): [string, HoldfastError][] => [
  ['HoldfastError', new of.HoldfastError('HOLDFAST_X', 'x', { policy })],
  ['RejectionError', new of.RejectionError('HOLDFAST_Y', 'y', { policy })],
  ['TimeoutError', new of.TimeoutError({ policy, duration: 5 })],
  ['CircuitOpenError', new of.CircuitOpenError({ policy, state: 'open', retryAfter: 5, cause: down })],
  ['BulkheadFullError', new of.BulkheadFullError({ policy, reason: 'full' })],
  ['RateLimitedError', new of.RateLimitedError({ policy, retryAfter: 5 })],
  ['RetryBudgetExhaustedError', new of.RetryBudgetExhaustedError({ policy, cause: down })],
  ['ChaosError', new of.ChaosError({ policy })],
];
const types = {
  HoldfastError,
  RejectionError,
  TimeoutError,
  CircuitOpenError,
  BulkheadFullError,
  RateLimitedError,
  RetryBudgetExhaustedError,
  ChaosError,
};
const rejections = ['CircuitOpenError', 'BulkheadFullError', 'RateLimitedError', 'RetryBudgetExhaustedError'];

/** What `name` is an instance of. */
const familyOf = (name: string): string[] => [
  'HoldfastError',
  ...(rejections.includes(name) ? ['RejectionError'] : []),
  ...(name === 'HoldfastError' ? [] : [name]),
];

afterEach(() => {
  captureStacks(false);
  vi.resetModules();
});

describe('an error of ours', () => {
  it('has a stable code, the name of the policy, and says why', () => {
    expect(samples(errors).map(([, error]) => [error.name, error.code, error.policy, error.message])).toEqual([
      ['HoldfastError', 'HOLDFAST_X', policy, 'x'],
      ['RejectionError', 'HOLDFAST_Y', policy, 'y'],
      ['TimeoutError', 'HOLDFAST_TIMEOUT', policy, 'inventory: timed out after 5 ms'],
      ['CircuitOpenError', 'HOLDFAST_CIRCUIT_OPEN', policy, 'inventory: the circuit is open'],
      ['BulkheadFullError', 'HOLDFAST_BULKHEAD_FULL', policy, 'inventory: full'],
      ['RateLimitedError', 'HOLDFAST_RATE_LIMITED', policy, 'inventory: the rate limit is used up for 5 ms'],
      ['RetryBudgetExhaustedError', 'HOLDFAST_RETRY_BUDGET', policy, 'inventory: the retry budget is used up'],
      ['ChaosError', 'HOLDFAST_CHAOS', policy, 'inventory: injected fault'],
    ]);
  });

  it('is an Error, and names what is underneath as its cause', () => {
    for (const [, error] of samples(errors)) expect(error).toBeInstanceOf(Error);
    expect(new CircuitOpenError({ policy, state: 'open', cause: down }).cause).toBe(down);
    expect(Object.hasOwn(new TimeoutError({ policy, duration: 5 }), 'cause')).toBe(false);
  });

  it('says when to come back where it is a refusal and that is known', () => {
    expect(new CircuitOpenError({ policy, state: 'open', retryAfter: 7 }).retryAfter).toBe(7);
    expect(new BulkheadFullError({ policy, reason: 'full' }).retryAfter).toBeUndefined();
  });

  it.each(samples(errors))('%s is an instance of its family, and of nothing else', (name, error) => {
    const family = Object.entries(types).filter(([, type]) => error instanceof type);
    expect(family.map(([typeName]) => typeName).sort()).toEqual(familyOf(name).sort());
  });

  it('of another loaded copy of the package is an instance of the same family', async () => {
    vi.resetModules();
    const other = await import('./errors.js');
    expect(other.TimeoutError).not.toBe(TimeoutError);
    for (const [name, error] of samples(other)) {
      const family = Object.entries(types).filter(([, type]) => error instanceof type);
      expect(family.map(([typeName]) => typeName).sort()).toEqual(familyOf(name).sort());
    }
  });

  it('a class derived from ours has instances of its own', () => {
    class Slow extends TimeoutError {}
    const slow = new Slow({ policy, duration: 5 });
    expect(slow).toBeInstanceOf(Slow);
    expect(slow).toBeInstanceOf(TimeoutError);
    expect(new TimeoutError({ policy, duration: 5 })).not.toBeInstanceOf(Slow);
  });

  it.each([undefined, null, 5, 'text', {}, down, Symbol('s')])('%o is none', (value) => {
    for (const type of Object.values(types)) expect(value instanceof type).toBe(false);
  });
});

describe('the stack of a refusal', () => {
  it('is left out, and the limit of the process stays as it was', () => {
    const limit = Error.stackTraceLimit;
    const error = withoutStack(() => new TimeoutError({ policy, duration: 5 }));
    expect(error.stack).not.toContain('\n    at ');
    expect(error.stack).toContain('timed out after 5 ms');
    expect(Error.stackTraceLimit).toBe(limit);
    expect(new Error('mine').stack).toContain('\n    at ');
  });

  it('is there while stacks are wanted', () => {
    captureStacks(true);
    expect(withoutStack(() => new TimeoutError({ policy, duration: 5 })).stack).toContain('errors.test');
    captureStacks(false);
    expect(withoutStack(() => new TimeoutError({ policy, duration: 5 })).stack).not.toContain('errors.test');
  });

  it('the limit is put back although making the error throws', () => {
    const limit = Error.stackTraceLimit;
    expect(() =>
      withoutStack(() => {
        throw down;
      }),
    ).toThrow(down);
    expect(Error.stackTraceLimit).toBe(limit);
  });
});
