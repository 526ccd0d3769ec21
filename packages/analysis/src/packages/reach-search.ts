import type { Code, ModuleValues, Shape, Value } from './module-values.js';
import { isHarmlessExport, isSinkGlobal, isSinkModule, sinkOf } from './network-sinks.js';

/** What the search asks about the package it searches in. */
export interface SearchedPackage {
  /** The module that a specifier means, when it is one of the package's own. */
  moduleOf(specifier: string, from: string): ModuleValues | undefined;
  /** The members that are called by this name, in whichever file. */
  membersNamed(name: string): readonly Shape[];
  /** Whether what another package exports, or a member of it, opens connections; `undefined` when it has no such thing. */
  isNetworkDependency(dependency: Dependency): boolean | undefined;
  /** Whether a dependency that opens connections has such a member, and it does. */
  isNetworkMember(name: string): boolean;
}

/** A part of another package: all of it, one export, or a member of what that export is or makes. */
export interface Dependency {
  readonly kind: 'dependency';
  readonly specifier: string;
  readonly from: string;
  readonly name?: string;
  readonly member?: string;
  /** The last name before the member's. */
  readonly receiver?: string;
  /** It may as well be somebody else's: `export *` does not say which names it hands on. */
  readonly isGuess?: true;
}

/** What a value turns out to be. `unknown`: a member of something that the text does not tell. */
export type Meaning =
  | { readonly kind: 'shape'; readonly shape: Shape }
  | { readonly kind: 'network' }
  | Dependency
  | { readonly kind: 'global'; readonly name: string }
  | { readonly kind: 'unknown'; readonly name: string; readonly receiver: string | undefined };

export interface ReachSearch {
  meaningsOf(value: Value): readonly Meaning[];
  isNetwork(meaning: Meaning, isCalled: boolean): boolean;
  /** Whether running any of these opens a connection, sooner or later. */
  reachesNetwork(values: readonly Value[]): boolean;
}

const NETWORK: Meaning = { kind: 'network' };

/** A search that has seen this much code no longer tells calls apart. */
const CODE_LIMIT = 5_000;
const NESTING_LIMIT = 40;
/** What may be more things than this is as good as unknown. */
const MEANINGS_LIMIT = 50;
/** `handlers[type]` may be any of them, unless they are so many that nothing is said by that. */
const COMPUTED_LIMIT = 20;

const EVERYDAY_MEMBERS = new Set([
  ...[
    Array,
    String,
    Number,
    Map,
    Set,
    WeakMap,
    Promise,
    Function,
    Object,
    RegExp,
    Date,
    Uint8Array,
    DataView,
    Symbol,
  ].flatMap((type) => [...Object.getOwnPropertyNames(type.prototype), ...Object.getOwnPropertyNames(type)]),
  ...['addListener', 'emit', 'off', 'on', 'once', 'removeAllListeners', 'removeListener', 'setMaxListeners'],
  ...['cork', 'destroy', 'end', 'pause', 'pipe', 'read', 'resume', 'unpipe', 'unref', 'ref', 'write', 'close', 'abort'],
  ...['next', 'done', 'return', 'throw', 'reject', 'addEventListener', 'removeEventListener', 'dispatchEvent'],
  ...['debug', 'error', 'info', 'log', 'trace', 'verbose', 'warn', 'parse', 'stringify', 'format', 'toJSON', 'clone'],
  ...['init', 'start', 'stop', 'open', 'run', 'handle', 'callback', 'cb', 'fn', 'handler', 'update', 'reset', 'add'],
  ...['remove', 'setTimeout', 'clearTimeout', 'require', 'default', 'stat', 'readFile', 'createHash', 'digest'],
]);

const HTTP_VERB = /^(?:get|head|post|put|patch|delete|request|send)$/;
const HTTP_CLIENT = /(?:http|axios|client|fetch|rest|api|transport(?:er)?|requester)$/i;

