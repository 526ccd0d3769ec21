import type { PolicySnapshot } from './policy.js';
import { snapshot } from './registry.js';

/** What `registerOpenTelemetry` needs of a meter; that of `@opentelemetry/api` fits. */
export interface MeterLike {
  createObservableGauge(name: string, options?: { description?: string }): ObservableLike;
  createObservableCounter(name: string, options?: { description?: string }): ObservableLike;
}

export interface ObservableLike {
  addCallback(callback: (result: { observe(value: number, attributes?: Record<string, string>): void }) => void): void;
}

/** Facts that go up and down; every other number in a snapshot counts up. */
const GAUGES = new Set([
  'running',
  'waiting',
  'entries',
  'keys',
  'circuits',
  'open',
  'maxConcurrent',
  'maxQueue',
  'limit',
  'interval',
  'duration',
  'maxAttempts',
]);
const STATES = ['closed', 'open', 'half-open'];

interface Metric {
  name: string;
  isCounter: boolean;
  samples: Map<string, { labels: Record<string, string>; value: number }>;
}

/** The numbers of all live policies in the Prometheus text format, for a `/metrics` endpoint. */
export function prometheusText(policies: readonly PolicySnapshot[] = snapshot()): string {
  let text = '';
  for (const { name, isCounter, samples } of metricsOf(policies)) {
    text += `# TYPE ${name} ${isCounter ? 'counter' : 'gauge'}\n`;
    for (const { labels, value } of samples.values()) {
      const pairs = Object.entries(labels).map(([label, of]) => `${label}="${escapeLabel(of)}"`);
      text += `${name}{${pairs.join(',')}} ${value}\n`;
    }
  }
  return text;
}

/** Publishes the numbers of all live policies through the user's OpenTelemetry meter. */
export function registerOpenTelemetry(meter: MeterLike): void {
  const observe =
    (wanted: string) =>
    (result: { observe(value: number, attributes?: Record<string, string>): void }): void => {
      const metric = metricsOf(snapshot()).find(({ name }) => name === wanted);
      for (const { labels, value } of metric?.samples.values() ?? []) result.observe(value, labels);
    };
  for (const name of KNOWN_METRICS) {
    const isCounter = name.endsWith('_total');
    const instrument = isCounter ? meter.createObservableCounter(name) : meter.createObservableGauge(name);
    instrument.addCallback(observe(name));
  }
}

/** What policies count and measure today; a snapshot may say more. */
const KNOWN_METRICS = [
  'holdfast_circuit_breaker_state',
  'holdfast_circuit_breaker_circuits',
  'holdfast_circuit_breaker_open',
  ...['successes', 'failures', 'ignored', 'rejected'].map((fact) => `holdfast_circuit_breaker_${fact}_total`),
  ...['retries', 'exhausted'].map((fact) => `holdfast_retry_${fact}_total`),
  ...['timeouts', 'lagged'].map((fact) => `holdfast_timeout_${fact}_total`),
  'holdfast_bulkhead_running',
  'holdfast_bulkhead_waiting',
  'holdfast_bulkhead_rejected_total',
  'holdfast_rate_limit_rejected_total',
  'holdfast_rate_limit_keys',
  'holdfast_fallback_fallbacks_total',
  ...['hedges', 'wins'].map((fact) => `holdfast_hedge_${fact}_total`),
  'holdfast_cached_entries',
  ...['hits', 'misses', 'stale', 'joined', 'evictions', 'store_failures'].map(
    (fact) => `holdfast_cached_${fact}_total`,
  ),
  'holdfast_chaos_injected_total',
];

function metricsOf(policies: readonly PolicySnapshot[]): Metric[] {
  const metrics = new Map<string, Metric>();
  const add = (name: string, isCounter: boolean, labels: Record<string, string>, value: number): void => {
    let metric = metrics.get(name);
    if (!metric) metrics.set(name, (metric = { name, isCounter, samples: new Map() }));
    // Policies may share a name, series may not share their labels: what has the same name is counted together.
    const key = Object.values(labels).join('\0');
    const same = metric.samples.get(key);
    if (same) same.value += value;
    else metric.samples.set(key, { labels, value });
  };
  for (const { kind, name, ...facts } of policies) {
    const prefix = `holdfast_${kind.replaceAll('-', '_')}`;
    for (const [fact, value] of Object.entries(facts)) {
      if (fact === 'state' && kind === 'circuit-breaker') {
        for (const state of STATES) add(`${prefix}_state`, false, { policy: name, state }, value === state ? 1 : 0);
      } else if (typeof value === 'number' && Number.isFinite(value)) {
        const isCounter = !GAUGES.has(fact);
        add(`${prefix}_${snakeCase(fact)}${isCounter ? '_total' : ''}`, isCounter, { policy: name }, value);
      }
    }
  }
  return [...metrics.values()];
}

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const escapeLabel = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
