import { DerivedContext, type Abortable, type ParentContext } from '../engine/operation-context.js';

/** What a flight runs. It is told which flight it is, as another may have taken its place meanwhile. */
export type Work = (context: ParentContext, flight: Flight) => Promise<unknown>;

/**
 * One call that several callers wait for. A caller's abort ends only its own wait; the work is aborted when the last one has left.
 */
export class Flight {
  /** Who comes later must not join, and what comes of it must not be kept. */
  isOutdated = false;
  private readonly context = new DerivedContext(undefined);
  result!: Promise<unknown>;
  private waiting = 0;

  start(work: Work, onSettled: () => void): void {
    // One turn of microtasks later, so that whoever joins finds the flight before its work can settle.
    this.result = Promise.resolve().then(() => work(this.context, this));
    this.result.then(onSettled, onSettled);
  }

  join(parent: ParentContext | undefined): Promise<unknown> {
    this.waiting++;
    if (!parent) return this.result;
    return new Promise((resolve, reject) => {
      const listener: Abortable = {
        interrupt: (reason) => {
          reject(reason);
          if (--this.waiting > 0) return;
          // Nobody waits any more; who comes later starts anew.
          this.isOutdated = true;
          this.context.interrupt(reason);
        },
      };
      parent.subscribe(listener);
      const leave = (): void => parent.unsubscribe(listener);
      this.result.then(
        (value) => {
          leave();
          resolve(value);
        },
        (error: unknown) => {
          leave();
          reject(error);
        },
      );
    });
  }
}
