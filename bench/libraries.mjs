/** In the order of the tables. `everyNode`: measured on all Node versions by default, not only on the newest. */
export const libraries = [
  { id: 'hand-written', title: 'hand-written', minimumNode: 20, everyNode: true },
  { id: 'holdfast', title: '**holdfast**', minimumNode: 20, everyNode: true, ours: true },
  { id: 'holdfast-context', title: '**holdfast** + `/context`', minimumNode: 20, everyNode: true, ours: true },
  { id: 'cockatiel', title: 'cockatiel', minimumNode: 22, peer: true },
  { id: 'opossum', title: 'opossum', minimumNode: 22, peer: true },
  { id: 'effect', title: 'effect', minimumNode: 22, peer: true },
  { id: 'p-retry', title: 'p-retry', minimumNode: 22, peer: true },
  { id: 'p-limit', title: 'p-limit', minimumNode: 20, peer: true },
];

/** Which cases take part, how often, and with which flags. Ratios are taken within one run, so rounds go over all of them in turn. */
export const scenarios = [
  { id: 'call', takes: () => true, rounds: 7 },
  // Figures of the heap repeat to the byte.
  {
    id: 'bytes',
    takes: () => true,
    rounds: 1,
    flags: ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'],
  },
  { id: 'turn', takes: (policy) => /^(bare|timeout|three|all)/.test(policy), rounds: 7 },
  { id: 'refusal', takes: (policy) => policy.startsWith('breaker'), rounds: 7 },
  { id: 'failure', takes: (policy) => policy.startsWith('breaker, time'), rounds: 3, sizes: [100, 100_000] },
  {
    id: 'flight',
    takes: (policy) => /^(bare|timeout)/.test(policy),
    rounds: 3,
    sizes: [1_000, 10_000, 100_000],
    flags: ['--expose-gc'],
  },
];