export function createReachSearch(searched: SearchedPackage): ReachSearch {
  const meanings = new Map<Value, readonly Meaning[]>();
  const local = new Set<Code>();
  const network = new Set<Code>();
  let nesting = 0;

  function meaningsOf(value: Value): readonly Meaning[] {
    const known = meanings.get(value);
    if (known) return known;
    if (nesting > NESTING_LIMIT) return [];
    // What refers to itself adds nothing to itself.
    meanings.set(value, value.kind === 'shape' ? [{ kind: 'shape', shape: value }] : []);
    nesting++;
    const found = distinct(find(value));
    nesting--;
    meanings.set(value, found);
    return found;
  }

  function find(value: Value): Iterable<Meaning> {
    switch (value.kind) {
      case 'shape':
        return either([{ kind: 'shape', shape: value }], value.is);
      case 'global':
        return [isSinkGlobal(value.name) ? NETWORK : { kind: 'global', name: value.name }];
      case 'import':
        return imported(value.specifier, value.from);
      case 'result':
        return resultOf(value);
      case 'member':
        return membersOf(value.of, value.name);
    }
  }

  function* either(first: Iterable<Meaning>, values: readonly Value[]): Iterable<Meaning> {
    yield* first;
    for (const value of values) yield* meaningsOf(value);
  }

  function imported(specifier: string, from: string): readonly Meaning[] {
    const own = searched.moduleOf(specifier, from);
    return own ? meaningsOf(own.exports) : [{ kind: 'dependency', specifier, from }];
  }

  function* resultOf({ of, given }: Value & { kind: 'result' }): Iterable<Meaning> {
    for (const meaning of of ? meaningsOf(of) : []) {
      if (meaning.kind === 'network' || meaning.kind === 'dependency') yield meaning;
      else if (meaning.kind === 'shape' && meaning.shape.code) yield* either([], meaning.shape.code.returned);
      else if (meaning.kind === 'shape') yield meaning;
    }
    yield* either([], given);
  }

  function* membersOf(of: Value | undefined, name: string | undefined): Iterable<Meaning> {
    const holders = of ? meaningsOf(of) : [];
    if (name === undefined) {
      for (const holder of holders) {
        if (holder.kind !== 'shape') yield holder;
        else if (holder.shape.members.size <= COMPUTED_LIMIT) yield* either([], [...holder.shape.members.values()]);
      }
      return;
    }
    const isGuess = holders.some((holder) => holder.kind === 'shape' && holder.shape.members.size > 0);
    let isKnown = false;
    for (const holder of holders) {
      if (holder.kind === 'network') yield holder;
      else if (holder.kind === 'dependency') {
        yield memberOfDependency(holder, name, of && labelOf(of), isGuess);
        if (isGuess) continue;
      } else if (holder.kind === 'global' && isGlobalObject(holder.name)) {
        if (isSinkGlobal(name)) yield NETWORK;
      } else {
        const member = holder.kind === 'shape' ? holder.shape.members.get(name) : undefined;
        if (!member) continue;
        yield* meaningsOf(member);
      }
      isKnown = true;
    }
    if (isKnown) return;
    // What is wrapped for another module system, or constructed from a prototype, is still itself.
    if (name === 'default' || name === 'prototype') yield* holders;
    else if (holders.length === 0 || !holders.every((holder) => holder.kind === 'global')) {
      yield { kind: 'unknown', name, receiver: of && labelOf(of) };
    }
  }

  function memberOfDependency(
    holder: Dependency,
    name: string,
    receiver: string | undefined,
    isGuess: boolean,
  ): Meaning {
    if (name === 'default' || name === 'prototype') return holder;
    const guess = isGuess ? { isGuess } : {};
    if (holder.name === undefined) return { ...holder, ...guess, name };
    return { ...holder, ...guess, member: name, ...(receiver !== undefined && { receiver }) };
  }

  function isNetwork(meaning: Meaning, isCalled: boolean): boolean {
    switch (meaning.kind) {
      case 'network':
        return true;
      case 'dependency':
        return isNetworkDependency(meaning, isCalled);
      case 'unknown':
        return isCalled && isNetworkByName(meaning.name, meaning.receiver);
      default:
        return false;
    }
  }

  function isNetworkDependency(dependency: Dependency, isCalled: boolean): boolean {
    const { specifier, name, member, receiver, isGuess } = dependency;
    if (isSinkModule(specifier)) return sinkOf(specifier, name) === 'network';
    if (isHarmlessExport(name)) return false;
    if (member !== undefined && (!isCalled || (isEverydayMember(member) && !HTTP_VERB.test(member)))) return false;
    if (isClientCall(member, receiver) && !specifier.startsWith('node:')) return true;
    return searched.isNetworkDependency(dependency) ?? (isCalled && member === undefined && !isGuess);
  }

  /** A client that was handed in from outside is known by its name only. */
  function isClientCall(name: string | undefined, receiver: string | undefined): boolean {
    if (name === undefined || receiver === undefined) return false;
    return HTTP_VERB.test(name) && HTTP_CLIENT.test(receiver);
  }

  function isNetworkByName(name: string, receiver: string | undefined): boolean {
    if (isClientCall(name, receiver)) return true;
    return !isEverydayMember(name) && searched.membersNamed(name).length === 0 && searched.isNetworkMember(name);
  }

  function reachesNetwork(values: readonly Value[]): boolean {
    const cameFrom = new Map<Code, Code | undefined>();
    const waiting: Code[] = [];
    const arrive = (value: Value, isCalled: boolean, from: Code | undefined): boolean => {
      for (const meaning of meaningsOf(value)) {
        if (isNetwork(meaning, isCalled)) return true;
        const shapes =
          meaning.kind === 'shape'
            ? [meaning]
            : meaning.kind === 'unknown' && isCalled && !isEverydayMember(meaning.name)
              ? searched.membersNamed(meaning.name).flatMap(meaningsOf)
              : [];
        for (const member of shapes) {
          // Through a name alone only functions are reached, not what a field of that name happens to hold.
          if (member.kind !== 'shape' || !member.shape.code) continue;
          const { code } = member.shape;
          if (network.has(code)) return true;
          if (local.has(code) || cameFrom.has(code)) continue;
          cameFrom.set(code, from);
          waiting.push(code);
        }
      }
      return false;
    };
    const isReached = (from: Code | undefined): true => {
      for (let code = from; code; code = cameFrom.get(code)) network.add(code);
      return true;
    };
    for (const value of values) if (arrive(value, true, undefined)) return true;
    for (let code = waiting.shift(); code; code = waiting.shift()) {
      if (cameFrom.size > CODE_LIMIT) return true;
      for (const { value, isCalled } of code.mentions) {
        if (arrive(value, isCalled, code)) return isReached(code);
      }
    }
    for (const code of cameFrom.keys()) local.add(code);
    return false;
  }

  return { meaningsOf, isNetwork, reachesNetwork };
}

/** Members that half of all objects have: their name alone says nothing about whose they are. */
export function isEverydayMember(name: string): boolean {
  return EVERYDAY_MEMBERS.has(name);
}

function isGlobalObject(name: string): boolean {
  return name === 'globalThis' || name === 'global' || name === 'window' || name === 'self';
}

function labelOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'shape':
      return value.label;
    case 'member':
    case 'global':
      return value.name;
    case 'result':
      return undefined;
    case 'import':
      return value.specifier;
  }
}

function distinct(meanings: Iterable<Meaning>): readonly Meaning[] {
  const found = new Map<unknown, Meaning>();
  for (const meaning of meanings) {
    found.set(keyOf(meaning), meaning);
    if (found.size === MEANINGS_LIMIT) break;
  }
  return [...found.values()];
}

function keyOf(meaning: Meaning): unknown {
  switch (meaning.kind) {
    case 'shape':
      return meaning.shape;
    case 'network':
      return 'network';
    case 'dependency':
      return `${meaning.specifier} ${meaning.name} ${meaning.member} ${meaning.from}`;
    case 'global':
    case 'unknown':
      return `${meaning.kind} ${meaning.name}`;
  }
}
