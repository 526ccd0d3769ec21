import type { Circuit } from '../policies/circuit.js';
import type { Waiter } from '../policies/permits.js';
import type { Retrying } from '../policies/retrying.js';
import type { Callable, Runner } from '../policy.js';
import { shared } from './ambient.js';
import { NOT_LISTED, type Deadlines, type Expiring } from './deadlines.js';
import {
  BREAKER,
  BULKHEAD,
  RATE_LIMIT,
  TIMEOUT,
  type BreakerLayer,
  type BulkheadLayer,
  type Layer,
  type RateLimitLayer,
  type TimeoutLayer,
} from './layers.js';
import { Cancellation, type Abortable, type ParentContext } from './operation-context.js';

/** What a row of policies was compiled to. Shared by all its calls. */
export interface Program {
  /** The kind of each layer, outermost first. Retry is not among them: it is always outside. */
  readonly kinds: readonly number[];
  readonly layers: readonly Layer[];
  readonly retry: Retrying | undefined;
  readonly breakerIndex: number;
  readonly timeoutIndex: number;
  readonly timeout: TimeoutLayer | undefined;
  /** What runs inside the innermost layer; the function itself when undefined. */
  readonly inner: Runner | undefined;
  readonly owner: string | undefined;
}

/** Beyond every layer: the attempt was not cut off. */
const NOT_CUT = 1 << 20;
/** Outside every layer: the caller cut it off. */
const CUT_BY_CALLER = -1;
const OVER = -2;

// `new Promise(capture)` makes no closure of its own. Both are read at once, before anything else can run.
let resolveLatest: (value: unknown) => void;
let rejectLatest: (reason: unknown) => void;
const capture = (resolve: (value: unknown) => void, reject: (reason: unknown) => void): void => {
  resolveLatest = resolve;
  rejectLatest = reject;
};

/**
 * One attempt of one call: enters the layers from the outermost in, starts the operation, and leaves the layers in reverse
 * with what came of it.
 *
 * It is the only object made per attempt, and plays every part that needs one: the operation's context, the entry in the list of
 * deadlines, the listener to the caller's abort. Without a timeout and a caller's signal nothing can end an attempt but its
 * operation, and the promise of that is all there is; otherwise an outer promise stands between, which whoever comes first settles.
 */
export class Attempt implements Expiring, Abortable, ParentContext {
  later: Expiring | undefined = undefined;
  deadline: number = NOT_LISTED;
  private readonly program: Program;
  private readonly fn: Callable;
  private readonly self: unknown;
  private readonly args: readonly unknown[] | undefined;
  readonly parent: ParentContext | undefined;
  readonly number: number;
  /** How many layers have been entered and not yet left. */
  private entered = 0;
  /** The layer at which the attempt was cut off: what is inside it is cancelled, what is outside sees the error. */
  private cut = NOT_CUT;
  private deadlines: Deadlines | undefined = undefined;
  private circuit: Circuit | undefined = undefined;
  private stamp = 0;
  /** When this attempt passed a breaker that minds how long calls take. */
  private startedAt = 0;
  /** When the first attempt of the call began, if its retry minds. */
  callStartedAt = 0;
  private cancellation: Cancellation | undefined = undefined;
  private waiter: Waiter | undefined = undefined;
  private reject: ((reason: unknown) => void) | undefined = undefined;

  constructor(
    program: Program,
    fn: Callable,
    self: unknown,
    args: readonly unknown[] | undefined,
    parent: ParentContext | undefined,
    number: number,
  ) {
    this.program = program;
    this.fn = fn;
    this.self = self;
    this.args = args;
    this.parent = parent;
    this.number = number;
  }

  /** Runs the attempt, and the retries after it where there are any. */
  run(): Promise<unknown> {
    const { parent } = this;
    const { retry } = this.program;
    if (retry !== undefined && this.number === 1 && retry.isMetered) this.callStartedAt = retry.begin();
    if (parent === undefined && this.program.timeoutIndex < 0) {
      return this.enter(0).then(
        (value) => this.succeeded(value),
        (error: unknown) => this.failed(error),
      );
    }
    if (parent !== undefined) {
      if (parent.isAborted) return Promise.reject(parent.reason);
      parent.subscribe(this);
    }
    const promise = new Promise<unknown>(capture);
    const resolve = resolveLatest;
    const reject = (this.reject = rejectLatest);
    this.enter(0).then(resolve, reject);
    // What follows is registered by the caller and so runs in the caller's async context, whoever settles the promise.
    return promise.then(
      (value) => this.succeeded(value),
      (error: unknown) => this.failed(error),
    );
  }

  /** The next attempt of the same call. */
  next(): Attempt {
    return new Attempt(this.program, this.fn, this.self, this.args, this.parent, this.number + 1);
  }

