/**
 * Turns what two trials recorded into the rows of the table.
 *
 * @param {import('./trial.js').Trial} legacy
 * @param {import('./trial.js').Trial} guarded
 * @param {ReturnType<typeof import('../dependencies/schedule.js').scheduleFor>} schedule
 * @returns {import('./table.js').Section[]}
 */
export function compare(legacy, guarded, { sick, outage }) {
  /** @type {(figure: (trial: import('./trial.js').Trial) => number) => [number, number]} */
  const both = (figure) => [figure(legacy), figure(guarded)];
  const placed = legacy.outcomes.length;
  const share = (/** @type {number} */ count) => `${count} (${percent(count / placed)})`;
  const milliseconds = (/** @type {number} */ value) => `${Math.round(value)} ms`;

  /** @type {(label: string, includes: (at: number) => boolean, counts?: typeof isServed) => import('./table.js').Row} */
  const servedWhile = (label, includes, counts = isServed) => ({
    label,
    values: both(({ outcomes }) => {
      const these = outcomes.filter(({ at }) => includes(at));
      return these.filter(counts).length / these.length;
    }),
    show: percent,
    better: 'more',
  });

  return [
    {
      title: `Of ${placed} orders`,
      rows: [
        { label: 'served', values: both(served), show: share, better: 'more' },
        {
          label: '  at the flat shipping rate',
          values: both(({ outcomes }) => outcomes.filter(({ end }) => end === 'served without a quote').length),
          show: share,
          better: 'less',
        },
        {
          label: 'answered with an error',
          values: both(({ outcomes }) => outcomes.filter(({ end }) => end === 'error').length),
          show: share,
          better: 'less',
        },
        {
          label: 'given up by the customer',
          values: both(({ outcomes }) => outcomes.filter(({ end }) => end === 'gave up').length),
          show: share,
          better: 'less',
        },
      ],
    },
    {
      title: 'Served',
      rows: [
        servedWhile('before the outage', (at) => at < outage.from),
        servedWhile('during the outage', (at) => at >= outage.from && at < outage.to),
        servedWhile('after the outage', (at) => at >= outage.to),
        servedWhile(
          '  with a shipping quote',
          (at) => at >= outage.to,
          ({ end }) => end === 'served',
        ),
      ],
    },
    {
      title: 'Time until the customer knows',
      rows: [
        { label: 'half of the orders within', values: both(latency(0.5)), show: milliseconds, better: 'less' },
        { label: '90 % within', values: both(latency(0.9)), show: milliseconds, better: 'less' },
        { label: '99 % within', values: both(latency(0.99)), show: milliseconds, better: 'less' },
      ],
    },
    {
      title: `What ${sick} saw`,
      rows: [
        {
          label: 'requests during the outage',
          values: both(({ counts }) => counts[sick]?.received.outage ?? NaN),
          better: 'less',
        },
        {
          label: 'most requests open at once',
          values: both(({ counts }) => counts[sick]?.mostOpen ?? NaN),
          better: 'less',
        },
        { label: 'sockets closed by the service', values: both(({ counts }) => counts[sick]?.abandoned ?? NaN) },
        {
          label: 'requests still open at the end',
          values: both(({ counts }) => counts[sick]?.open ?? NaN),
          better: 'less',
        },
      ],
    },
  ];
}

/** @param {import('./load.js').Outcome} outcome */
const isServed = ({ end }) => end === 'served' || end === 'served without a quote';

/** @param {import('./trial.js').Trial} trial */
export const served = ({ outcomes }) => outcomes.filter(isServed).length;

/** The nearest-rank quantile over all orders, whatever became of them: a customer who gave up waited too. */
const latency =
  (/** @type {number} */ quantile) =>
  (/** @type {import('./trial.js').Trial} */ { outcomes }) => {
    const sorted = outcomes.map((outcome) => outcome.latency).sort((a, b) => a - b);
    return sorted[Math.ceil(sorted.length * quantile) - 1] ?? NaN;
  };

/** @param {number} ratio */
function percent(ratio) {
  const isNearAnEnd = (ratio > 0 && ratio < 0.01) || (ratio > 0.99 && ratio < 1);
  return `${(ratio * 100).toFixed(isNearAnEnd ? 1 : 0)} %`;
}
