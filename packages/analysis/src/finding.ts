/**
 * How sure the analysis is. `inferred` ones rest on the code of a package that nobody described; `likely` ones on something
 * out of sight, and are shown by `strict` only.
 */
export type Confidence = 'certain' | 'inferred' | 'likely' | 'syntactic';

/** A range of a file. Offsets count UTF-16 units; lines and columns start at 1. */
export interface Location {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One step of the path that a finding rests on, from the entry to the call. */
export interface Evidence extends Location {
  readonly text: string;
}

/** Replaces `[start, end)` of the file that the finding is in. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A change that would cure a finding. */
export interface Fix {
  readonly messageId: string;
  readonly data: Readonly<Record<string, string>>;
  readonly title: string;
  /** It keeps the meaning of the code; any other fix is for a person to choose. */
  readonly isSafe: boolean;
  readonly edits: readonly Edit[];
  /** The name that it declares, and where: of two fixes that declare the same, one is done at a time. */
  readonly declares?: string;
}

/** What a check found, as plain data: surfaces translate it and add nothing. */
export interface Finding extends Location {
  readonly ruleId: string;
  /** The number editors show and tools filter by. It never changes. */
  readonly code: number;
  readonly messageId: string;
  readonly data: Readonly<Record<string, string>>;
  readonly message: string;
  readonly confidence: Confidence;
  readonly path: readonly Evidence[];
  readonly fixes: readonly Fix[];
}

/** Fills `{{name}}` places of a message. */
export function renderMessage(template: string, data: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (place, name: string) => data[name] ?? place);
}
