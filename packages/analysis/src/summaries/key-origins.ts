import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { ArgumentsFor } from '../resolver/options.js';
import { madeAnew } from './made-anew.js';
import { isSame } from './same-values.js';

/** What every attempt runs. */
export interface Attempt {
  /** Functions, loops and calls: what is repeated, then what it leads to. */
  readonly code: readonly ts.Node[];
  /** The arguments of what is repeated come from the retry, which may count with them, and not from whoever waits for it. */
  readonly isCallback: boolean;
  /** What is passed for a parameter of the functions that it leads to. */
  readonly argumentsFor: ArgumentsFor;
}

/** Whether the attempts send the same idempotency key, as far as can be told. */
export type KeyOrigin =
  | { readonly kind: 'same' | 'unknown' }
  /** Each attempt makes another one, here. */
  | { readonly kind: 'new'; readonly at: ts.Node };

type Tools = Pick<Analysis, 'ts' | 'scopes' | 'facts' | 'meanings' | 'checker' | 'reachable'>;

/** Where a key comes from. Both answers are proven: what is not understood is `unknown`. */
export function originOfKey(value: ts.Node, attempt: Attempt, tools: Tools): KeyOrigin {
  const at = madeAnew(value, attempt, tools);
  if (at) return { kind: 'new', at };
  return { kind: isSame(value, attempt, tools) ? 'same' : 'unknown' };
}
