import type { Clock } from '../clock.js';
import type { Abortable, ParentContext } from './operation-context.js';

/** Waits `delay` ms, or rejects with the reason when the caller aborts. The process waits too: work is still owed. */
export function pause(clock: Clock, delay: number, parent: ParentContext | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (parent?.isAborted) return reject(parent.reason);
    const listener: Abortable = {
      interrupt(reason) {
        timer.cancel();
        reject(reason);
      },
    };
    const done = (): void => {
      parent?.unsubscribe(listener);
      resolve();
    };
    const timer = clock.setTimer(done, delay, { keepAlive: true });
    parent?.subscribe(listener);
  });
}
