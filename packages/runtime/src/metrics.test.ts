import { describe, expect, it } from 'vitest';
import { prometheusText, registerOpenTelemetry } from './metrics.js';
import type { BuiltInPolicy } from './policy.js';
import { bulkhead } from './policies/bulkhead.js';
import { cached } from './policies/cached.js';
import { chaos } from './policies/chaos.js';
import { circuitBreaker } from './policies/circuit-breaker.js';
import { fallback } from './policies/fallback.js';
import { hedge } from './policies/hedge.js';
import { rateLimit } from './policies/rate-limit.js';
import { retry } from './policies/retry.js';
import { timeout } from './policies/timeout.js';
import { pipeline } from './pipeline.js';

interface Series {
  name: string;
  type: string | undefined;
  labels: Record<string, string>;
  value: number;
}

/**
 * Reads the text format as strictly as a scraper may.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
function parse(text: string): Series[] {
  const types = new Map<string, string>();
  const series: Series[] = [];
  const seen = new Set<string>();
  if (text !== '') expect(text.endsWith('\n')).toBe(true);
  let family: string | undefined;
  for (const line of text.split('\n').slice(0, -1)) {
    const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)$/.exec(line);
    if (type) {
      expect(types.has(type[1]!), `one TYPE line for ${type[1]}`).toBe(false);
      types.set((family = type[1]!), type[2]!);
      continue;
    }
    const sample =
      /^([a-zA-Z_:][a-zA-Z0-9_:]*)\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*",?)*)\} (\S+)$/.exec(line);
    if (!sample) throw new Error(`no line of the text format: ${line}`);
    const [, name, pairs, value] = sample as unknown as [string, string, string, string];
    expect(name).toBe(family);
    expect(seen.has(`${name}{${pairs}}`), `one sample for ${name}{${pairs}}`).toBe(false);
    seen.add(`${name}{${pairs}}`);
    const labels: Record<string, string> = {};
    for (const [, label, escaped] of pairs.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g))
      labels[label!] = escaped!.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
    expect(Number.isFinite(Number(value))).toBe(true);
    series.push({ name, type: types.get(name), labels, value: Number(value) });
  }
  return series;
}

const down = (): Promise<never> => Promise.reject(new Error('down'));

/** One policy of each kind, under a name of this test. */
const oneOfEach = (name: string): BuiltInPolicy[] => [
  retry({ maxAttempts: 2, baseDelay: 0, name }),
  circuitBreaker({ failureThreshold: 2, name }),
  circuitBreaker({ scope: () => 'key', name: `${name} by key` }),
  timeout({ duration: 1000, name }),
  bulkhead({ maxConcurrent: 5, name }),
  rateLimit({ limit: 100, name, key: () => 'key' }),
  fallback({ value: 1, name }),
  hedge({ delay: 1000, name }),
  cached({ ttl: 1000, key: () => 'k', name }),
  chaos({ enabled: true, result: () => 1, name }),
];

const numbers = (name: string): Record<string, number> =>
  Object.fromEntries(
    parse(prometheusText())
      .filter(({ labels }) => labels['policy'] === name)
      .map(({ name: metric, labels, value }) => [labels['state'] ? `${metric} ${labels['state']}` : metric, value]),
  );

