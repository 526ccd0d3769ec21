import type { Effect, Location, OutboundCall } from '@holdfast/analysis';
import { ts } from 'ts-morph';
import { placeOf } from '../account.js';
import { createImports, insertBelowImports, type Imports } from '../imports.js';
import { layoutOf, type Layout } from '../layout.js';
import { bindingNames, camelCase, kebabCase } from '../names.js';
import { nodeAt, within } from '../nodes.js';
import {
  overlaps,
  type Change,
  type Edit,
  type Note,
  type Plan,
  type PlanOptions,
  type Skip,
  type SkipReason,
} from '../plan.js';
import type { AnalyzedFile } from '../project.js';
import { dependencyOf } from './dependency.js';
import { keyPlace, makeKey, type KeyPlace } from './idempotency-key.js';
import { guardPlace, ownerName, type Place } from './place.js';
import {
  choicesFor,
  decoratorName,
  defaultProfile,
  policyArguments,
  type GuardProfile,
  type PolicyChoice,
} from './profile.js';
import { ignoresBody, obstacleToRepeating } from './repeatable.js';
import { forwardSignal } from './signal.js';
import { skipMessages } from './skip-messages.js';
import { surroundingsOf, type CallSurroundings, type Owner } from './surroundings.js';
import { catchAround, fitsWhole, looksIntoError } from './whole.js';
import { addDecorators, wrapBody, wrapExpression } from './wrap.js';

const runtime = '@holdfast/runtime';

/** One unguarded call with the place its guard goes to. */
interface Case {
  readonly outbound: OutboundCall;
  readonly around: CallSurroundings;
  readonly dependency: string;
  readonly place: Place;
  /** Where an idempotency key can be made for it, so that it may be repeated. */
  readonly key?: KeyPlace | undefined;
}

/** Plans a guard for each unguarded outbound call of a file. Pure: reads what was found, writes nothing. */
export function planGuard(all: AnalyzedFile, profile: GuardProfile = defaultProfile, options: PlanOptions = {}): Plan {
  const { wants = () => true, idempotencyKeys = false } = options;
  const { sourceFile } = all;
  const empty = { file: sourceFile.fileName, text: sourceFile.text, edits: [], changes: [], skips: [], notes: [] };
  const open = idempotencyKeys ? all.outboundCalls.filter((call) => isOpen(call, all)) : all.unguardedCalls;
  if (open.length === 0) return empty;
  const whole = wholeFileRefusal(all);
  if (whole) return { ...empty, skips: all.unguardedCalls.map((call) => skip(call, whole)) };
  const declined = open.filter((call) => !wants(call));
  const wanted = open.filter(wants);
  const strange = wanted.filter((call) => !callAt(sourceFile, call));
  const file = { ...all, unguardedCalls: wanted.filter((call) => !strange.includes(call)) };
  const writer = new GuardWriter(file, profile);
  for (const group of groupByPlace(casesOf(file, idempotencyKeys))) writer.guard(group);
  const plan = writer.plan();
  const skips = [
    ...declined.map((call) => skip(call, 'declined')),
    ...strange.map((call) => skip(call, 'not-a-call')),
    ...plan.skips,
  ];
  return { ...plan, skips };
}

/** Whether nothing guards a call, or nothing but the library's own idea of a timeout where a key would make it repeatable. */
function isOpen(outbound: OutboundCall, file: AnalyzedFile): boolean {
  if (file.unguardedCalls.includes(outbound)) return true;
  if (outbound.timeout !== 'default' || outbound.guard || outbound.options.key === undefined) return false;
  const call = callAt(file.sourceFile, outbound);
  return call !== undefined && keyOf(file, outbound, surroundingsOf(call)) !== undefined;
}

/** Where a call that is guarded alone can be given a key. */
function keyOf(file: AnalyzedFile, outbound: OutboundCall, around: CallSurroundings): KeyPlace | undefined {
  if (outbound.options.key === undefined) return undefined;
  const alone = guardPlace(file, outbound, around, false);
  return alone.kind === 'wrapped-call' ? keyPlace(outbound, around.call, alone.expression) : undefined;
}

