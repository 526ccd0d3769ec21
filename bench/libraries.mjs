/** In the order of the tables. `everyNode`: measured on all Node versions by default, not only on the newest. */
export const libraries = [
  { id: 'hand-written', title: 'hand-written', minimumNode: 20, everyNode: true },
  { id: 'holdfast', title: '**holdfast**', minimumNode: 20, everyNode: true },
  // AsyncLocalStorage slows every promise of the process on Node 20 and 22, the bare calls beside each batch too.
  { id: 'holdfast-context', title: '**holdfast** + `/context`', minimumNode: 20, everyNode: true, slowsBare: true },
  { id: 'cockatiel', title: 'cockatiel', minimumNode: 22, peer: true },
  { id: 'opossum', title: 'opossum', minimumNode: 22, peer: true },
  { id: 'effect', title: 'effect', minimumNode: 22, peer: true },
  { id: 'p-retry', title: 'p-retry', minimumNode: 22, peer: true },
  { id: 'p-limit', title: 'p-limit', minimumNode: 20, peer: true },
];

/** Which policies take part, how many rounds, with which flags; and whether by default on every Node version. */
export const scenarios = [
  { id: 'call', takes: () => true, rounds: 5, everyNode: true },
  {
    id: 'bytes',
    takes: () => true,
    // They repeat to the byte, almost.
    rounds: 1,
    everyNode: true,
    flags: ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'],
  },
  { id: 'turn', takes: (policy) => /^(bare|timeout|three|all)/.test(policy), rounds: 3 },
  { id: 'refusal', takes: (policy) => policy.startsWith('breaker'), rounds: 5 },
  { id: 'failure', takes: (policy) => policy.startsWith('breaker, time'), rounds: 3 },
  {
    id: 'flight',
    takes: (policy) => /^(bare|timeout)/.test(policy),
    rounds: 5,
    sizes: [1_000, 10_000, 100_000],
    flags: ['--expose-gc'],
  },
];
