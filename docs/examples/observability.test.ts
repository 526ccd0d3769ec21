import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import {
  bulkhead,
  cached,
  chaos,
  circuitBreaker,
  fallback,
  guard,
  hedge,
  rateLimit,
  retry,
  snapshot,
  timeout,
  type HoldfastEvent,
} from '@holdfast/runtime';
import { prometheusText } from '@holdfast/runtime/metrics';
import { ManualClock } from '@holdfast/runtime/testing';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { failureOf } from '../fake-fetch.js';
import { logCircuits, metricsServer, openCircuits, publishMetrics } from './observability.js';

const page = readFileSync(new URL('../observability.md', import.meta.url), 'utf8');

/** The rows of the table under a heading, each as the text of its cells. */
function table(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const words = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word!).sort();

/** Makes every policy do everything it tells about. Returns the events by channel and type, and the policies. */
async function everything() {
  const events = new Map<string, Set<string>>();
  const onEvent = (message: unknown, name: string | symbol): void => {
    const { type, policy, ...facts } = message as HoldfastEvent;
    expect(policy).toBeTypeOf('string');
    const key = `${String(name)} ${type}`;
    const fields = events.get(key) ?? new Set();
    for (const field of Object.keys(facts)) fields.add(field);
    events.set(key, fields);
  };
  const kinds = 'circuit-breaker retry timeout bulkhead rate-limit cached fallback hedge chaos'.split(' ');
  for (const kind of kinds) subscribe(`holdfast:${kind}`, onEvent);

  const clock = new ManualClock();
  const down = () => Promise.reject(new Error('down'));
  const hang = () => new Promise(() => {});
  const policies = {
    breaker: circuitBreaker({ failureThreshold: 1, clock, name: 'breaker' }),
    retry: retry({ maxAttempts: 2, baseDelay: 0, retryOnResult: () => true, clock }),
    budgeted: retry({ baseDelay: 0, budget: { ratio: 0.1, minPerSecond: 0 }, clock }),
    timeout: timeout({ duration: 10, clock }),
    bulkhead: bulkhead({ maxConcurrent: 1, maxQueue: 1, queueTimeout: 5, clock }),
    rateLimit: rateLimit({ limit: 1, clock }),
    cached: cached({ ttl: 10, staleWhileRevalidate: 10, staleIfError: 20, clock }),
    stored: cached({
      ttl: 10,
      key: () => 'key',
      store: { get: () => Promise.reject(new Error('down')), set: () => {}, delete: () => {} },
    }),
    fallback: fallback({ value: 0 }),
    hedge: hedge({ delay: 0 }),
    chaos: chaos({ enabled: true, result: () => 0 }),
  };
  await failureOf(policies.breaker.execute(down));
  await failureOf(policies.breaker.execute(down));
  policies.breaker.close();
  policies.breaker.observe();
  await failureOf(policies.breaker.execute(down));
  policies.breaker.close();
  await failureOf(policies.retry.execute(down));
  await policies.retry.execute(() => 0);
  await failureOf(policies.budgeted.execute(down));
  const late = failureOf(policies.timeout.execute(hang));
  await clock.advance(10);
  await late;
  void policies.bulkhead.execute(hang);
  const waits = failureOf(policies.bulkhead.execute(hang));
  await failureOf(policies.bulkhead.execute(hang));
  await clock.advance(5);
  await waits;
  await policies.rateLimit.execute(() => 0);
  await failureOf(policies.rateLimit.execute(() => 0));
  let isDown = false;
  const ask = guard(async (_query: unknown) => (isDown ? down() : 0), policies.cached);
  await ask('a');
  await ask('a');
  await ask(new WeakMap());
  await clock.advance(10);
  isDown = true;
  await ask('a');
  await clock.advance(10);
  await ask('a');
  await guard(async () => 0, policies.stored)();
  await policies.fallback.execute(down);
  await failureOf(policies.hedge.execute(down));
  await policies.chaos.execute(() => 1);
  for (const kind of kinds) unsubscribe(`holdfast:${kind}`, onEvent);
  return { events, policies };
}

describe('what the page says of everything', () => {
  let events: Map<string, Set<string>>;
  let policies: Awaited<ReturnType<typeof everything>>['policies'];
  beforeAll(async () => ({ events, policies } = await everything()));

  it('lists every event with its fields', () => {
    const listed = table('Events').map(([channel, type, fields]) => [
      `${words(channel!)} ${words(type!)}`,
      ...words(fields!),
    ]);
    const seen = [...events].map(([key, fields]) => [key, ...[...fields].sort()]);
    expect(listed.sort()).toEqual(seen.sort());
  });

  it('lists every fact of a snapshot', () => {
    const listed = new Map(table('Snapshot').map(([kind, facts]) => [words(kind!)[0]!, words(facts!)]));
    for (const { kind, name, ...facts } of Object.values(policies).map((policy) => policy.snapshot())) {
      expect(name).toBeTypeOf('string');
      expect([kind, ...Object.keys(facts).sort()]).toEqual([kind, ...listed.get(kind)!]);
    }
  });

  it('lists every metric that OpenTelemetry is given', () => {
    const created: string[] = [];
    const create = (name: string) => {
      created.push(name);
      return { addCallback() {} };
    };
    publishMetrics({ createObservableGauge: create, createObservableCounter: create });
    expect(
      table('Metrics')
        .flatMap(([names]) => words(names!))
        .sort(),
    ).toEqual(created.sort());
    // These tell more when they keep several states.
    const keyed = [circuitBreaker({ scope: String }), rateLimit({ limit: 1, key: String })];
    const known = new Set(
      prometheusText([...snapshot(), ...keyed.map((policy) => policy.snapshot())])
        .match(/^# TYPE (\S+)/gm)!
        .map((line) => line.slice(7)),
    );
    for (const name of created) expect(known).toContain(name);
  });
});

it('logs a circuit that opens', async () => {
  const lines: string[] = [];
  const stop = logCircuits((line) => lines.push(line));
  const breaker = circuitBreaker({ failureThreshold: 1, name: 'stock' });
  await failureOf(breaker.execute(() => Promise.reject(new Error('down'))));
  stop();
  expect(lines).toEqual(['circuit stock: closed -> open']);
  expect(openCircuits()).toContain('stock');
});

it('serves metrics', async () => {
  const limit = bulkhead({ maxConcurrent: 3, name: 'reports' });
  await new Promise<void>((resolve) => metricsServer.listen(0, '127.0.0.1', resolve));
  const { port } = metricsServer.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(await response.text()).toContain('# TYPE holdfast_bulkhead_running gauge\n');
  expect(limit.running).toBe(0);
  await new Promise((resolve) => metricsServer.close(resolve));
});

it('warns of a callback that throws, and goes on', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
  const careless = retry({
    retryIf() {
      throw new Error('typo');
    },
  });
  expect(await failureOf(careless.execute(() => Promise.reject(new Error('down'))))).toMatchObject({ message: 'down' });
  expect(warn).toHaveBeenCalledWith(
    'retry: retryIf threw',
    expect.objectContaining({ type: 'HoldfastWarning', code: 'HOLDFAST_CALLBACK' }),
  );
});
