import type ts from 'typescript';
import type { CatalogueIndex } from './catalogue/catalogue-index.js';
import type { ClientRow, DependencyKind, Effect } from './catalogue/catalogue.js';
import { argumentsOf, calleeOf, type CallLike, type FileFacts } from './facts/file-facts.js';
import type { Clients } from './resolver/clients.js';
import type { Operation, Operations } from './resolver/operation.js';
import type { Option, ReadOption } from './resolver/options.js';
import type { ReadSignal } from './resolver/signals.js';
import type { OutboundNode, Target, Targets } from './resolver/targets.js';
import { unwrap } from './resolver/unwrap.js';
import type { Callers, Reach } from './summaries/callers.js';
import type { Region, Regions } from './summaries/regions.js';
import type { TypeScript } from './typescript.js';

/** What bounds a call: an option or signal of its own, the library's default, nothing, or what cannot be seen. */
export type TimeoutState = 'own' | 'default' | 'none' | 'unknown';

/** How often a client repeats a call on its own. */
export interface OwnRetries {
  /** Tries after the first one; `undefined` when an option that cannot be read sets it. */
  readonly count: number | undefined;
  readonly effects: 'all' | 'idempotent' | 'read';
  readonly kind?: 'marked' | 'reconnecting' | undefined;
  /** Set in the code, and not the library's default. */
  readonly isSet: boolean;
  /** The option, where there is one. */
  readonly node?: ts.Node;
}

/** A call that leaves the process, with what is known about it; each fact is worked out when first asked for. */
export interface Outbound {
  readonly node: OutboundNode;
  /** What to point at: the callee as written. */
  readonly callee: ts.Node;
  readonly target: Target;
  readonly kind: DependencyKind;
  readonly operation: Operation;
  readonly effect: Effect;
  readonly options: number;
  /** The option that takes a signal, and whether one is given; absent when the call cannot be cancelled. */
  readonly signal: { readonly name: string; readonly option: Option } | undefined;
  readonly timeout: TimeoutState;
  /** The duration that bounds it, where it is written as an option of the call or its client. */
  readonly timeoutOption: ts.Expression | undefined;
  /** No code bounds it: the project's configuration says that something else does. */
  readonly isAssumedBounded: boolean;
  readonly ownTimeout: number | undefined;
  readonly ownRetries: OwnRetries | undefined;
  /** The construction of its client, and the client's options that would bound it. */
  readonly client: { readonly creation: CallLike; readonly timeout: readonly string[] } | undefined;
  /** Guards around it in its own function, from the inside out. */
  readonly regions: readonly Region[];
  /** The way in when nothing in its own function guards it. */
  readonly reach: Reach;
}

export interface OutboundParts {
  readonly ts: TypeScript;
  readonly catalogue: CatalogueIndex;
  readonly facts: (file: ts.SourceFile) => FileFacts;
  readonly targets: Targets;
  readonly operations: Operations;
  readonly readOption: ReadOption;
  readonly readSignal: ReadSignal;
  readonly clients: Clients;
  readonly regions: Regions;
  readonly callers: Callers;
  /** Whether any file in sight says a word: an option that nobody names is set by nobody. */
  readonly isNamed: (word: string) => boolean;
}

/** Finds outbound calls, in source order. */
export interface Outbounds {
  of(file: ts.SourceFile): readonly Outbound[];
  /** Those in a piece of code; the rest of its file is not looked at. */
  inside(code: ts.Node): readonly Outbound[];
}

export function createOutbounds(parts: OutboundParts): Outbounds {
  const { facts, targets } = parts;
  const files = new WeakMap<ts.SourceFile, readonly Outbound[]>();
  const known = new WeakMap<ts.Node, Outbound | false>();

  function at(node: OutboundNode): Outbound | undefined {
    let answer = known.get(node);
    if (answer === undefined) {
      const target = targets.call(node);
      known.set(node, (answer = target ? new DescribedCall(node, target, parts) : false));
    }
    return answer || undefined;
  }

  function inside(code: ts.Node): readonly Outbound[] {
    const { calls, awaits } = facts(code.getSourceFile());
    const found: Outbound[] = [];
    for (const nodes of [calls, awaits]) {
      for (const node of nodes) {
        const outbound = node.pos >= code.pos && node.end <= code.end ? at(node) : undefined;
        if (outbound) found.push(outbound);
      }
    }
    return awaits.length > 0 ? found.sort((a, b) => a.node.pos - b.node.pos || a.callee.end - b.callee.end) : found;
  }

  return {
    of(file) {
      let calls = files.get(file);
      if (!calls) files.set(file, (calls = inside(file)));
      return calls;
    },
    inside,
  };
}

