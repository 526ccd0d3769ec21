import type ts from 'typescript';
import type { CallTarget } from './catalogue/catalogue-index.js';
import type { FileFacts } from './facts/file-facts.js';
import type { Confidence, Evidence } from './finding.js';
import { locate } from './location.js';
import type { OptionState, OutboundCall } from './outbound-call.js';
import { timeoutState, type Clients, type TimeoutState } from './resolver/clients.js';
import type { Meanings } from './resolver/meaning.js';
import type { Operations } from './resolver/operation.js';
import type { Option, ReadOption } from './resolver/options.js';
import type { Targets } from './resolver/targets.js';
import { unwrap } from './resolver/unwrap.js';
import type { FollowCallers } from './summaries/callers.js';
import type { Surround } from './summaries/guards.js';
import type { TypeScript } from './typescript.js';

/** Everything that `outboundCalls` puts together. */
export interface Resolution {
  readonly ts: TypeScript;
  readonly facts: (file: ts.SourceFile) => FileFacts;
  readonly meanings: Meanings;
  readonly targets: Targets;
  readonly operations: Operations;
  readonly readOption: ReadOption;
  readonly clients: Clients;
  readonly surround: Surround;
  readonly followCallers: FollowCallers;
  readonly isTyped: boolean;
}

/** The outbound calls of a file, each with what guards it, in source order. */
export function outboundCalls(file: ts.SourceFile, resolution: Resolution): OutboundCall[] {
  const { ts, facts, targets } = resolution;
  return facts(file).calls.flatMap((call) => {
    const target = ts.isCallExpression(call) ? targets.call(call) : undefined;
    return target ? [describe(call as ts.CallExpression, target, file, resolution)] : [];
  });
}

function describe(
  call: ts.CallExpression,
  target: CallTarget,
  file: ts.SourceFile,
  resolution: Resolution,
): OutboundCall {
  const { operations, surround, followCallers } = resolution;
  const { module, row } = target;
  const argument = operations.optionsArgument(call, row);
  const signal = readSignal(call, target, argument, resolution);
  const timeout = timeoutOf(call, target, argument, signal, resolution);
  const near = surround(call).guard;
  const reach = near ? undefined : followCallers(call);
  const guard = near?.node ?? (reach?.kind === 'guarded' ? reach.guard : undefined);
  const isUncertain = timeout === 'unknown' || (reach?.kind === 'unguarded' && reach.isUncertain);
  return {
    ...locate(file, call.getStart(file), call.end),
    callee: evidence(call.expression),
    target: {
      module: module.module,
      export: row.export,
      ...(row.member === undefined ? {} : { member: row.member }),
      kind: module.kind ?? 'http',
    },
    operation: operations.of(call, row),
    options: {
      argument,
      ...(row.signal === undefined || !signal ? {} : { signal: { option: row.signal, state: stateOf(signal) } }),
    },
    timeout,
    ...(guard ? { guard: { ...evidence(guard), policy: near?.policy ?? 'callers' } } : {}),
    path: reach?.kind === 'unguarded' ? reach.path.map((step) => stepEvidence(step, resolution.ts)) : [],
    confidence: confidenceOf(isUncertain, resolution.isTyped),
  };
}

function confidenceOf(isUncertain: boolean, isTyped: boolean): Confidence {
  if (isUncertain) return 'likely';
  return isTyped ? 'certain' : 'syntactic';
}

function readSignal(
  call: ts.CallExpression,
  { row }: CallTarget,
  argument: number,
  { operations, readOption }: Resolution,
): Option | undefined {
  if (row.signal === undefined) return undefined;
  return operations.isOpaque(call, row) ? { state: 'unknown' } : readOption(call.arguments[argument], row.signal);
}

function timeoutOf(
  call: ts.CallExpression,
  { module, row }: CallTarget,
  argument: number,
  signal: Option | undefined,
  { ts, operations, readOption, clients, meanings, targets }: Resolution,
): TimeoutState {
  if (operations.isOpaque(call, row)) return 'unknown';
  const states: TimeoutState[] = [];
  if (signal?.state === 'unknown') states.push('unknown');
  if (signal?.state === 'present') {
    const value = unwrap(ts, signal.value);
    // The signal of the running attempt aborts only if some caller runs the attempt under a timeout.
    const isAmbient = ts.isCallExpression(value) && targets.isAmbientSignal(value);
    states.push(isAmbient ? 'unknown' : 'own');
  }
  if (row.timeout !== undefined) {
    const option = readOption(call.arguments[argument], row.timeout);
    // A timeout given to the call, `0` included, replaces that of its client.
    if (option.state === 'present') states.push(timeoutState(ts, option.value));
    else {
      if (option.state === 'unknown') states.push('unknown');
      const callee = meanings.of(call.expression);
      states.push(clients.timeout(callee?.kind === 'member' ? callee.owner : callee, module, row.timeout));
    }
  }
  return states.includes('own') ? 'own' : states.includes('unknown') ? 'unknown' : 'none';
}

function stateOf(option: Option): OptionState {
  return option.state;
}

function evidence(node: ts.Node): Evidence {
  const file = node.getSourceFile();
  return { ...locate(file, node.getStart(file), node.end), text: shorten(node.getText(file)) };
}

/** A function is named by its name, a call by its callee. */
function stepEvidence(node: ts.Node, ts: TypeScript): Evidence {
  if (ts.isCallExpression(node)) return evidence(node.expression);
  if (ts.isConstructorDeclaration(node)) return { ...evidence(node), text: 'constructor' };
  const { name } = node as Partial<ts.NamedDeclaration>;
  return name ? evidence(name) : evidence(node);
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
