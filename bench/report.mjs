import { figuresOf } from './figures.mjs';
import { libraries } from './libraries.mjs';
import { targets } from './targets.mjs';

/** The results of a run as Markdown. */
export function report({ nodes, versions, settings, measurements, isPartial }) {
  const newest = Math.max(...Object.keys(nodes).map(Number));
  const sections = [
    '# Benchmark results',
    isPartial ? '**A partial or quick run: figures are rough, targets may be missing.**' : '',
    `Node ${Object.values(nodes).join(', ')}; ${versions.platform}. ${peerVersions(versions)}.`,
    `Settings: ${JSON.stringify(settings).replaceAll('"', '').replaceAll(',', ', ').replaceAll(':', ': ')}.`,
    'Compare rows of one table only. Ratios are to the calls measured beside each batch; "best" is the least disturbed batch. How it is measured: [README](../README.md).',
    targetSection(measurements, newest, isPartial),
    ...Object.keys(nodes)
      .map(Number)
      .sort((a, b) => b - a)
      .flatMap((node) => nodeSections(measurements, node, nodes[node])),
  ];
  return sections.filter(Boolean).join('\n\n') + '\n';
}

/** Each target with its figure, from the medians and from the least disturbed batches. */
export function judge(measurements, node) {
  const typical = figuresOf(measurements, node);
  const best = figuresOf(measurements, node, 'best');
  return targets.map(({ claim, atMost, value }) => {
    const figure = value(typical);
    const met = Number.isNaN(figure) ? undefined : figure <= atMost;
    return { claim, atMost, figure, best: value(best), met };
  });
}

function targetSection(measurements, node, isPartial) {
  const rows = judge(measurements, node)
    .filter(({ met }) => met !== undefined || !isPartial)
    .map(({ claim, atMost, figure, best, met }) => [
      claim,
      `≤ ${decimal(atMost)}`,
      decimal(figure),
      decimal(best),
      met === undefined ? 'not measured' : met ? 'yes' : '**no**',
    ]);
  if (rows.length === 0) return '';
  return `## Targets (Node ${node})\n\n` + table(['target', 'limit', 'measured', 'in the best batches', 'met'], rows);
}

function nodeSections(measurements, node, version) {
  const rows = measurements.filter((row) => row.node === node);
  const figures = figuresOf(measurements, node);
  const of = (scenario) => rows.filter((row) => row.scenario === scenario).sort(byPolicy);
  const section = (title, note, head, body) =>
    body.length === 0 ? '' : `## ${title} (Node ${version})\n\n${note}\n\n${table(head, body)}`;

  return [
    section(
      'One call after the other',
      'The work is `async () => 42`. `three` is breaker, timeout and bulkhead; `all` has the retry around them.',
      ['case', 'library', 'ns/call', 'best', '× bare', '× fastest peer', 'bytes added'],
      of('call').map(({ policy, library, median, min, timesBare }) => [
        policy,
        title(library),
        whole(median),
        whole(min),
        decimal(timesBare),
        decimal(timesBare / figures.fastestPeer('call', base(policy))),
        whole(figures.bytesAdded(library, policy)),
      ]),
    ),
    section(
      'One call per turn of the event loop',
      'The work ends in the next turn, so what is done once a turn is paid by every call. "Added" is over the bare calls beside it.',
      ['case', 'library', 'ns/call', 'best', '× bare', 'added ns'],
      of('turn').map(({ policy, library, median, min, timesBare }) => [
        policy,
        title(library),
        whole(median),
        whole(min),
        decimal(timesBare),
        whole(median - median / timesBare),
      ]),
    ),
    section(
      'Refusal by an open circuit',
      'With the rejection and its catch.',
      ['case', 'library', 'ns/call', 'best', '× fastest peer'],
      of('refusal').map(({ policy, library, median, min, timesBare }) => [
        policy,
        title(library),
        whole(median),
        whole(min),
        decimal(timesBare / figures.fastestPeer('refusal')),
      ]),
    ),
    section(
      'Cost of a failure, by calls in the window',
      'The rejection and its catch included; the circuit stays closed.',
      ['case', 'library', '100 calls: ns/failure', '100,000 calls', 'ratio'],
      of('failure').map(({ policy, library, few, many, growth }) => [
        policy,
        title(library),
        whole(few.median),
        whole(many.median),
        decimal(growth),
      ]),
    ),
    section(
      'Calls in flight, a 30 s timeout armed',
      'Bytes held include the pending promise of the work itself (the bare row). The times are mostly garbage collection: see the README.',
      ['in flight', 'library', 'case', 'start ns', 'settle ns', 'both', 'best', '× fastest peer', 'bytes held'],
      of('flight')
        .sort((a, b) => a.size - b.size)
        .map(({ policy, library, size, start, settle, median, min, held }) => [
          whole(size),
          title(library),
          policy,
          whole(start.median),
          whole(settle.median),
          whole(median),
          whole(min),
          decimal(median / figures.fastestPeer('flight', 'timeout', size)),
          whole(held),
        ]),
    ),
  ];
}

const policyOrder = [
  'bare',
  'runPromise',
  'retry',
  'breaker, cons',
  'breaker, count',
  'breaker, time',
  'timeout',
  'bulkhead',
  'three',
  'all',
];

function byPolicy(a, b) {
  return rank(a) - rank(b) || (a.median ?? 0) - (b.median ?? 0);
}

function rank({ policy }) {
  return policyOrder.findIndex((start) => policy.startsWith(start));
}

/** A variant is compared with the peers' plain case: `all, standard decorators` with `all`, `timeout (…)` with `timeout`. */
function base(policy) {
  return policy.replace(/ \(.*|(?<=^all), .*/, '');
}

function title(library) {
  return libraries.find(({ id }) => id === library).title;
}

function peerVersions(versions) {
  return libraries
    .filter(({ id }) => versions[id])
    .map(({ id }) => `${id} ${versions[id]}`)
    .join(', ');
}

function table(head, rows) {
  const alignment = head.map((_, column) => (rows.some((row) => /^[\d.,-]+$/.test(row[column])) ? '---:' : '---'));
  return [head, alignment, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function whole(value) {
  return Number.isNaN(value) ? '–' : Math.round(value).toLocaleString('en-US');
}

function decimal(value) {
  if (Number.isNaN(value)) return '–';
  return value >= 100 ? whole(value) : String(Number(value.toPrecision(value >= 10 ? 3 : 2)));
}
