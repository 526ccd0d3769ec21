import type { Connection } from 'vscode-languageserver/node';

/** Where the editor shows what went wrong. */
export interface Log {
  /** Once for each problem: what is wrong is wrong at every key. */
  warn(problem: unknown): void;
  /** What the work gives, or when it fails something else: no fault may end the server, or a request. */
  attempt<T>(otherwise: T, work: () => T): T;
}

export function createLog(connection: Connection): Log {
  const told = new Set<string>();
  const warn = (problem: unknown): void => {
    const message = problem instanceof Error ? problem.message : String(problem);
    if (told.has(message)) return;
    told.add(message);
    connection.console.warn(`holdfast: ${problem instanceof Error ? (problem.stack ?? message) : message}`);
  };
  return {
    warn,
    attempt(otherwise, work) {
      try {
        return work();
      } catch (error) {
        warn(error);
        return otherwise;
      }
    },
  };
}