/** Each fact is worked out once, when it is first asked for. */
class DescribedCall implements Outbound {
  readonly node: OutboundNode;
  readonly callee: ts.Node;
  readonly target: Target;
  readonly kind: DependencyKind;
  readonly ownTimeout: number | undefined;
  readonly #parts: OutboundParts;
  readonly #known = new Map<string, unknown>();

  constructor(node: OutboundNode, target: Target, parts: OutboundParts) {
    const { ts, catalogue } = parts;
    this.node = node;
    this.target = target;
    this.callee = ts.isAwaitExpression(node) ? node.expression : calleeOf(node);
    this.kind = catalogue.module(target.module)?.kind ?? 'sdk';
    this.ownTimeout = clientRow(target, parts)?.ownTimeout;
    this.#parts = parts;
  }

  get operation(): Operation {
    return this.#once('operation', () => this.#parts.operations.of(this.node, this.target));
  }

  get effect(): Effect {
    return this.operation.effect;
  }

  get options(): number {
    return this.#once('options', () => this.#parts.operations.optionsArgument(this.node, this.target.row));
  }

  get signal(): Outbound['signal'] {
    return this.#once('signal', () => readSignalOption(this.node, this.target, this.#parts));
  }

  get timeout(): TimeoutState {
    return this.#bound.state;
  }

  get timeoutOption(): ts.Expression | undefined {
    return this.#bound.value;
  }

  get isAssumedBounded(): boolean {
    return this.#bound.isAssumed ?? false;
  }

  get ownRetries(): OwnRetries | undefined {
    return this.#once('ownRetries', () => ownRetries(this.node, this.target, this.options, this.#parts));
  }

  get client(): Outbound['client'] {
    return this.#once('client', () => {
      const timeout = clientRow(this.target, this.#parts)?.timeout;
      const creation = timeout?.length ? this.#parts.clients.creationOf(this.target) : undefined;
      return creation && timeout && { creation, timeout };
    });
  }

  get regions(): readonly Region[] {
    return this.#parts.regions.around(this.node).regions;
  }

  get reach(): Reach {
    return this.#once('reach', () => this.#parts.callers.reach(this.node));
  }

  get #bound(): Bound {
    return this.#once('bound', () => bound(this.node, this.target, this.signal, this.options, this.#parts));
  }

  #once<T>(name: string, compute: () => T): T {
    if (!this.#known.has(name)) this.#known.set(name, compute());
    return this.#known.get(name) as T;
  }
}

function clientRow(target: Target, { catalogue }: OutboundParts): ClientRow | undefined {
  return catalogue.client(target.module, typeOfClient(target));
}

function typeOfClient({ type, owner }: Target): string {
  return owner?.kind === 'instance' ? owner.type : type;
}

function givenTo(node: OutboundNode, { ts }: OutboundParts): readonly ts.Expression[] {
  return ts.isAwaitExpression(node) ? [] : argumentsOf(node);
}

function readSignalOption(node: OutboundNode, { row }: Target, parts: OutboundParts): Outbound['signal'] {
  if (row.signal === undefined) return undefined;
  const { operations, readOption } = parts;
  const option: Option = operations.isOpaque(node, row)
    ? { state: 'unknown' }
    : readOption(givenTo(node, parts)[operations.optionsArgument(node, row)], row.signal);
  return { name: row.signal, option: named(option, row.signal, parts) };
}

/** What nobody in the project names, nobody sets. */
function named(option: Option, name: string, { isNamed }: OutboundParts): Option {
  return option.state === 'unknown' && !isNamed(name.slice(name.lastIndexOf('.') + 1)) ? { state: 'absent' } : option;
}

interface Bound {
  readonly state: TimeoutState;
  readonly value?: ts.Expression | undefined;
  readonly isAssumed?: true;
}

function bound(
  node: OutboundNode,
  target: Target,
  signal: Outbound['signal'],
  position: number,
  parts: OutboundParts,
): Bound {
  const { ts, operations, readOption, readSignal, clients } = parts;
  const { row, chain = [] } = target;
  const given = givenTo(node, parts);
  const client = clientRow(target, parts);
  let isUnknown = false;

  if (client?.bounded || row.limits) return { state: 'own', isAssumed: true };
  if (chain.some(({ limits }) => limits)) return { state: 'own' };
  if (row.timeoutArgument !== undefined && given[row.timeoutArgument]) {
    return { state: 'own', value: given[row.timeoutArgument] };
  }
  if (signal?.option.state === 'present') {
    if (readSignal(signal.option.value) === 'timed') return { state: 'own', value: signal.option.value };
    isUnknown = true;
  } else if (signal?.option.state === 'unknown') isUnknown = true;

  for (const name of row.timeout ?? []) {
    if (operations.isOpaque(node, row)) {
      isUnknown = true;
      break;
    }
    const option = named(readOption(given[position], name), name, parts);
    // A timeout given to the call, `0` included, replaces that of its client.
    if (option.state === 'present') return ends(ts, option.value);
    isUnknown ||= option.state === 'unknown';
  }
  if (client?.timeout) {
    const option = clients.option(target, client.timeout);
    if (option.state === 'present') {
      const answer = ends(ts, option.value);
      if (answer.state === 'own' || !isUnknown) return answer;
    }
    isUnknown ||=
      option.state === 'unknown' && client.timeout.some((name) => named(option, name, parts).state !== 'absent');
  }
  if (target.isInferred && namesTimeout(node, target, parts)) return { state: 'own' };
  if (client?.ownTimeout !== undefined) return { state: 'default' };
  return { state: isUnknown || target.setsTimeouts ? 'unknown' : 'none' };
}

