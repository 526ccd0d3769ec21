import type ts from 'typescript';
import type { DependencyKind, Effect } from './catalogue/catalogue.js';
import type { Confidence, Evidence, Location } from './finding.js';
import { evidenceOf, locate, written } from './location.js';
import type { Outbound } from './outbound.js';
import type { TypeScript } from './typescript.js';

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
    /** Not of the catalogue: the code of the package says that it reaches the network. */
    readonly isInferred: boolean;
  };
  readonly operation: {
    readonly method?: string;
    readonly effect: Effect;
    /** What is sent as idempotency key, wherever it is written. */
    readonly key?: Evidence;
  };
  /** Position of the options argument, and whether it carries a signal already. `signal` is absent when the call cannot be cancelled. */
  readonly options: {
    readonly argument: number;
    readonly signal?: { readonly option: string; readonly state: OptionState };
    /** The option that takes an idempotency key, where the receiver is known to heed it. */
    readonly key?: string;
  };
  /** Timeout of the call itself or of its client: `own`, the library's `default`, `none`, or `unknown` when it cannot be seen. */
  readonly timeout: 'own' | 'default' | 'none' | 'unknown';
  /** The guard that covers it, here or in every caller, or what the project's configuration assumes. */
  readonly guard?: Evidence & { readonly policy: string };
  /** When nothing guards it: an unguarded way in, the outermost step first. */
  readonly path: readonly Evidence[];
  readonly confidence: Confidence;
}

export function outboundCall(
  { ts, isTyped }: { readonly ts: TypeScript; readonly isTyped: boolean },
  file: ts.SourceFile,
  outbound: Outbound,
): OutboundCall {
  const { node, callee, target, kind, operation, signal, timeout, regions, reach } = outbound;
  const region = regions[0] ?? (reach.kind === 'guarded' ? reach.region : undefined);
  const isUncertain = timeout === 'unknown' || (reach.kind === 'unguarded' && reach.isUncertain);
  return {
    ...locate(file, node.getStart(file), node.end),
    callee: written(callee),
    target: {
      module: target.module,
      export: target.type,
      ...(target.member === undefined ? {} : { member: target.member }),
      kind,
      isInferred: target.isInferred ?? false,
    },
    operation: {
      effect: operation.effect,
      ...(operation.method === undefined ? {} : { method: operation.method }),
      ...(operation.key ? { key: written(operation.key.value) } : {}),
    },
    options: {
      argument: outbound.options,
      ...(signal ? { signal: { option: signal.name, state: signal.option.state } } : {}),
      ...(target.row.keyOption === undefined ? {} : { key: target.row.keyOption }),
    },
    timeout,
    ...(region
      ? { guard: { ...written(region.node), policy: regions[0] ? region.name : 'callers' } }
      : outbound.isAssumedBounded
        ? { guard: { ...written(callee), policy: 'assumed in holdfast.config' } }
        : {}),
    path: reach.kind === 'unguarded' ? reach.path.map((step) => evidenceOf(ts, step)) : [],
    confidence: isUncertain ? 'likely' : target.isInferred ? 'inferred' : isTyped ? 'certain' : 'syntactic',
  };
}