/** What stands against every change of a file. */
export function wholeFileRefusal({
  sourceFile,
  program,
}: AnalyzedFile): 'generated' | 'javascript' | 'parse-error' | 'vendored' | undefined {
  if (/\.[cm]?jsx?$/.test(sourceFile.fileName)) return 'javascript';
  if (
    /@generated|DO NOT EDIT/.test(sourceFile.text.slice(0, 1_000)) ||
    /\.(?:generated|pb)\.\w+$/.test(sourceFile.fileName)
  ) {
    return 'generated';
  }
  if (isVendored(sourceFile)) return 'vendored';
  return program.getSyntacticDiagnostics(sourceFile).length > 0 ? 'parse-error' : undefined;
}

/** By the names of folders that hold other people's code, or by lines that nobody wrote. */
function isVendored({ fileName, text }: ts.SourceFile): boolean {
  if (/\/(?:vendor|vendored|third[-_]party)\//.test(fileName)) return true;
  return text.length > 5_000 && text.length / text.split('\n').length > 200;
}

function casesOf(file: AnalyzedFile, idempotencyKeys: boolean): Case[] {
  const { sourceFile, outboundCalls, unguardedCalls } = file;
  const starts = new Set(outboundCalls.map(({ start }) => start));
  const found = unguardedCalls.flatMap((outbound) => {
    const call = callAt(sourceFile, outbound);
    if (!call) return [];
    const around = surroundingsOf(call);
    const key = idempotencyKeys ? keyOf(file, outbound, around) : undefined;
    return [{ outbound, around, dependency: dependencyOf(call, outbound), key }];
  });
  return found.map((one) => {
    const siblings = found.filter(({ around }) => around.owner === one.around.owner);
    const { owner } = one.around;
    // One guard for all: it fits all of them, or each gets its own. A key that is made inside of it would be another one each time.
    const isWhole =
      owner !== undefined &&
      siblings.every(
        ({ dependency, outbound, around, key }) =>
          !key && dependency === one.dependency && !around.runsApart && fitsWhole(owner, around, outbound, starts),
      );
    const { call } = one.around;
    const isNested = found.some(({ around }) => isArgumentOf(call, around.call) || isArgumentOf(around.call, call));
    const place: Place = isNested
      ? { kind: 'none', reason: 'overlap' }
      : guardPlace(file, one.outbound, one.around, isWhole);
    return { ...one, place };
  });
}

/** Whether a call is made on the way into another, and not later by a callback. */
function isArgumentOf(inner: ts.Node, outer: ts.CallExpression): boolean {
  for (let node = inner; !ts.isSourceFile(node) && !ts.isFunctionLike(node); node = node.parent) {
    if (node.parent === outer) return node !== outer.expression;
  }
  return false;
}

/** Calls that one guard covers. A method that is decorated for one call covers its other calls as well. */
function groupByPlace(cases: readonly Case[]): Case[][] {
  const groups = new Map<unknown, Case[]>();
  for (const one of cases) {
    const { place, around, dependency } = one;
    const key =
      place.kind === 'none'
        ? one
        : place.kind === 'wrapped-call'
          ? `${String(around.owner?.pos)} ${dependency}`
          : around.owner;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function callAt(file: ts.SourceFile, range: Location): ts.CallExpression | undefined {
  return nodeAt(file, range, ts.isCallExpression);
}

/** Collects the edits of one file. */
class GuardWriter {
  readonly #file: AnalyzedFile;
  readonly #profile: GuardProfile;
  readonly #layout: Layout;
  readonly #imports: Imports;
  readonly #taken: Set<string>;
  readonly #keyNames = new Map<Owner | undefined, Set<string>>();
  readonly #edits: Edit[] = [];
  readonly #declarations: string[] = [];
  readonly #changes: Change[] = [];
  readonly #skips: Skip[] = [];
  readonly #notes: Note[] = [];

  constructor(file: AnalyzedFile, profile: GuardProfile) {
    this.#file = file;
    this.#profile = profile;
    this.#layout = layoutOf(file.sourceFile);
    this.#imports = createImports(file.sourceFile, this.#layout);
    this.#taken = bindingNames(file.sourceFile);
  }

  guard(group: readonly Case[]): void {
    const [first] = group;
    if (!first) return;
    const { place } = first;
    switch (place.kind) {
      case 'none':
        this.#skips.push(skip(first.outbound, place.reason));
        return;
      case 'decorators':
        return this.#decorate(group, place.method);
      case 'wrapped-function':
        return this.#wrapFunction(group, place.fn);
      case 'wrapped-body':
        return this.#wrapBody(group, place.fn, place.body);
      case 'wrapped-call':
        return this.#wrapCalls(group);
    }
  }

  plan(): Plan {
    const { sourceFile } = this.#file;
    const base = { file: sourceFile.fileName, text: sourceFile.text };
    const below = this.#declarations.join(this.#layout.eol + this.#layout.eol);
    const edits = [
      ...this.#imports.edits(),
      ...(below === '' ? [] : [insertBelowImports(sourceFile, below, this.#layout)]),
      ...this.#edits,
    ];
    // Calls inside each other's arguments: rather nothing than half of it.
    if (overlaps(edits)) {
      return {
        ...base,
        edits: [],
        changes: [],
        notes: [],
        skips: this.#file.unguardedCalls.map((call) => skip(call, 'overlap')),
      };
    }
    return { ...base, edits, changes: this.#changes, skips: this.#skips, notes: this.#notes };
  }

  #decorate(group: readonly Case[], method: ts.MethodDeclaration): void {
    const { sourceFile } = this.#file;
    const choices = this.#choices(group, method);
    const name = this.#policyName(group[0]!, false);
    const decorators = choices.map((choice) => {
      const decorator = this.#imports.use(runtime, decoratorName(choice));
      return `@${decorator}(${policyArguments(choice, name, this.#layout.quote)})`;
    });
    this.#edits.push(addDecorators(sourceFile, method, decorators));
    this.#finish(group, 'decorators', choices);
    for (const one of group) this.#forwardCurrentSignal(one);
  }

  #wrapFunction(group: readonly Case[], fn: ts.ArrowFunction | ts.FunctionExpression): void {
    const choices = this.#choices(group, fn);
    const policy = this.#declarePolicy(group[0]!, choices, false);
    this.#edits.push(
      ...wrapExpression(this.#file.sourceFile, fn, `${this.#imports.use(runtime, 'guard')}(`, `, ${policy})`),
    );
    this.#finish(group, 'wrapped-function', choices);
    for (const one of group) this.#forwardCurrentSignal(one);
  }

  #wrapBody(group: readonly Case[], fn: Owner, body: ts.Block): void {
    const choices = this.#choices(group, fn);
    const policy = this.#declarePolicy(group[0]!, choices, false);
    const context = contextFor(group, fn);
    const before = `return ${policy}.execute(async (${context.parameter}) => {`;
    this.#edits.push(...wrapBody(this.#file.sourceFile, body, before, `})${this.#layout.semicolon}`, this.#layout));
    this.#finish(group, 'wrapped-body', choices);
    for (const one of group) this.#forward(one, context.signal);
  }

  #wrapCalls(group: readonly Case[]): void {
    const { owner } = group[0]!.around;
    const siblings = this.#file.unguardedCalls.length > group.length;
    const isOneOfSeveral =
      siblings &&
      this.#file.unguardedCalls.some((outbound) => {
        if (group.some((one) => one.outbound === outbound)) return false;
        return owner !== undefined && outbound.start >= owner.pos && outbound.end <= owner.end;
      });
    const keyed = this.#keyed(group);
    const choices = this.#choices(group, undefined, keyed);
    const policy = this.#declarePolicy(group[0]!, choices, isOneOfSeveral);
    for (const one of group) {
      if (one.place.kind !== 'wrapped-call') continue;
      const { expression, coversBody } = one.place;
      const context = contextFor([one], expression);
      const isAsync = expression !== one.around.call && within(expression, ts.isAwaitExpression);
      const before = `${policy}.execute(${isAsync ? 'async ' : ''}(${context.parameter}) => `;
      const wrapping = wrapExpression(this.#file.sourceFile, expression, before, ')');
      const key = keyed.has(one) ? this.#makeKey(one, wrapping) : undefined;
      if (key === undefined) this.#edits.push(...wrapping);
      this.#forward(one, context.signal, key);
      const handler = catchAround(one.around.call, one.around.owner);
      if (handler && looksIntoError(handler)) {
        this.#note(
          one,
          'error-type',
          'The `catch` around it also gets timeouts and open circuits, which are other errors.',
        );
      }
      if (!coversBody && !ignoresBody(expression, one.around.owner)) {
        this.#note(
          one,
          'body-not-covered',
          'The policies end when the headers are in: reading the body has no timeout.',
        );
      }
    }
    this.#finish(group, 'wrapped-call', choices);
  }

  /** Those that get a key: all that need one to be repeated, or none, as they share a policy. */
  #keyed(group: readonly Case[]): ReadonlySet<Case> {
    const mayRetry = this.#profile[group[0]!.outbound.target.kind].some(({ repeats }) => repeats);
    const writes = group.filter(
      ({ outbound, around }) => outbound.operation.effect !== 'read' && !this.#file.keepsKey(outbound, around.call),
    );
    return new Set(mayRetry && writes.every(({ key }) => key) ? writes : []);
  }

  /** Makes the key of a call around the edits that wrap it. Returns its name. */
  #makeKey(one: Case, wrapping: readonly Edit[]): string {
    const { owner } = one.around;
    const names = this.#keyNames.get(owner) ?? bindingNames(owner ?? this.#file.sourceFile);
    this.#keyNames.set(owner, names);
    let name = 'idempotencyKey';
    for (let count = 2; names.has(name); count += 1) name = `idempotencyKey${String(count)}`;
    names.add(name);
    const made = `const ${name} = ${this.#imports.use('node:crypto', 'randomUUID')}()`;
    const { before, after } = makeKey(this.#file.sourceFile, one.key!, made, this.#layout);
    this.#edits.push(before, ...wrapping, ...after);
    this.#note(
      one,
      'idempotency-key',
      'Its key makes the attempts of one call one. A caller that calls again sends another: give it a key of its own for that.',
    );
    return name;
  }

  #choices(
    group: readonly Case[],
    repeated: Owner | undefined,
    keyed: ReadonlySet<Case> = new Set(),
  ): readonly PolicyChoice[] {
    const kind = group[0]!.outbound.target.kind;
    // Whatever else goes out of a function that is run again is run again as well.
    const calls = repeated
      ? this.#file.outboundCalls.filter(({ start, end }) => start >= repeated.pos && end <= repeated.end)
      : group.filter((one) => !keyed.has(one)).map(({ outbound }) => outbound);
    const effects = calls.map((call): Effect => {
      const scope = repeated ?? callAt(this.#file.sourceFile, call);
      return scope && this.#file.keepsKey(call, scope) ? 'read' : call.operation.effect;
    });
    const obstacle = repeated && obstacleToRepeating(repeated, new Set(calls.map(({ start }) => start)));
    if (obstacle && effects.every((effect) => effect === 'read')) {
      const text = obstacle.getText().split('\n')[0] ?? '';
      this.#note(group[0]!, 'retry-left-out', `No retry: \`${text}\` would run again with it.`);
    }
    return choicesFor(this.#profile, kind, effects, obstacle === undefined);
  }

  #declarePolicy(one: Case, choices: readonly PolicyChoice[], isOneOfSeveral: boolean): string {
    const { eol, indent, semicolon, quote, printWidth } = this.#layout;
    const name = this.#policyName(one, isOneOfSeveral);
    const [, ...words] = name.split('.');
    const variable = this.#freeName(camelCase(`${words.join('-') || name}-policy`), camelCase(`${name}-policy`));
    const members = choices.map(
      (choice) => `${this.#imports.use(runtime, choice.policy)}(${policyArguments(choice, name, quote)})`,
    );
    if (members.length === 1) {
      this.#declarations.push(`const ${variable} = ${members[0]!}${semicolon}`);
      return variable;
    }
    const pipeline = this.#imports.use(runtime, 'pipeline');
    const line = `const ${variable} = ${pipeline}(${members.join(', ')})${semicolon}`;
    const lines = members.map((member) => `${indent}${member},${eol}`).join('');
    this.#declarations.push(
      line.length <= printWidth ? line : `const ${variable} = ${pipeline}(${eol}${lines})${semicolon}`,
    );
    return variable;
  }

  /** `payment-client.charge`: what people will see in metrics and error messages. */
  #policyName({ around: { owner }, dependency }: Case, isOneOfSeveral: boolean): string {
    const { fileName } = this.#file.sourceFile;
    const file = (/([^/]+)\.\w+$/.exec(fileName)?.[1] ?? 'module').replace(/\.\w+$/, '');
    const holder = owner?.parent;
    const type =
      holder && (ts.isClassLike(holder) ? holder : ts.isClassLike(holder.parent) ? holder.parent : undefined);
    const scope = kebabCase(type?.name?.text ?? file);
    const name = owner && ownerName(owner)?.replace('#', '');
    const parts = [scope, ...(name ? [name] : []), ...(isOneOfSeveral ? [kebabCase(dependency)] : [])];
    return parts.filter((part) => part !== '').join('.');
  }

  #freeName(short: string, long: string): string {
    let free = this.#taken.has(short) ? long : short;
    for (let count = 2; this.#taken.has(free); count += 1) free = long + String(count);
    this.#taken.add(free);
    return free;
  }

  #forwardCurrentSignal(one: Case): void {
    const { signal } = one.outbound.options;
    if (signal && signal.state !== 'present') {
      this.#forward(one, `${this.#imports.use(`${runtime}/context`, 'currentSignal')}()`);
    } else {
      this.#forward(one, '');
    }
  }

  #forward(one: Case, value: string, key?: string): void {
    const { signal } = one.outbound.options;
    if (!signal) this.#note(one, 'cannot-cancel', 'It takes no signal: after a timeout the work goes on.');
    else if (signal.state === 'present') {
      this.#note(
        one,
        'signal-kept',
        'It has a signal of its own: after a timeout the work goes on until that one aborts.',
      );
    }
    const { sourceFile, program } = this.#file;
    const checker = program.getTypeChecker();
    const edits = forwardSignal(sourceFile, checker, one.around.call, one.outbound, value, this.#layout, key);
    if (edits) this.#edits.push(...edits);
    else
      this.#note(one, 'cannot-cancel', 'Its options cannot be told from its other arguments: pass a signal by hand.');
  }

  #finish(group: readonly Case[], form: Change['form'], choices: readonly PolicyChoice[]): void {
    for (const { outbound } of group) {
      this.#changes.push({ call: placeOf(outbound), form, policies: choices.map(({ policy }) => policy) });
    }
  }

  #note({ outbound }: Case, code: Note['code'], message: string): void {
    this.#notes.push({ call: placeOf(outbound), code, message });
  }
}

/** The operation's parameter, without hiding a name that the code inside uses. */
function contextFor(group: readonly Case[], scope: ts.Node): { readonly parameter: string; readonly signal: string } {
  if (!group.some(({ outbound }) => outbound.options.signal && outbound.options.signal.state !== 'present')) {
    return { parameter: '', signal: '' };
  }
  if (!/\bsignal\b/.test(scope.getText())) return { parameter: '{ signal }', signal: 'signal' };
  const name = /\bcontext\b/.test(scope.getText()) ? 'holdfastContext' : 'context';
  return { parameter: name, signal: `${name}.signal` };
}

function skip(call: OutboundCall, reason: SkipReason): Skip {
  return { call: placeOf(call), reason, message: skipMessages[reason] };
}