describe('the Prometheus text', () => {
  it('parses, whatever policies there are', async () => {
    const policies = oneOfEach('all kinds');
    for (const policy of policies) await policy.execute(down).catch(() => {});
    const series = parse(prometheusText(policies.map((policy) => policy.snapshot())));
    expect(series.length).toBeGreaterThan(30);
    for (const { name, type } of series) {
      expect(name).toMatch(/^holdfast_[a-z_]+$/);
      expect(type).toBe(name.endsWith('_total') ? 'counter' : 'gauge');
    }
    expect(prometheusText([])).toBe('');
  });

  it('says what a policy has counted', async () => {
    const policy = pipeline(
      fallback({ value: 0, name: 'counted' }),
      retry({ maxAttempts: 3, baseDelay: 0, name: 'counted' }),
      circuitBreaker({ failureThreshold: 3, name: 'counted' }),
    );
    await policy.execute(down);
    await policy.execute(down);
    expect(numbers('counted')).toEqual({
      holdfast_fallback_fallbacks_total: 2,
      holdfast_retry_max_attempts: 3,
      holdfast_retry_retries_total: 2,
      holdfast_retry_exhausted_total: 1,
      'holdfast_circuit_breaker_state closed': 0,
      'holdfast_circuit_breaker_state open': 1,
      'holdfast_circuit_breaker_state half-open': 0,
      holdfast_circuit_breaker_successes_total: 0,
      holdfast_circuit_breaker_failures_total: 3,
      holdfast_circuit_breaker_ignored_total: 0,
      holdfast_circuit_breaker_rejected_total: 1,
    });
  });

  it('escapes names as the format wants it', () => {
    const name = 'a "quoted" \\ name\nover two lines, {braces} = too';
    const policy = bulkhead({ maxConcurrent: 1, name });
    const series = parse(prometheusText([policy.snapshot()]));
    expect(series).toHaveLength(5);
    for (const { labels } of series) expect(labels).toEqual({ policy: name });
  });

  it('has one series for policies of the same name, as two would void the whole scrape', async () => {
    // Every `retry()` without a name is called "retry": once they were samples with the same labels.
    const twins = [bulkhead({ maxConcurrent: 2, name: 'twin' }), bulkhead({ maxConcurrent: 3, name: 'twin' })];
    void twins[0]!.execute(() => new Promise(() => {}));
    void twins[1]!.execute(() => new Promise(() => {}));
    expect(numbers('twin')).toMatchObject({ holdfast_bulkhead_running: 2, holdfast_bulkhead_max_concurrent: 5 });
    const breakers = [circuitBreaker({ name: 'twins' }), circuitBreaker({ name: 'twins', failureThreshold: 1 })];
    await breakers[1]!.execute(down).catch(() => {});
    expect(numbers('twins')).toMatchObject({
      'holdfast_circuit_breaker_state open': 1,
      'holdfast_circuit_breaker_state closed': 1,
      holdfast_circuit_breaker_failures_total: 1,
    });
  });

  it('has counters that only grow', async () => {
    const policies = oneOfEach('monotonic');
    const counters = (): Map<string, number> =>
      new Map(
        parse(prometheusText(policies.map((policy) => policy.snapshot())))
          .filter(({ type }) => type === 'counter')
          .map(({ name, labels, value }) => [`${name} ${JSON.stringify(labels)}`, value]),
      );
    let before = counters();
    for (let round = 0; round < 5; round++) {
      for (const policy of policies) await policy.execute(round % 2 ? down : () => null).catch(() => {});
      const after = counters();
      for (const [key, value] of before) expect(after.get(key), key).toBeGreaterThanOrEqual(value);
      expect([...after.values()].reduce((a, b) => a + b)).toBeGreaterThan([...before.values()].reduce((a, b) => a + b));
      before = after;
    }
  });

  it('leaves out what is not finite, and a policy that was disposed of', () => {
    const policy = bulkhead({ maxConcurrent: 1, maxQueue: Infinity, name: 'gone soon' });
    expect(numbers('gone soon')).not.toHaveProperty('holdfast_bulkhead_max_queue');
    expect(numbers('gone soon')).toHaveProperty('holdfast_bulkhead_waiting', 0);
    policy[Symbol.dispose]();
    expect(numbers('gone soon')).toEqual({});
  });

  it('leaves a pipeline out: its members speak for themselves', () => {
    const line = pipeline(retry({ name: 'member' }), timeout({ duration: 10, name: 'member' }));
    expect(prometheusText([line.snapshot()])).toBe('');
  });
});

describe('OpenTelemetry', () => {
  interface Instrument {
    name: string;
    type: string;
    observed: { value: number; attributes: Record<string, string> | undefined }[];
    collect(): void;
  }

  /** A meter that collects when it is told. */
  function fakeMeter() {
    const instruments: Instrument[] = [];
    const create = (type: string) => (name: string) => {
      const callbacks: ((result: { observe(value: number, attributes?: Record<string, string>): void }) => void)[] = [];
      const instrument: Instrument = {
        name,
        type,
        observed: [],
        collect() {
          this.observed = [];
          const result = {
            observe: (value: number, attributes?: Record<string, string>) =>
              void this.observed.push({ value, attributes }),
          };
          for (const callback of callbacks) callback(result);
        },
      };
      instruments.push(instrument);
      return { addCallback: (callback: (typeof callbacks)[number]) => void callbacks.push(callback) };
    };
    return {
      instruments,
      meter: { createObservableGauge: create('gauge'), createObservableCounter: create('counter') },
    };
  }

  it('observes what Prometheus would be told', async () => {
    const { meter, instruments } = fakeMeter();
    registerOpenTelemetry(meter);
    // Made after the meter: observed all the same.
    const policies = oneOfEach('observed');
    for (const policy of policies) await policy.execute(down).catch(() => {});
    const series = parse(prometheusText());
    for (const instrument of instruments) {
      instrument.collect();
      expect(instrument.type).toBe(instrument.name.endsWith('_total') ? 'counter' : 'gauge');
      expect(instrument.observed.map(({ value, attributes }) => ({ value, attributes }))).toEqual(
        series
          .filter(({ name }) => name === instrument.name)
          .map(({ value, labels }) => ({ value, attributes: labels })),
      );
    }
    const failures = instruments.find(({ name }) => name === 'holdfast_circuit_breaker_failures_total')!;
    expect(failures.observed).toContainEqual({ value: 1, attributes: { policy: 'observed' } });
  });

  it('has an instrument for everything that policies measure and count; their settings are no metrics', () => {
    const { meter, instruments } = fakeMeter();
    registerOpenTelemetry(meter);
    const settings = /_(max_concurrent|max_queue|limit|interval|duration|max_attempts)$/;
    const names = parse(prometheusText(oneOfEach('complete').map((policy) => policy.snapshot())))
      .map(({ name }) => name)
      .filter((name) => !settings.test(name));
    expect(instruments.map(({ name }) => name).sort()).toEqual([...new Set(names)].sort());
  });
});
