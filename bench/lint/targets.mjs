import { firstEdits } from './figures.mjs';

/**
 * What the plugin and the analysis promise on a real backend. `figures` looks measurements up: `cpu` and `peak` of a variant, and the
 * analysis' `own` time after an edit. They are reported, never asserted: a shared machine must not fail a build.
 */
export const targets = [
  {
    claim: 'Holdfast alone: CPU, × `no-floating-promises` alone (H / C)',
    atMost: 1,
    value: ({ cpu }) => cpu('H') / cpu('C'),
  },
  {
    claim:
      'beside `recommended-type-checked`: added CPU, × what `no-floating-promises` adds alone ((DH − D) / (C − B))',
    atMost: 0.4,
    value: ({ cpu }) => (cpu('DH') - cpu('D')) / (cpu('C') - cpu('B')),
  },
  {
    claim:
      'beside `recommended-type-checked`: added CPU, × what `no-floating-promises` adds there ((DH − D) / (D − D-))',
    atMost: 0.4,
    value: ({ cpu }) => (cpu('DH') - cpu('D')) / (cpu('D') - cpu('D-')),
  },
  {
    claim: 'beside `recommended-type-checked`: peak memory, × without (DH / D)',
    atMost: 1.15,
    value: ({ peak }) => peak('DH') / peak('D'),
  },
  {
    claim: 'Holdfast alone: peak memory, × `no-floating-promises` alone (H / C)',
    atMost: 1.15,
    value: ({ peak }) => peak('H') / peak('C'),
  },
  { claim: 'after an edit: own CPU, median, ms', atMost: 50, value: ({ own }) => own.median },
  {
    claim: `after an edit: own CPU, median of the first ${firstEdits}, ms`,
    atMost: 50,
    value: ({ own }) => own.first,
  },
  { claim: 'after an edit: own CPU, slowest edit, ms', atMost: 50, value: ({ own }) => own.max },
];
