import { random } from './random.js';

/**
 * When which dependency is unwell, in milliseconds from the start: one long outage of shipping, and before and after it
 * a short burst of errors from inventory, as every service has now and then. The seed moves them about.
 *
 * @typedef {{ dependency: import('./weather.js').Dependency, weather: import('./weather.js').Weather,
 *   from: number, to: number }} Episode
 * @param {string} seed
 * @returns {{ sick: import('./weather.js').Dependency, outage: Episode, episodes: Episode[], length: number }}
 */
export function scheduleFor(seed) {
  const vary = (/** @type {string} */ what, /** @type {number} */ from, /** @type {number} */ to) =>
    Math.round(from + random(`${seed}:schedule:${what}`) * (to - from));

  const from = vary('outage from', 2_000, 3_000);
  const to = from + vary('outage length', 5_500, 6_500);
  /** @type {Episode} */
  const outage = { dependency: 'shipping', weather: 'outage', from, to };

  /** @type {(when: number) => Episode} */
  const burst = (when) => ({ dependency: 'inventory', weather: 'burst', from: when, to: when + 500 });
  const before = burst(vary('burst before', 500, 1_200));
  const after = burst(to + vary('burst after', 1_500, 2_500));
  return { sick: outage.dependency, outage, episodes: [before, outage, after], length: 18_000 };
}

/**
 * @param {Episode[]} episodes
 * @param {import('./weather.js').Dependency} dependency
 * @param {number | undefined} elapsed Milliseconds since the start; undefined before it.
 * @returns {import('./weather.js').Weather}
 */
export function weatherAt(episodes, dependency, elapsed) {
  if (elapsed === undefined) return 'clear';
  const now = episodes.find((it) => it.dependency === dependency && it.from <= elapsed && elapsed < it.to);
  return now?.weather ?? 'clear';
}
