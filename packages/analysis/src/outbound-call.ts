import type { DependencyKind, Effect } from './catalogue/catalogue.js';
import type { Confidence, Evidence, Location } from './finding.js';

/** Whether an option is set, surely not set, or out of sight. */
export type OptionState = 'present' | 'absent' | 'unknown';

/** A call that leaves the process, with everything known about it, as plain data. The range is that of the call expression. */
export interface OutboundCall extends Location {
  /** The callee as written, such as `this.http.post`. */
  readonly callee: Evidence;
  readonly target: {
    readonly module: string;
    readonly export: string;
    readonly member?: string;
    readonly kind: DependencyKind;
  };
  readonly operation: { readonly method?: string; readonly effect: Effect };
  /** Position of the options argument, and whether it carries a signal already. `signal` is absent when the call cannot be cancelled. */
  readonly options: {
    readonly argument: number;
    readonly signal?: { readonly option: string; readonly state: OptionState };
  };
  /** Timeout of the call itself or of its client: `own`, `none`, or `unknown` when it cannot be seen. */
  readonly timeout: 'own' | 'none' | 'unknown';
  /** The guard that covers it, here or in every caller. */
  readonly guard?: Evidence & { readonly policy: string };
  /** When nothing guards it: an unguarded way in, the outermost step first. */
  readonly path: readonly Evidence[];
  readonly confidence: Confidence;
}
