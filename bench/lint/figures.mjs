/** Until about here the compiler threads of V8 are still at work on the analysis itself, and their CPU counts. */
export const firstEdits = 9;

/** The median of each figure over the rounds, or with `best` the figure of the least disturbed round. */
export function figuresOf({ lints, edits }, kind = 'typical') {
  const pick = kind === 'best' ? least : median;
  const of = (id, figure) => pick((lints[id] ?? []).map((round) => round[figure]));
  return {
    /** Milliseconds of all threads. */
    cpu: (id) => of(id, 'cpu'),
    /** Megabytes. */
    peak: (id) => of(id, 'peak'),
    own: {
      median: pick(edits.map(({ samples }) => median(ownOf(samples)))),
      first: pick(edits.map(({ samples }) => median(ownOf(samples.slice(0, firstEdits))))),
      max: pick(edits.map(({ samples }) => Math.max(...ownOf(samples)))),
    },
  };
}

function ownOf(samples) {
  return samples.map(({ own }) => own);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length === 0 ? NaN : sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function least(values) {
  return values.length === 0 ? NaN : Math.min(...values);
}
