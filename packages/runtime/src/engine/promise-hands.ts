/** The functions that settle the promise made last by `new Promise(capture)`. Read at once, before anything else can run. */
export const latest: { resolve: (value: unknown) => void; reject: (reason: unknown) => void } = {
  resolve: undefined as never,
  reject: undefined as never,
};

/** An executor for `new Promise` that costs no closure per promise. */
export function capture(resolve: (value: unknown) => void, reject: (reason: unknown) => void): void {
  latest.resolve = resolve;
  latest.reject = reject;
}
