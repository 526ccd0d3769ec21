import type { Callable } from '../policy.js';
import { NOT_LISTED, type Deadlines, type Expiring } from './deadlines.js';
import type { TimeoutLayer } from './layers.js';
import { Cancellation, type Abortable, type ParentContext } from './operation-context.js';
import { startOperation } from './start-operation.js';

/**
 * An attempt under nothing but a hard timeout of fixed duration: what an `Attempt` would do, in a third of the memory, because so many
 * of these are in flight at once. It holds only the `resolve` of its promise (a failure is a resolution with a rejected one).
 */
export class TimedCall implements Expiring, ParentContext {
  later: Expiring | undefined = undefined;
  deadline: number = NOT_LISTED;
  private readonly layer: TimeoutLayer;
  private cancellation: Cancellation | undefined = undefined;
  private resolve: ((value: unknown) => void) | undefined = undefined;

  constructor(layer: TimeoutLayer) {
    this.layer = layer;
  }

  run(fn: Callable, self: unknown, args: readonly unknown[] | undefined, owner: string | undefined): Promise<unknown> {
    const promise = new Promise<unknown>((resolve) => {
      this.resolve = resolve;
    });
    this.deadlines.add(this);
    try {
      startOperation(fn, self, args, this, owner).then(this.succeeded.bind(this), this.failed.bind(this));
    } catch (error) {
      this.failed(error);
    }
    return promise;
  }

  private get deadlines(): Deadlines {
    return this.layer.fixed!;
  }

  private succeeded(value: unknown): void {
    this.deadlines.remove(this);
    this.resolve!(value);
  }

  private failed(error: unknown): void {
    this.deadlines.remove(this);
    // The promise may have been settled by the deadline: then this failure belongs to nobody.
    if (this.cancellation?.isAborted !== true) this.resolve!(Promise.reject(error));
  }

  expire(lateness: number): void {
    const error = this.layer.expired(this.deadlines.duration, lateness);
    (this.cancellation ??= new Cancellation()).abort(error);
    this.resolve!(Promise.reject(error));
  }

  get signal(): AbortSignal {
    return (this.cancellation ??= new Cancellation()).signal;
  }

  get attempt(): number {
    return 1;
  }

  get idempotencyKey(): undefined {
    return undefined;
  }

  remainingTime(): number {
    if (this.deadline === NOT_LISTED) return this.isAborted ? 0 : Infinity;
    return this.deadline < 0 ? this.deadlines.duration : Math.max(0, this.deadline - this.layer.now());
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
