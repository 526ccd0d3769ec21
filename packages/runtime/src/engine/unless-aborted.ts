import type { Abortable, ParentContext } from './operation-context.js';

/** Settles as `work` does, or rejects with the reason as soon as the caller aborts: for work that no attempt watches over. */
export function unlessAborted<T>(work: Promise<T>, parent: ParentContext | undefined): Promise<T> {
  if (!parent) return work;
  if (parent.isAborted) {
    work.catch(() => {});
    return Promise.reject(parent.reason);
  }
  return new Promise((resolve, reject) => {
    const listener: Abortable = { interrupt: reject };
    const leave = (): void => parent.unsubscribe(listener);
    parent.subscribe(listener);
    work.then(resolve, reject);
    work.then(leave, leave);
  });
}
