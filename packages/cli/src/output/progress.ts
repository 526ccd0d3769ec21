export interface Progress {
  update(stage: string, done: number, total: number): void;
  /** Takes the line away, so that something else can be written. */
  clear(): void;
}

/** Short runs say nothing. */
const patience = 2_000;
const redrawEvery = 100;
/** A log has every line for ever. */
const lineEvery = 10_000;

/** Tells people how far long work has come: one line that changes on a terminal, a plain line now and then in a log. */
export function createProgress(
  write: (text: string) => void,
  { isTerminal, now }: { readonly isTerminal: boolean; readonly now: () => number },
): Progress {
  const started = now();
  let stage: { name: string; since: number } | undefined;
  let last = -Infinity;
  let isDrawn = false;

  function update(name: string, done: number, total: number): void {
    const time = now();
    if (stage?.name !== name) {
      stage = { name, since: time };
      // A new stage is news for a log too.
      last = isTerminal ? last : -Infinity;
    }
    if (time - last < (isTerminal ? redrawEvery : lineEvery) || (!isTerminal && time - started < patience)) return;
    last = time;
    const line = `holdfast: ${describe(name, done, total, time - stage.since)}`;
    write(isTerminal ? `\r\u001B[2K${line}` : `${line}\n`);
    isDrawn = isTerminal;
  }

  function clear(): void {
    if (isDrawn) write('\r\u001B[2K');
    isDrawn = false;
  }

  return { update, clear };
}

function describe(stage: string, done: number, total: number, elapsed: number): string {
  if (total === 0) return stage;
  const place = `${stage} ${String(done)}/${String(total)} files`;
  if (done === 0 || elapsed === 0) return place;
  const rate = (done / elapsed) * 1_000;
  const left = Math.ceil((total - done) / rate);
  return `${place}, ${rate.toFixed(rate < 10 ? 1 : 0)} files/s, ${String(left)} s left`;
}
