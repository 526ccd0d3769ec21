/** Bounds the work across functions for one file, so that odd code costs a judgement and never the editor. */
export interface Budget {
  /** Whether there is still something left; takes one unit. */
  spend(): boolean;
  /** Whether something was left out, so that nothing can be said about all there is. */
  isExhausted(): boolean;
  /** Starts a file; hears when it was not enough. */
  start(file: string): void;
}

export function createBudget(units: number, onExhausted: (file: string) => void): Budget {
  let left = units;
  let current = '';
  return {
    spend() {
      if (left > 0) {
        left -= 1;
        return true;
      }
      if (left === 0) {
        left = -1;
        onExhausted(current);
      }
      return false;
    },
    isExhausted: () => left <= 0,
    start(file) {
      current = file;
      left = units;
    },
  };
}
