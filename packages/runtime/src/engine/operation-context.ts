import { shared } from './ambient.js';

/** What an operation can learn about the attempt it runs in. */
export interface OperationContext {
  /** Aborts when this attempt is given up: its time ran out, its caller aborted, or another copy was faster. Never after success. */
  readonly signal: AbortSignal;
  /** 1 for the first try, 2 for the first retry, and so on. */
  readonly attempt: number;
  /** The same for every attempt of one call under `@Idempotent`, to be sent along so that a repetition is recognised. */
  readonly idempotencyKey: string | undefined;
  /** How long until the nearest timeout around this attempt, in ms; `Infinity` without one. */
  remainingTime(): number;
}

/** Something that can be told to stop. */
export interface Abortable {
  interrupt(reason: unknown): void;
}

/** An enclosing context, as the engine sees it: it can be listened to without a signal being made. */
export interface ParentContext extends OperationContext {
  readonly isAborted: boolean;
  readonly reason: unknown;
  subscribe(listener: Abortable): void;
  unsubscribe(listener: Abortable): void;
}

/**
 * The signal of an attempt, and who listens to its end. The `AbortController` comes into being only when somebody reads
 * the signal: making one costs more than all the policies together on Node 20, aborting one more still.
 */
export class Cancellation {
  isAborted = false;
  reason: unknown = undefined;
  private controller: AbortController | undefined = undefined;
  private listeners: Set<Abortable> | undefined = undefined;

  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.isAborted) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  abort(reason: unknown): void {
    if (this.isAborted) return;
    this.isAborted = true;
    this.reason = reason;
    const { listeners } = this;
    this.listeners = undefined;
    if (listeners) for (const listener of listeners) listener.interrupt(reason);
    this.controller?.abort(reason);
  }

  subscribe(listener: Abortable): void {
    if (!this.isAborted) (this.listeners ??= new Set()).add(listener);
  }

  unsubscribe(listener: Abortable): void {
    this.listeners?.delete(listener);
  }
}

/** A context that a policy puts around its inner calls: a copy of a hedged call, the shared work of a cache. */
export class DerivedContext implements ParentContext, Abortable {
  private readonly parent: ParentContext | undefined;
  private readonly ownKey: string | undefined;
  private cancellation: Cancellation | undefined = undefined;

  constructor(parent: ParentContext | undefined, idempotencyKey?: string) {
    this.parent = parent;
    this.ownKey = idempotencyKey;
  }

  get signal(): AbortSignal {
    return (this.cancellation ??= new Cancellation()).signal;
  }
  get attempt(): number {
    return this.parent?.attempt ?? 1;
  }
  get idempotencyKey(): string | undefined {
    return this.ownKey ?? this.parent?.idempotencyKey;
  }
  remainingTime(): number {
    return this.parent?.remainingTime() ?? Infinity;
  }
  get isAborted(): boolean {
    return this.cancellation?.isAborted === true;
  }
  get reason(): unknown {
    return this.cancellation?.reason;
  }
  subscribe(listener: Abortable): void {
    (this.cancellation ??= new Cancellation()).subscribe(listener);
  }
  unsubscribe(listener: Abortable): void {
    this.cancellation?.unsubscribe(listener);
  }
  interrupt(reason: unknown): void {
    (this.cancellation ??= new Cancellation()).abort(reason);
  }
}

/** The caller's context (or one that never ends), but for what is said otherwise. */
export class ContextWith implements ParentContext {
  private readonly parent: ParentContext | undefined;
  private readonly facts: { attempt?: number; idempotencyKey?: string };
  private never: AbortSignal | undefined = undefined;

  constructor(parent: ParentContext | undefined, facts: { attempt?: number; idempotencyKey?: string }) {
    this.parent = parent;
    this.facts = facts;
  }

  get signal(): AbortSignal {
    return this.parent?.signal ?? (this.never ??= new AbortController().signal);
  }
  get attempt(): number {
    return this.facts.attempt ?? this.parent?.attempt ?? 1;
  }
  get idempotencyKey(): string | undefined {
    return this.facts.idempotencyKey ?? this.parent?.idempotencyKey;
  }
  remainingTime(): number {
    return this.parent?.remainingTime() ?? Infinity;
  }
  get isAborted(): boolean {
    return this.parent?.isAborted === true;
  }
  get reason(): unknown {
    return this.parent?.reason;
  }
  subscribe(listener: Abortable): void {
    this.parent?.subscribe(listener);
  }
  unsubscribe(listener: Abortable): void {
    this.parent?.unsubscribe(listener);
  }
}

/**
 * The context of a caller who passed a signal. Hands its abort on to any number of calls through a single listener,
 * which is there only while calls are: a long-lived signal collects no listeners and no warnings.
 */
class SignalContext implements ParentContext {
  readonly signal: AbortSignal;
  readonly attempt = 1;
  readonly idempotencyKey = undefined;
  private readonly listeners = new Set<Abortable>();

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  remainingTime(): number {
    return Infinity;
  }
  get isAborted(): boolean {
    return this.signal.aborted;
  }
  get reason(): unknown {
    return this.signal.reason;
  }

  subscribe(listener: Abortable): void {
    if (this.listeners.size === 0) this.signal.addEventListener('abort', this.onAbort);
    this.listeners.add(listener);
  }

  unsubscribe(listener: Abortable): void {
    if (this.listeners.delete(listener) && this.listeners.size === 0) {
      this.signal.removeEventListener('abort', this.onAbort);
    }
  }

  private readonly onAbort = (): void => {
    this.signal.removeEventListener('abort', this.onAbort);
    const listeners = [...this.listeners];
    this.listeners.clear();
    for (const listener of listeners) listener.interrupt(this.signal.reason);
  };
}

/** Inside a guarded call, with a signal of its own: whichever aborts first ends it, everything else is known from around. */
class JoinedContext implements ParentContext {
  private readonly own: ParentContext;
  private readonly around: ParentContext;
  private both: AbortSignal | undefined = undefined;

  constructor(own: ParentContext, around: ParentContext) {
    this.own = own;
    this.around = around;
  }

  get signal(): AbortSignal {
    return (this.both ??= AbortSignal.any([this.own.signal, this.around.signal]));
  }
  get attempt(): number {
    return this.around.attempt;
  }
  get idempotencyKey(): string | undefined {
    return this.around.idempotencyKey;
  }
  remainingTime(): number {
    return this.around.remainingTime();
  }
  get isAborted(): boolean {
    return this.own.isAborted || this.around.isAborted;
  }
  get reason(): unknown {
    return this.own.isAborted ? this.own.reason : this.around.reason;
  }
  subscribe(listener: Abortable): void {
    this.own.subscribe(listener);
    this.around.subscribe(listener);
  }
  unsubscribe(listener: Abortable): void {
    this.own.unsubscribe(listener);
    this.around.unsubscribe(listener);
  }
}

const contexts = new WeakMap<AbortSignal, SignalContext>();

/** The context around a call that was given `signal`: the caller's, and the ambient one where there is one. */
export function contextOfCaller(signal: AbortSignal | undefined): ParentContext | undefined {
  const ambient = shared.ambient?.current();
  if (!signal) return ambient;
  let context = contexts.get(signal);
  if (!context) contexts.set(signal, (context = new SignalContext(signal)));
  return ambient ? new JoinedContext(context, ambient) : context;
}
