import { hasSubscribers, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from 'vitest';
import { channelOf, type HoldfastEvent } from './events.js';
import { guard } from './guard.js';
import { pipeline } from './pipeline.js';
import type { Policy } from './policy.js';
import { bulkhead } from './policies/bulkhead.js';
import { cached } from './policies/cached.js';
import { chaos } from './policies/chaos.js';
import { circuitBreaker } from './policies/circuit-breaker.js';
import { fallback } from './policies/fallback.js';
import { hedge } from './policies/hedge.js';
import { rateLimit } from './policies/rate-limit.js';
import { retry } from './policies/retry.js';
import { timeout } from './policies/timeout.js';
import { ManualClock } from './testing.js';

const down = new Error('down');
const failing = (): Promise<never> => Promise.reject(down);
const hanging = (): Promise<never> => new Promise(() => {});

/** For each kind of policy, a course of calls that makes it say all it can say. */
const courses: Record<string, { run(clock: ManualClock): Promise<unknown>; events: HoldfastEvent[] }> = {
  retry: {
    async run(clock) {
      const policy = retry({ maxAttempts: 2, baseDelay: 10, jitter: false, name: 'p', clock });
      const call = policy.execute(failing).catch(() => {});
      await clock.advance(10);
      await call;
      const onResult = retry({ maxAttempts: 2, baseDelay: 0, retryOnResult: () => true, name: 'p', clock });
      await onResult.execute(() => 503);
      const budget = { deposit() {}, withdraw: () => false };
      await retry({ budget, name: 'p', clock })
        .execute(failing)
        .catch(() => {});
    },
    events: [
      { type: 'retry', policy: 'p', attempt: 2, delay: 10, error: down },
      { type: 'retry', policy: 'p', attempt: 2, delay: 0, result: 503 },
      { type: 'budget-exhausted', policy: 'p' },
    ],
  },
  timeout: {
    async run(clock) {
      const call = timeout({ duration: 10, name: 'p', clock })
        .execute(hanging)
        .catch(() => {});
      await clock.advance(10);
      await call;
    },
    events: [{ type: 'timeout', policy: 'p', duration: 10, isLagged: false }],
  },
  'circuit-breaker': {
    async run(clock) {
      const policy = circuitBreaker({ failureThreshold: 1, recoveryTimeout: 100, name: 'p', clock });
      await policy.execute(failing).catch(() => {});
      await policy.execute(failing).catch(() => {});
      await clock.advance(100);
      await policy.execute(() => 'up');
      policy.observe();
      await policy.execute(failing).catch(() => {});
    },
    events: [
      { type: 'state-change', policy: 'p', from: 'closed', to: 'open', cause: down },
      { type: 'rejected', policy: 'p', state: 'open', retryAfter: 100 },
      { type: 'state-change', policy: 'p', from: 'open', to: 'half-open', cause: down },
      { type: 'state-change', policy: 'p', from: 'half-open', to: 'closed', cause: undefined },
      { type: 'would-open', policy: 'p', from: 'closed', to: 'closed', cause: down },
    ],
  },
  bulkhead: {
    async run(clock) {
      const policy = bulkhead({ maxConcurrent: 1, maxQueue: 1, queueTimeout: 10, name: 'p', clock });
      void policy.execute(hanging);
      const waiting = policy.execute(hanging).catch(() => {});
      await policy.execute(hanging).catch(() => {});
      await clock.advance(10);
      await waiting;
    },
    events: [
      { type: 'rejected', policy: 'p', reason: 'full' },
      { type: 'rejected', policy: 'p', reason: 'queue-timeout' },
    ],
  },
  'rate-limit': {
    async run(clock) {
      const policy = rateLimit({ limit: 1, name: 'p', clock });
      await policy.execute(() => {});
      await policy.execute(() => {}).catch(() => {});
    },
    events: [{ type: 'rejected', policy: 'p', retryAfter: 1000 }],
  },
  fallback: {
    run: () => fallback({ value: 1, name: 'p' }).execute(failing),
    events: [{ type: 'fallback', policy: 'p', error: down }],
  },
  hedge: {
    async run(clock) {
      let calls = 0;
      const call = hedge({ delay: 10, name: 'p', clock }).execute(() => (++calls === 1 ? hanging() : 'second'));
      await clock.advance(10);
      await call;
    },
    events: [{ type: 'hedge', policy: 'p', copy: 2 }],
  },
  cached: {
    async run(clock) {
      let calls = 0;
      const policy = cached({ ttl: 100, staleWhileRevalidate: 100, staleIfError: 200, name: 'p', clock });
      const get = guard(async (_id: unknown) => {
        if (++calls > 1) throw down;
        return 'fresh';
      }, policy);
      await get(1);
      await get(1);
      await clock.advance(150);
      await get(1);
      await clock.advance(100);
      await get(1);
      await get(new Map()).catch(() => {});
    },
    events: [
      { type: 'miss', policy: 'p', key: '1' },
      { type: 'hit', policy: 'p', key: '1' },
      { type: 'stale', policy: 'p', key: '1' },
      { type: 'miss', policy: 'p', key: '1' },
      { type: 'revalidation-failed', policy: 'p', key: '1', error: down },
      { type: 'miss', policy: 'p', key: '1' },
      { type: 'stale', policy: 'p', key: '1', error: down },
      { type: 'uncacheable', policy: 'p', key: undefined },
    ],
  },
  chaos: {
    run: () => chaos({ enabled: true, result: () => 1, name: 'p' }).execute(() => 2),
    events: [{ type: 'injected', policy: 'p' }],
  },
};

const listening: [string, (event: unknown) => void][] = [];
const listen = (kind: string, listener: (event: unknown) => void): void => {
  subscribe(`holdfast:${kind}`, listener);
  listening.push([`holdfast:${kind}`, listener]);
};
afterEach(() => {
  for (const [name, listener] of listening.splice(0)) unsubscribe(name, listener);
});

describe('events', () => {
  it.each(Object.entries(courses))('of a %s policy are on its channel', async (kind, { run, events }) => {
    const seen: unknown[] = [];
    listen(kind, (event) => seen.push(event));
    await run(new ManualClock());
    expect(seen).toEqual(events);
  });

  it.each(Object.entries(courses))(
    'of a %s policy are not made while nobody listens',
    async (kind, { run, events }) => {
      const channel = channelOf(kind);
      const made: unknown[] = [];
      channel.publish = (event) => void made.push(event);
      try {
        await run(new ManualClock());
        expect(made).toEqual([]);
      } finally {
        // What is underneath changes with the subscribers.
        Reflect.deleteProperty(channel, 'publish');
      }
      expect(events.length).toBeGreaterThan(0);
      expect(hasSubscribers(`holdfast:${kind}`)).toBe(false);
    },
  );

  it('reach who subscribes after the policies were made, and no longer who has left', async () => {
    const policy = fallback({ value: 1 });
    const seen: unknown[] = [];
    const listener = (event: unknown): void => void seen.push(event);
    await policy.execute(failing);
    subscribe('holdfast:fallback', listener);
    await policy.execute(failing);
    unsubscribe('holdfast:fallback', listener);
    await policy.execute(failing);
    expect(seen).toHaveLength(1);
  });

  it('are told by each policy of a pipeline, under its own name', async () => {
    const seen: string[] = [];
    for (const kind of ['fallback', 'retry', 'circuit-breaker'])
      listen(kind, (event) => {
        const { type, policy } = event as HoldfastEvent;
        seen.push(`${policy} ${type}`);
      });
    const policies: Policy[] = [
      fallback({ value: 1, name: 'f' }),
      retry({ maxAttempts: 2, baseDelay: 0, name: 'r' }),
      circuitBreaker({ failureThreshold: 2, name: 'b' }),
    ];
    await pipeline(...policies).execute(failing);
    expect(seen).toEqual(['r retry', 'b state-change', 'f fallback']);
  });

  it('do not change what becomes of the call when a listener throws', async () => {
    const thrown: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    listen('fallback', () => {
      throw new Error('listener');
    });
    expect(await fallback({ value: 1 }).execute(failing)).toBe(1);
    await new ManualClock().advance(0);
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
    expect(thrown).toMatchObject([{ message: 'listener' }]);
  });
});