/** A package that nobody described: an option whose name says so, of the call or where its client is made. */
function namesTimeout(node: OutboundNode, target: Target, parts: OutboundParts): boolean {
  const { ts, clients } = parts;
  const creation = clients.creationOf(target);
  const given = [...givenTo(node, parts), ...(creation ? argumentsOf(creation) : [])];
  return given.some((argument) => {
    const options = unwrap(ts, argument);
    return (
      ts.isObjectLiteralExpression(options) &&
      options.properties.some((property) => {
        const name = property.name?.getText() ?? '';
        return /timeout|deadline/i.test(name) && !/connect/i.test(name);
      })
    );
  });
}

/** `timeout: 0` and `timeout: false` wait for ever. */
function ends(ts: TypeScript, value: ts.Expression): Bound {
  const bare = unwrap(ts, value);
  const isForever =
    (ts.isNumericLiteral(bare) && Number(bare.text) === 0) ||
    bare.kind === ts.SyntaxKind.FalseKeyword ||
    (ts.isIdentifier(bare) && bare.text === 'Infinity');
  return isForever ? { state: 'none' } : { state: 'own', value };
}

function ownRetries(
  node: OutboundNode,
  target: Target,
  position: number,
  parts: OutboundParts,
): OwnRetries | undefined {
  const { ts, readOption, clients, operations } = parts;
  const { row, chain = [] } = target;
  const client = clientRow(target, parts);
  const { effects = 'all', kind } = client?.ownRetries ?? {};
  if (chain.some(({ repeats }) => repeats)) return { count: undefined, effects: 'all', isSet: true };
  const set =
    (operations.isOpaque(node, row)
      ? undefined
      : firstSet(row.retries ?? [], (name) => readOption(givenTo(node, parts)[position], name))) ??
    firstSet(client?.retries ?? [], (name) => clients.option(target, [name]));
  if (set) {
    const count = countOf(ts, set);
    if (count === 0) return undefined;
    const methods = retriedMethods(node, target, position, parts);
    return methods
      ? methodRetries(methods, parts.operations.of(node, target).method, count ?? client?.ownRetries?.count)
      : { count, effects, kind, isSet: true, node: set };
  }
  const own = client?.ownRetries;
  return own && own.count > 0 ? { ...own, isSet: false } : undefined;
}

/** `retry: { methods: ['POST'] }`, of the call or its client. */
function retriedMethods(
  node: OutboundNode,
  target: Target,
  position: number,
  parts: OutboundParts,
): ts.ArrayLiteralExpression | undefined {
  const { ts, readOption, clients } = parts;
  const name = clientRow(target, parts)?.retryMethods;
  if (name === undefined) return undefined;
  const given =
    firstSet([name], () => readOption(givenTo(node, parts)[position], name)) ??
    firstSet([name], () => clients.option(target, [name]));
  const list = given && unwrap(ts, given);
  return list && ts.isArrayLiteralExpression(list) ? list : undefined;
}

function methodRetries(
  list: ts.ArrayLiteralExpression,
  method: string | undefined,
  count: number | undefined,
): OwnRetries | undefined {
  const isListed = list.elements.some((element) => element.getText().slice(1, -1).toUpperCase() === method);
  return isListed ? { count, effects: 'all', isSet: true, node: list } : undefined;
}

function firstSet(names: readonly string[], read: (name: string) => Option): ts.Expression | undefined {
  for (const name of names) {
    const option = read(name);
    if (option.state === 'present') return option.value;
  }
  return undefined;
}

function countOf(ts: TypeScript, value: ts.Expression): number | undefined {
  const bare = unwrap(ts, value);
  if (ts.isNumericLiteral(bare)) return Number(bare.text);
  return bare.kind === ts.SyntaxKind.FalseKeyword ? 0 : undefined;
}
