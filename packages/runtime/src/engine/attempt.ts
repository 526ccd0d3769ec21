import type { Circuit } from '../policies/circuit.js';
import type { Permits, Waiter } from '../policies/permits.js';
import type { RateLimiter } from '../policies/rate-limiter.js';
import type { Retrying } from '../policies/retrying.js';
import type { Callable, Runner } from '../policy.js';
import { NOT_LISTED, type Deadlines, type Expiring } from './deadlines.js';
import { BREAKER, BULKHEAD, RATE_LIMIT, TIMEOUT, type BreakerLayer, type TimeoutLayer } from './layers.js';
import { Cancellation, type Abortable, type ParentContext } from './operation-context.js';
import { startOperation } from './start-operation.js';

/** What a row of policies was compiled to. Shared by all its calls. */
export interface Program {
  /** The kind of each layer, outermost first. Retry is not among them: it is always outside. */
  readonly kinds: readonly number[];
  readonly retry: Retrying | undefined;
  readonly breaker: BreakerLayer | undefined;
  /** The breaker's circuit when all calls share one. */
  readonly circuit: Circuit | undefined;
  readonly limiter: RateLimiter | undefined;
  readonly permits: Permits | undefined;
  readonly timeout: TimeoutLayer | undefined;
  /** The place of the timeout in `kinds`. */
  readonly timeoutIndex: number;
  /** What runs inside the innermost layer; the function itself when undefined. */
  readonly inner: Runner | undefined;
  readonly owner: string | undefined;
}

/** Beyond every layer: the attempt was not cut off. */
const NOT_CUT = 1 << 20;
/** Outside every layer: the caller cut it off. */
const CUT_BY_CALLER = -1;
const OVER = -2;

/** Why `enter` returned undefined. Read at once. */
let refusal: unknown;

