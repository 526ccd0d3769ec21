import type { Location } from '@holdfast/analysis';

/** Replaces `[start, end)` of the original text. Equal offsets insert, in the order planned. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Why a call is left as it is. Codes are stable; the words are for people. */
export type SkipReason =
  | 'connection'
  | 'constructor'
  | 'declined'
  | 'fire-and-forget'
  | 'generated'
  | 'generator'
  | 'impure-args'
  | 'inside-transaction'
  | 'javascript'
  | 'mixed-return'
  | 'narrowed'
  | 'no-project'
  | 'no-promise'
  | 'not-a-call'
  | 'one-shot-body'
  | 'optional-chain'
  | 'overlap'
  | 'parse-error'
  | 'sync'
  | 'vendored';

/** Why the use of another library stays as it is. */
export type MigrationSkipReason =
  | 'abort-error'
  | 'caller-signal'
  | 'breaker-error'
  | 'changing-request'
  | 'comment'
  | 'declined'
  | 'dynamic-option'
  | 'error-class'
  | 'fallback-type'
  | 'generated'
  | 'invalid-option'
  | 'javascript'
  | 'listener'
  | 'late-result'
  | 'nested'
  | 'not-a-call'
  | 'operation'
  | 'option'
  | 'order'
  | 'other-import'
  | 'other-use'
  | 'own-error'
  | 'parse-error'
  | 'promise'
  | 'race-not-a-timeout'
  | 'signal'
  | 'rolling-window'
  | 'shared-client'
  | 'shared-timeout'
  | 'stateful-loop'
  | 'throws-no-error'
  | 'timeout-error'
  | 'together'
  | 'unbounded'
  | 'vendored'
  | 'version'
  | 'which-error';

export interface Skip {
  readonly call: Location & { readonly text: string };
  readonly reason: SkipReason | MigrationSkipReason;
  readonly message: string;
}

/** Something that a person should know about a call that was changed. */
export interface Note {
  readonly call: Location & { readonly text: string };
  readonly code:
    | 'body-not-covered'
    | 'cannot-cancel'
    | 'error-type'
    | 'half-open'
    | 'idempotency-key'
    | 'retry-left-out'
    | 'signal-kept';
  readonly message: string;
}

/** A call, or another piece of code, that the plan changes, and how. */
export interface Change {
  readonly call: Location & { readonly text: string };
  readonly form: 'decorators' | 'migrated' | 'wrapped-body' | 'wrapped-call' | 'wrapped-function';
  readonly policies: readonly string[];
}

/** What would change in one file. Plain data: showing it, checking it and writing it are other people's business. */
export interface Plan {
  readonly file: string;
  /** The text that offsets refer to, without a byte order mark. */
  readonly text: string;
  readonly edits: readonly Edit[];
  readonly changes: readonly Change[];
  readonly skips: readonly Skip[];
  readonly notes: readonly Note[];
}

/** What a planner may change. */
export interface PlanOptions {
  /** Whether a call is to be changed; those that are not are skipped as `declined`. All of them by default. */
  readonly wants?: (call: Location) => boolean;
  /**
   * Gives writes an idempotency key, and a retry with it, where the client documents an option for one. Off by default. Such writes are
   * guarded although their client gives up by itself some day.
   */
  readonly idempotencyKeys?: boolean;
}

/** The text after the edits. Everything outside of them stays as it is, byte for byte. */
export function editedText({ text, edits }: Pick<Plan, 'text' | 'edits'>): string {
  let result = '';
  let from = 0;
  for (const edit of inOrder(edits)) {
    if (edit.start < from) throw new RangeError(`Edits overlap at offset ${String(edit.start)}`);
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from);
}

export function overlaps(edits: readonly Edit[]): boolean {
  return inOrder(edits).some((edit, index, all) => index > 0 && edit.start < all[index - 1]!.end);
}

function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}
