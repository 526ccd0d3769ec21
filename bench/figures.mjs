import { libraries } from './libraries.mjs';

const peers = new Set(libraries.filter(({ peer }) => peer).map(({ id }) => id));

/**
 * Looks the measurements of one Node version up. Times are for comparing only: `typical` ones are multiples of the bare call that ran beside
 * each batch, so that a machine slower in one minute than in the next changes nothing; `best` ones are the least disturbed nanoseconds.
 * Calls in flight have no bare ones beside them: most of their time is the collector's, which bare calls hardly wake.
 */
export function figuresOf(measurements, node, kind = 'typical') {
  const rows = measurements.filter((row) => row.node === node);
  const find = (scenario, library, policy, size) =>
    rows.find(
      (row) => row.scenario === scenario && row.library === library && row.policy === policy && row.size === size,
    );
  const time = (row) => (kind === 'best' ? row?.min : (row?.timesBare ?? row?.median)) ?? NaN;
  const bytes = (library, policy) => find('bytes', library, policy)?.bytes ?? NaN;

  return {
    call: (library, policy) => time(find('call', library, policy)),
    timesBare: (library, policy) => {
      const row = find('call', library, policy);
      return (kind === 'best' ? row?.min / find('call', 'hand-written', 'bare')?.min : row?.timesBare) ?? NaN;
    },
    refusal: (library, policy) => time(find('refusal', library, policy)),
    /** To start a call in flight and to settle it. */
    flight: (library, policy, size) => time(find('flight', library, policy, size)),
    held: (library, policy, size) => find('flight', library, policy, size)?.held ?? NaN,
    bytesAdded: (library, policy) => bytes(library, policy) - bytes('hand-written', 'bare'),
    failureGrowth: (library, policy) => {
      const row = find('failure', library, policy);
      return (kind === 'best' ? row?.many.min / row?.few.min : row?.growth) ?? NaN;
    },
    /** Without a policy: the fastest of all the peers' cases in that scenario. */
    fastestPeer: (scenario, policy, size) => {
      const times = rows
        .filter((row) => row.scenario === scenario && peers.has(row.library) && row.size === size)
        .filter((row) => policy === undefined || row.policy === policy)
        .map(time);
      return times.length === 0 ? NaN : Math.min(...times);
    },
  };
}