/** What only some attempts have to remember; apart, because every field of an attempt is paid for by every call in flight. */
class Extras {
  /** The deadlines of a duration that is computed per call. */
  deadlines: Deadlines | undefined = undefined;
  /** The circuit of a breaker that has several. */
  circuit: Circuit | undefined = undefined;
  /** When the attempt passed a breaker that minds how long calls take. */
  startedAt = 0;
  /** When the first attempt of the call began, if its retry minds. */
  callStartedAt = 0;
  /** The permits it takes. */
  weight = 1;
  /** The layer at which it waits. */
  waiter: Waiter | undefined = undefined;
}

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
  /** The breaker's stamp. */
  private stamp = 0;
  private cancellation: Cancellation | undefined = undefined;
  private extras: Extras | undefined = undefined;
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
    const { parent, program } = this;
    if (program.retry !== undefined && this.number === 1 && program.retry.isMetered)
      (this.extras ??= new Extras()).callStartedAt = program.retry.begin();
    if (parent === undefined && program.timeoutIndex < 0) {
      const work = this.enter(0);
      return work === undefined ? this.refused() : work.then(this.succeeded.bind(this), this.failed.bind(this));
    }
    if (parent !== undefined) {
      if (parent.isAborted) return Promise.reject(parent.reason);
      parent.subscribe(this);
    }
    let resolve!: (value: unknown) => void;
    let reject!: (reason: unknown) => void;
    const promise = new Promise<unknown>((onResolve, onReject) => {
      resolve = onResolve;
      reject = onReject;
    });
    this.reject = reject;
    const work = this.enter(0);
    if (work !== undefined) work.then(resolve, reject);
    else if (this.cut === NOT_CUT) return this.refused();
    // What follows is registered by the caller and so runs in the caller's async context, whoever settles the promise. Bound
    // functions are smaller than closures, and two of them are alive for every call in flight.
    return promise.then(this.succeeded.bind(this), this.failed.bind(this));
  }

  /** The next attempt of the same call. */
  next(): Attempt {
    return new Attempt(this.program, this.fn, this.self, this.args, this.parent, this.number + 1);
  }

  /** Enters the layers from `index` inwards, then starts the operation. Never throws; returns undefined when refused. */
  private enter(index: number): Promise<unknown> | undefined {
    const { program } = this;
    const { kinds } = program;
    try {
      for (; index < kinds.length; index++) {
        switch (kinds[index]) {
          case BREAKER: {
            const circuit =
              program.circuit ??
              ((this.extras ??= new Extras()).circuit = program.breaker!.circuitFor(this.self, this.args));
            const stamp = circuit.admit();
            if (stamp === 0) {
              refusal = circuit.refuse();
              return undefined;
            }
            this.stamp = stamp;
            if (circuit.isTimed) (this.extras ??= new Extras()).startedAt = circuit.now();
            break;
          }
          case TIMEOUT: {
            const { timeout } = program;
            const deadlines =
              timeout!.fixed ??
              ((this.extras ??= new Extras()).deadlines = timeout!.deadlinesFor(this.self, this.args));
            deadlines.add(this);
            break;
          }
          case BULKHEAD: {
            const permits = program.permits!;
            let weight = 1;
            if (permits.isWeighted) {
              weight = permits.weigh(this.self, this.args);
              (this.extras ??= new Extras()).weight = weight;
            }
            if (!permits.tryAcquire(weight)) return this.waitFor(permits.wait(this.self, this.args, weight), index);
            break;
          }
          case RATE_LIMIT: {
            const limiter = program.limiter!;
            const wait = limiter.take(this.self, this.args);
            if (wait > 0) return this.waitFor(limiter.wait(wait), index);
            break;
          }
        }
        this.entered = index + 1;
      }
      const { inner } = program;
      if (inner !== undefined) return inner(this.fn, this.self, this.args, this);
      return startOperation(this.fn, this.self, this.args, this, program.owner);
    } catch (error) {
      refusal = error;
      return undefined;
    }
  }

  private waitFor(waiter: Waiter, index: number): Promise<unknown> {
    const extras = (this.extras ??= new Extras());
    extras.waiter = waiter;
    return waiter.granted.then(() => {
      extras.waiter = undefined;
      // Granted and cut off in the same turn: the place is somebody else's.
      if (this.cut !== NOT_CUT) return waiter.giveBack();
      this.entered = index + 1;
      return this.enter(index + 1) ?? Promise.reject(refusal);
    });
  }

  /** Some layer refused, or something threw before there was a promise. Throws nothing itself: in an outage this is the hot path. */
  private refused(): Promise<unknown> {
    const error = refusal;
    refusal = undefined;
    this.leave(false, error);
    const { retry } = this.program;
    return retry !== undefined && retry.mayGoOn(this) ? retry.afterFailure(this, error) : Promise.reject(error);
  }

  private succeeded(value: unknown): unknown {
    this.leave(true, value);
    const { retry } = this.program;
    return retry !== undefined && retry.refusesResults && retry.mayGoOn(this) ? retry.afterResult(this, value) : value;
  }

  private failed(error: unknown): unknown {
    this.leave(false, error);
    const { retry } = this.program;
    if (retry !== undefined && retry.mayGoOn(this)) return retry.afterFailure(this, error);
    throw error;
  }

  /** Leaves the layers from the innermost out. */
  private leave(isSuccess: boolean, result: unknown): void {
    const { program, cut } = this;
    const { kinds } = program;
    // Whatever comes later must find the attempt over.
    if (cut === NOT_CUT) this.cut = OVER;
    for (let index = this.entered - 1; index >= 0; index--) {
      switch (kinds[index]) {
        case BREAKER: {
          const circuit = program.circuit ?? this.extras!.circuit!;
          const elapsed = circuit.isTimed ? circuit.now() - this.extras!.startedAt : 0;
          if (index > cut) circuit.ignore(this.stamp);
          else if (isSuccess) circuit.succeed(this.stamp, elapsed, result);
          else circuit.fail(this.stamp, elapsed, result);
          break;
        }
        case TIMEOUT:
          this.deadlines.remove(this);
          break;
        case BULKHEAD:
          program.permits!.release(this.extras?.weight);
          break;
      }
    }
    this.entered = 0;
    if (this.parent !== undefined) this.parent.unsubscribe(this);
  }

  /** The caller aborted, or an attempt around this one ended. */
  interrupt(reason: unknown): void {
    this.cutOff(CUT_BY_CALLER, reason);
  }

  /** The timeout's time is up. */
  expire(lateness: number): void {
    const { timeout, timeoutIndex } = this.program;
    const error = timeout!.expired(this.deadlines.duration, lateness);
    // While it waits for its turn nothing runs that could be waited for.
    if (timeout!.isHard || this.extras?.waiter !== undefined) this.cutOff(timeoutIndex, error);
    else (this.cancellation ??= new Cancellation()).abort(error);
  }

  private cutOff(cut: number, reason: unknown): void {
    if (this.cut !== NOT_CUT) return;
    this.cut = cut;
    (this.cancellation ??= new Cancellation()).abort(reason);
    this.extras?.waiter?.leave();
    this.reject!(reason);
  }

  private get deadlines(): Deadlines {
    return this.program.timeout!.fixed ?? this.extras!.deadlines!;
  }

  /** When the first attempt of the call began; 0 when its retry does not mind. */
  get callStartedAt(): number {
    return this.extras?.callStartedAt ?? 0;
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
    const own = this.deadline < 0 ? this.deadlines.duration : this.deadline - timeout.now();
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
