import type { CallAccount, Verdict } from '@holdfast/codemods';
import { displayPath } from '../program.js';

/** What became of one file: its plan, what stands against it, and every outbound call in it. */
export interface Outcome extends Verdict {
  readonly calls: readonly CallAccount[];
}

/** Everything that a run did and left, as plain data. Fields are added, never renamed: `version` changes if they must. */
export interface Report {
  readonly version: 1;
  readonly holdfast: string;
  readonly command: string;
  /** To undo it by; absent when nothing was written. */
  readonly run?: string;
  readonly totals: {
    readonly files: number;
    readonly changedFiles: number;
    readonly refusedFiles: number;
    readonly outboundCalls: number;
    readonly guarded: number;
    readonly changed: number;
    readonly skipped: number;
    readonly left: number;
    /** Calls whose file was refused as a whole. */
    readonly refused: number;
    /** Guarded calls of all outbound calls, before and after. */
    readonly coverage: { readonly before: number; readonly after: number };
  };
  readonly skipReasons: Readonly<Record<string, number>>;
  readonly files: readonly FileReport[];
}

interface FileReport extends Omit<Outcome, 'plan'>, Pick<Outcome['plan'], 'changes' | 'notes' | 'skips'> {
  readonly file: string;
  readonly state: 'planned' | 'refused' | 'unchanged' | 'written';
}

interface RunFacts {
  readonly command: string;
  readonly version: string;
  readonly cwd: string;
  readonly run: string | undefined;
}

export function reportOf(outcomes: readonly Outcome[], { command, version, cwd, run }: RunFacts): Report {
  const stateOf = ({ plan, newErrors }: Outcome): FileReport['state'] =>
    newErrors.length > 0
      ? 'refused'
      : plan.edits.length === 0
        ? 'unchanged'
        : run === undefined
          ? 'planned'
          : 'written';
  const files = outcomes.map((outcome): FileReport => {
    const { plan, newErrors, calls } = outcome;
    const { changes, skips, notes } = plan;
    return { file: displayPath(plan.file, cwd), state: stateOf(outcome), calls, changes, skips, notes, newErrors };
  });
  const refused = files.filter(({ state }) => state === 'refused');
  const standing = files.filter(({ state }) => state !== 'refused');
  const total = (state: CallAccount['state'], of = files): number =>
    of.reduce((sum, { calls }) => sum + calls.filter((call) => call.state === state).length, 0);
  const outboundCalls = files.reduce((sum, { calls }) => sum + calls.length, 0);
  const [guarded, changed] = [total('guarded'), standing.reduce((sum, { changes }) => sum + changes.length, 0)];
  const share = (part: number): number => (outboundCalls === 0 ? 1 : part / outboundCalls);
  const skipReasons: Record<string, number> = {};
  for (const { skips } of files) for (const { reason } of skips) skipReasons[reason] = (skipReasons[reason] ?? 0) + 1;
  return {
    version: 1,
    holdfast: version,
    command,
    ...(run === undefined ? {} : { run }),
    totals: {
      files: files.length,
      changedFiles: files.filter(({ state }) => state === 'planned' || state === 'written').length,
      refusedFiles: refused.length,
      outboundCalls,
      guarded,
      changed,
      skipped: files.reduce((sum, { skips }) => sum + skips.length, 0),
      left: total('left'),
      refused: total('changed', refused),
      coverage: { before: share(guarded), after: share(guarded + total('changed', standing)) },
    },
    skipReasons,
    files: files.filter(({ calls, changes, skips }) => calls.length + changes.length + skips.length > 0),
  };
}

export function toJson(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** The report for people who review the change. */
export function toMarkdown({ command, holdfast, totals, skipReasons, files }: Report): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const { coverage } = totals;
  const reasons = Object.entries(skipReasons).sort(([a], [b]) => a.localeCompare(b));
  const sections = [
    `# holdfast ${command}`,
    `${String(totals.outboundCalls)} outbound calls in ${String(totals.files)} files; guarded before ${percent(coverage.before)}, after ${percent(coverage.after)}. Holdfast ${holdfast}.`,
    table(
      ['outbound calls', 'number'],
      [
        ['guarded already', String(totals.guarded)],
        ['changed', String(totals.changed)],
        ['skipped', String(totals.skipped)],
        ['in files that were refused', String(totals.refused)],
        ['left, as nothing is sure to be missing', String(totals.left)],
      ],
    ),
    ...(reasons.length === 0
      ? []
      : [
          '## Skipped',
          table(
            ['reason', 'number'],
            reasons.map(([reason, number]) => [reason, String(number)]),
          ),
        ]),
    ...files.map(({ file, state, calls, newErrors }) =>
      [
        `## ${file} (${state})`,
        ...newErrors.map(({ code, message, line }) => `- line ${String(line)}: TS${String(code)} ${message}`),
        table(
          ['line', 'call', 'state', ''],
          calls.map((call) => [String(call.call.line), `\`${call.call.text}\``, call.state, detail(call)]),
        ),
      ].join('\n\n'),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

function detail(call: CallAccount): string {
  switch (call.state) {
    case 'changed':
      return `${call.form}: ${call.policies.join(', ')}`;
    case 'guarded':
      return call.by;
    case 'left':
    case 'skipped':
      return `${call.reason}: ${call.message}`;
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
