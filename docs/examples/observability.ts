// #region subscribe
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { HoldfastEvent } from '@holdfast/runtime';

export function logCircuits(log: (line: string) => void): () => void {
  const onEvent = (message: unknown): void => {
    const { type, policy, from, to } = message as HoldfastEvent;
    if (type === 'state-change') log(`circuit ${policy}: ${from} -> ${to}`);
  };
  subscribe('holdfast:circuit-breaker', onEvent);
  return () => void unsubscribe('holdfast:circuit-breaker', onEvent);
}
// #endregion

// #region snapshot
import { snapshot } from '@holdfast/runtime';

export const openCircuits = () =>
  snapshot()
    .filter(({ kind, state }) => kind === 'circuit-breaker' && state === 'open')
    .map(({ name }) => name);
// #endregion

// #region prometheus
import { createServer } from 'node:http';
import { prometheusText } from '@holdfast/runtime/metrics';

export const metricsServer = createServer((_request, response) => {
  response.setHeader('content-type', 'text/plain; version=0.0.4');
  response.end(prometheusText());
});
// #endregion

// #region opentelemetry
import { registerOpenTelemetry, type MeterLike } from '@holdfast/runtime/metrics';

/** @param meter That of your OpenTelemetry: `metrics.getMeter('holdfast')`. */
export function publishMetrics(meter: MeterLike): void {
  registerOpenTelemetry(meter);
}
// #endregion
