import { libraries } from './libraries.mjs';

const peers = new Set(libraries.filter(({ peer }) => peer).map(({ id }) => id));

/** Looks measurements of one Node version up. `statistic` is `median` (of the rounds) or `min` (the least disturbed). */
export function figuresOf(measurements, node, statistic = 'median') {
  const rows = measurements.filter((row) => row.node === node);
  const find = (scenario, library, policy, size) =>
    rows.find(
      (row) => row.scenario === scenario && row.library === library && row.policy === policy && row.size === size,
    );
  // The whole of a call in flight is what compares: starting cheaply and settling dearly is no gain.
  const nanoseconds = (row) => (row?.scenario === 'flight' ? row.both : row)?.[statistic] ?? NaN;
  const bytes = (library, policy) => find('bytes', library, policy)?.bytes ?? NaN;

  return {
    call: (library, policy) => nanoseconds(find('call', library, policy)),
    turn: (library, policy) => nanoseconds(find('turn', library, policy)),
    refusal: (library, policy) => nanoseconds(find('refusal', library, policy)),
    failure: (library, size) => nanoseconds(find('failure', library, 'breaker, time window', size)),
    flight: (library, policy, size) => nanoseconds(find('flight', library, policy, size)),
    held: (library, policy, size) => find('flight', library, policy, size)?.held ?? NaN,
    bytesAdded: (library, policy) => bytes(library, policy) - bytes('hand-written', 'bare'),
    /** Without a policy: the fastest of all the peers' cases in that scenario. */
    fastestPeer: (scenario, policy, size) => {
      const times = rows
        .filter(
          (row) =>
            row.scenario === scenario &&
            peers.has(row.library) &&
            (policy === undefined || row.policy === policy) &&
            row.size === size,
        )
        .map(nanoseconds);
      return times.length === 0 ? NaN : Math.min(...times);
    },
  };
}
