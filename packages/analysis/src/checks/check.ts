import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { Confidence, Edit, Evidence, Finding, Fix, Location } from '../finding.js';
import { renderMessage } from '../finding.js';
import { evidenceOf, locate } from '../location.js';

/** Which configurations show a check's findings. */
export type Preset = 'recommended' | 'strict';

/** Where a mistake that is made once for many calls is reported. */
export type ReportAt = 'client' | 'call';

/** What a check is told by the configuration. */
export interface Settings {
  readonly reportAt: ReportAt;
}

/** What a check says: nodes, which stay inside the package. */
export interface Judgement {
  readonly at: ts.Node;
  readonly messageId: string;
  readonly data?: Readonly<Record<string, string>>;
  /** Default: as sure as the mode allows. `likely` findings rest on something out of sight; `strict` shows them. */
  readonly confidence?: Confidence;
  /** The way that leads to it, the outermost step first. */
  readonly path?: readonly ts.Node[];
  /** Those that take work are made when somebody asks for them. */
  readonly fixes?: readonly PlannedFix[] | (() => readonly PlannedFix[]);
}

export interface PlannedFix {
  readonly messageId: string;
  readonly data?: Readonly<Record<string, string>>;
  /** The fix keeps the meaning of the code, so a tool may apply it unasked. */
  readonly isSafe?: true;
  /** The name that it declares, and where: of two fixes that declare the same, one is done at a time. */
  readonly declares?: string;
  readonly edits: readonly Edit[];
}

/** What a check is. Surfaces read this and show what it finds. */
export interface CheckInfo {
  readonly id: string;
  /** The number shown in editors. Never changes, never used again. */
  readonly code: number;
  /** What goes wrong when it is not heeded. */
  readonly harm: string;
  readonly preset: Preset;
  readonly messages: Readonly<Record<string, string>>;
}

/** A pure question over what is known about a file. */
export interface Check extends CheckInfo {
  judge(file: ts.SourceFile, analysis: Analysis, settings: Settings): Iterable<Judgement>;
}

/** Messages about ignore comments, which every check has. */
export const ignoreMessages: Readonly<Record<string, string>> = {
  unusedIgnore: 'This ignore of `{{rule}}` silences nothing.',
  ignoreWithoutReason:
    'This ignore of `{{rule}}` gives no reason: write `// holdfast-ignore {{rule}}: why it is safe`.',
};

/**
 * A judgement as plain data.
 *
 * @param later Makes fixes that are asked for later, when the judging is done.
 */
export function findingOf(
  check: CheckInfo,
  file: ts.SourceFile,
  { at, messageId, data = {}, confidence, path = [], fixes = [] }: Judgement,
  { ts, isTyped }: Analysis,
  later: <T>(make: () => readonly T[]) => readonly T[],
): Finding {
  const evidence: Evidence[] = path.map((node) => evidenceOf(ts, node));
  const written = ({ messageId, data: own = data, isSafe, edits, declares }: PlannedFix): Fix => ({
    messageId,
    data: own,
    title: renderMessage(check.messages[messageId] ?? messageId, own),
    isSafe: isSafe ?? false,
    edits,
    ...(declares === undefined ? {} : { declares }),
  });
  let made: readonly Fix[] | undefined;
  return {
    ...base(check, locate(file, at.getStart(file), at.end), messageId, data),
    confidence: confidence ?? (isTyped ? 'certain' : 'syntactic'),
    path: evidence,
    get fixes() {
      return (made ??= (typeof fixes === 'function' ? later(fixes) : fixes).map(written));
    },
  };
}

export function ignoreFinding(check: CheckInfo, at: Location, messageId: string): Finding {
  return { ...base(check, at, messageId, { rule: check.id }), confidence: 'certain', path: [], fixes: [] };
}

function base(check: CheckInfo, at: Location, messageId: string, data: Readonly<Record<string, string>>) {
  const { file, start, end, line, column, endLine, endColumn } = at;
  const template = check.messages[messageId] ?? ignoreMessages[messageId] ?? messageId;
  const message = renderMessage(template, data);
  const { id: ruleId, code } = check;
  return { ruleId, code, messageId, data, message, file, start, end, line, column, endLine, endColumn };
}
