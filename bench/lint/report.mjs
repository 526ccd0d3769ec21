import { figuresOf, firstEdits, least, median } from './figures.mjs';
import { targets } from './targets.mjs';
import { variants } from './variants.mjs';

/** The results of a run as Markdown. */
export function report(results) {
  const { isPartial, subject, versions, machine, date, rounds } = results;
  return (
    [
      '# ESLint and editor benchmark',
      isPartial ? '**A partial or quick run: figures are rough.**' : '',
      `${subject.name}: ${whole(subject.files)} files, ${whole(subject.lines)} lines. ${date}; Node ${versions.node} on ${machine}; ` +
        `eslint ${versions.eslint}, typescript-eslint ${versions['typescript-eslint']}, typescript ${versions.typescript}, ` +
        `holdfast ${versions.holdfast}. Rounds: ${rounds}.`,
      'Compare figures of one table only. CPU is user and system time of all threads of a process. How it is measured: [README](../../README.md#linting-a-real-backend).',
      '## Targets\n\n' + targetTable(results),
      '## Linting\n\nEvery variant has types at hand (`projectService`).\n\n' + lintTable(results),
      editSection(results),
    ]
      .filter(Boolean)
      .join('\n\n') + '\n'
  );
}

/** Each target with its figure, from the medians and from the least disturbed rounds. */
export function judge(results) {
  const typical = figuresOf(results);
  const best = figuresOf(results, 'best');
  return targets.map(({ claim, atMost, value }) => {
    const figure = value(typical);
    const met = Number.isNaN(figure) ? undefined : figure <= atMost;
    return { claim, atMost, figure, best: value(best), met };
  });
}

function targetTable(results) {
  const rows = judge(results).map(({ claim, atMost, figure, best, met }) => [
    claim,
    `≤ ${atMost}`,
    decimal(figure),
    decimal(best),
    met === undefined ? 'not measured' : met ? 'yes' : '**no**',
  ]);
  return table(['target', 'limit', 'measured', 'in the best rounds', 'met'], rows);
}

function lintTable({ lints }) {
  const rows = variants
    .filter(({ id }) => lints[id]?.length > 0)
    .map(({ id, title }) => {
      const cpu = lints[id].map((round) => round.cpu / 1_000);
      const peak = lints[id].map((round) => round.peak);
      const { reports, ours } = lints[id][0];
      return [
        id,
        title,
        decimal(median(cpu)),
        decimal(least(cpu)),
        whole(median(peak)),
        whole(least(peak)),
        whole(reports),
        whole(ours),
      ];
    });
  return table(['', 'rules', 'CPU s', 'best', 'peak MB', 'best', 'reports', 'of Holdfast'], rows);
}

function editSection({ edits }) {
  if (edits.length === 0) return '';
  const { file, lines, calls } = edits[0];
  const samples = edits.flatMap((round) => round.samples);
  const row = (name, some) => [
    name,
    whole(median(some.map(({ editor }) => editor))),
    ...[median, least, (values) => Math.max(...values)].map((pick) => decimal(pick(some.map(({ own }) => own)))),
  ];
  const rows = [
    row(
      'opening the file',
      edits.map(({ opened }) => opened),
    ),
    row(
      `the first ${firstEdits} edits`,
      edits.flatMap((round) => round.samples.slice(0, firstEdits)),
    ),
    ...[...new Set(samples.map(({ kind }) => kind))].map((kind) =>
      row(
        `inserting ${kind}`,
        samples.filter((sample) => sample.kind === kind),
      ),
    ),
  ];
  return [
    '## After an edit',
    `\`${file}\`: ${whole(lines)} lines, ${whole(calls)} calls. Each edit inserts a line in the middle. The editor's own work is the new program ` +
      "and the compiler's diagnostics of the file; what the analysis adds comes after it. CPU in ms.",
    table(['', 'editor', 'analysis: median', 'best', 'slowest'], rows),
  ].join('\n\n');
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
  return Math.abs(value) >= 100 ? whole(value) : String(Number(value.toPrecision(Math.abs(value) >= 10 ? 3 : 2)));
}
