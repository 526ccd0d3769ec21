import { normal, random } from './random.js';

/**
 * What a dependency does to its callers: the shares of requests that it never answers, answers with a 5xx, or cuts off.
 * The rest is answered.
 *
 * @typedef {'clear' | 'burst' | 'outage'} Weather
 * @typedef {{ hang: number, error: number, reset: number }} Shares
 * @type {Record<Weather, Shares>}
 */
export const WEATHER = {
  clear: { hang: 0, error: 0.002, reset: 0 },
  burst: { hang: 0, error: 0.15, reset: 0.05 },
  outage: { hang: 0.6, error: 0.2, reset: 0.1 },
};

/**
 * @typedef {{ median: number, spread: number }} Pace Latency in milliseconds: log-normal, so most answers come near the
 *   median and a few take many times as long.
 * @type {Record<Dependency, Pace>}
 *
 * @typedef {'payments' | 'inventory' | 'shipping' | 'recommendations'} Dependency
 */
export const PACE = {
  payments: { median: 70, spread: 0.5 },
  inventory: { median: 15, spread: 0.6 },
  shipping: { median: 40, spread: 0.6 },
  recommendations: { median: 20, spread: 0.7 },
};

export const DEPENDENCIES = /** @type {Dependency[]} */ (Object.keys(PACE));

const SLOWEST = 1_200;

/**
 * What becomes of the n-th request. Pure: the same seed, dependency, number and weather give the same fate.
 *
 * @typedef {{ kind: 'hang' } | { kind: 'error' | 'reset' | 'answer', delay: number }} Fate
 * @param {{ seed: string, dependency: Dependency, request: number, weather: Weather }} situation
 * @returns {Fate}
 */
export function fateOf({ seed, dependency, request, weather }) {
  const key = `${seed}:${dependency}:${request}`;
  const { hang, error, reset } = WEATHER[weather];
  const draw = random(`${key}:fate`);
  if (draw < hang) return { kind: 'hang' };

  const { median, spread } = PACE[dependency];
  const delay = Math.min(SLOWEST, Math.round(median * Math.exp(spread * normal(key))));
  if (draw < hang + error) return { kind: 'error', delay };
  if (draw < hang + error + reset) return { kind: 'reset', delay };
  return { kind: 'answer', delay };
}