  /** Enters the layers from `index` inwards, then starts the operation. Never throws. */
  private enter(index: number): Promise<unknown> {
    const { kinds, layers } = this.program;
    try {
      for (; index < kinds.length; index++) {
        switch (kinds[index]) {
          case BREAKER: {
            const layer = layers[index] as BreakerLayer;
            const circuit = (this.circuit = layer.circuitFor(this.self, this.args));
            const stamp = (this.stamp = circuit.admit());
            if (stamp === 0) return Promise.reject(circuit.refuse());
            if (circuit.isTimed) this.startedAt = circuit.now();
            break;
          }
          case TIMEOUT:
            this.deadlines = (layers[index] as TimeoutLayer).deadlinesFor(this.self, this.args);
            this.deadlines.add(this);
            break;
          case BULKHEAD: {
            const { permits } = layers[index] as BulkheadLayer;
            if (permits.tryAcquire()) break;
            const waiter = (this.waiter = permits.wait(this.self, this.args));
            const resumed = index;
            return waiter.granted.then(() => this.resume(resumed));
          }
          case RATE_LIMIT: {
            const { limiter } = layers[index] as RateLimitLayer;
            const wait = limiter.take(this.self, this.args);
            if (wait === 0) break;
            const waiter = (this.waiter = limiter.wait(wait));
            const resumed = index;
            return waiter.granted.then(() => this.resume(resumed));
          }
        }
        this.entered = index + 1;
      }
      return this.start();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Goes on after the wait at the layer `index`. */
  private resume(index: number): Promise<unknown> | undefined {
    const { waiter } = this;
    this.waiter = undefined;
    // Granted and cut off in the same turn: the place is somebody else's.
    if (this.cut !== NOT_CUT) return void waiter?.giveBack();
    this.entered = index + 1;
    return this.enter(index + 1);
  }

  private start(): Promise<unknown> {
    const { program, fn, self, args } = this;
    if (program.inner) return program.inner(fn, self, args, this);
    const { ambient } = shared;
    const result: unknown = ambient
      ? ambient.run(this, () => (args ? fn.apply(self, args as unknown[]) : fn.call(self, this)))
      : args
        ? fn.apply(self, args as unknown[])
        : fn.call(self, this);
    if (result instanceof Promise) return result;
    if (program.owner !== undefined && typeof (result as PromiseLike<unknown> | undefined)?.then !== 'function') {
      throw new TypeError(
        `${program.owner} returned ${result === null ? 'null' : `a plain value (${typeof result})`}: only methods that return a promise can be decorated`,
      );
    }
    return Promise.resolve(result);
  }

  private succeeded(value: unknown): unknown {
    this.leave(true, value);
    const { retry } = this.program;
    return retry !== undefined && this.number === 1 && retry.refusesResults ? retry.afterResult(this, value) : value;
  }

  private failed(error: unknown): unknown {
    this.leave(false, error);
    const { retry } = this.program;
    if (retry !== undefined && this.number === 1) return retry.afterFailure(this, error);
    throw error;
  }

  /** Leaves the layers from the innermost out. */
  private leave(isSuccess: boolean, result: unknown): void {
    const { kinds, layers } = this.program;
    const { cut } = this;
    // Whatever comes later must find the attempt over.
    if (cut === NOT_CUT) this.cut = OVER;
    for (let index = this.entered - 1; index >= 0; index--) {
      switch (kinds[index]) {
        case BREAKER: {
          const circuit = this.circuit!;
          const elapsed = circuit.isTimed ? circuit.now() - this.startedAt : 0;
          if (index > cut) circuit.ignore(this.stamp);
          else if (isSuccess) circuit.succeed(this.stamp, elapsed, result);
          else circuit.fail(this.stamp, elapsed, result);
          break;
        }
        case TIMEOUT:
          this.deadlines!.remove(this);
          break;
        case BULKHEAD:
          (layers[index] as BulkheadLayer).permits.release();
          break;
      }
    }
    this.entered = 0;
    this.parent?.unsubscribe(this);
  }

  /** The caller aborted, or an attempt around this one ended. */
  interrupt(reason: unknown): void {
    this.cutOff(CUT_BY_CALLER, reason);
  }

  /** The timeout's time is up. */
  expire(lateness: number): void {
    const { timeout, timeoutIndex } = this.program;
    const error = timeout!.expired(this.deadlines!.duration, lateness);
    if (timeout!.isHard) this.cutOff(timeoutIndex, error);
    else (this.cancellation ??= new Cancellation()).abort(error);
  }

  private cutOff(cut: number, reason: unknown): void {
    if (this.cut !== NOT_CUT) return;
    this.cut = cut;
    (this.cancellation ??= new Cancellation()).abort(reason);
    this.waiter?.leave();
    this.reject!(reason);
  }

  get signal(): AbortSignal {
    return (this.cancellation ??= new Cancellation()).signal;
  }

  get attempt(): number {
    return this.program.retry ? this.number : (this.parent?.attempt ?? this.number);
  }

  get idempotencyKey(): string | undefined {
    return this.parent?.idempotencyKey;
  }

  remainingTime(): number {
    const around = this.parent?.remainingTime() ?? Infinity;
    const { timeout } = this.program;
    if (!timeout || this.deadline === NOT_LISTED) return this.isAborted ? 0 : around;
    // Not yet stamped: the attempt began in this very turn.
    const own = this.deadline < 0 ? this.deadlines!.duration : this.deadline - timeout.now();
    return Math.max(0, Math.min(own, around));
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
}
