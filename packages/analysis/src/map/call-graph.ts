import type { Effect } from '../catalogue/catalogue.js';
import type { TimeoutState } from '../outbound.js';
import type { ClientLimits } from './client-limits.js';
import type { Dependency } from './dependency.js';
import type { PolicyLimits } from './limits.js';

/** A place in a file; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A function on the way to an outbound call, the code of a module itself, or a handler that is handed to a framework. */
export interface GraphFunction extends Place {
  /** Where it is, and nothing else is. */
  readonly key: string;
  readonly name: string;
  /** What a framework calls it for: `GET /orders`. */
  readonly route?: string;
  /** Nobody in the project calls it, or anyone may. */
  readonly isEntry: boolean;
}

/** One policy around a call. */
export interface GraphPolicy extends PolicyLimits, Place {
  readonly name: string;
}

/** Something around a call that changes how often and how long it runs: policies that are one guard, or a loop. */
export interface Layer {
  /** Calls that share it run under it together. */
  readonly key: string;
  /** Outermost first; absent in a loop, which runs what is inside nobody knows how often. */
  readonly policies?: readonly GraphPolicy[];
}

/** A call on the way to a dependency. */
export interface CallSite extends Place {
  readonly key: string;
  readonly from: string;
  readonly text: string;
  /** Outermost first. */
  readonly layers: readonly Layer[];
  /** What runs it, and under what, is not all in sight. */
  readonly isUncertain: boolean;
  /** Once for each item of something. */
  readonly isRepeated: boolean;
  /** `void call()` */
  readonly isWaitedFor: boolean;
  /** The functions that it calls, one of them each time. */
  readonly callees: readonly string[];
  /** The functions that are handed to what it calls, which runs each once. */
  readonly handed: readonly string[];
  /** The same, where nobody knows how often they run. */
  readonly kept: readonly string[];
  readonly outbound?: GraphOutbound;
}

export interface GraphOutbound extends ClientLimits {
  readonly dependency: Dependency;
  readonly operation: string;
  readonly effect: Effect;
  readonly timeoutState: TimeoutState;
  readonly gap?: 'certain' | 'likely';
}

/** Who calls whom on the ways to what leaves the process. Plain data: graphs of several programs make one map. */
export interface CallGraph {
  readonly functions: readonly GraphFunction[];
  readonly sites: readonly CallSite[];
}

/** The functions that a call leads to. */
export function targetsOf({ callees, handed, kept }: CallSite): readonly string[] {
  return [...callees, ...handed, ...kept];
}
