import type { Evidence, Finding, Location } from '../finding.js';
import { renderMessage } from '../finding.js';
import type { OutboundCall } from '../outbound-call.js';

/** Which configurations show a check's findings. */
export type Preset = 'recommended' | 'strict';

/** What checks may ask about one file. */
export interface FileSummary {
  readonly outboundCalls: readonly OutboundCall[];
}

/** What a check says; where and how sure follow from what it found. */
export interface Judgement {
  readonly at: Location;
  readonly messageId: string;
  readonly data: Readonly<Record<string, string>>;
  readonly confidence: Finding['confidence'];
  readonly path: readonly Evidence[];
}

/** A pure question over what was computed about a file. */
export interface Check {
  readonly id: string;
  /** The number shown in editors. Never changes, never used again. */
  readonly code: number;
  readonly harm: string;
  readonly preset: Preset;
  readonly messages: Readonly<Record<string, string>>;
  judge(file: FileSummary): Iterable<Judgement>;
}

/** Messages about ignore comments, which every check has. */
export const ignoreMessages: Readonly<Record<string, string>> = {
  unusedIgnore: 'This ignore of `{{rule}}` silences nothing.',
  ignoreWithoutReason:
    'This ignore of `{{rule}}` gives no reason: write `// holdfast-ignore {{rule}}: why it is safe`.',
};

export function finding(check: Check, { at, messageId, data, confidence, path }: Judgement): Finding {
  const template = check.messages[messageId] ?? ignoreMessages[messageId] ?? messageId;
  const { file, start, end, line, column, endLine, endColumn } = at;
  return {
    ruleId: check.id,
    code: check.code,
    messageId,
    data,
    message: renderMessage(template, data),
    file,
    start,
    end,
    line,
    column,
    endLine,
    endColumn,
    confidence,
    path,
  };
}
