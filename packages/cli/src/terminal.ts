import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where a command writes: results to `out`, everything about the run to `notes`. */
export interface Terminal {
  readonly cwd: string;
  readonly colors: Colors;
  out(text: string): void;
  notes(text: string): void;
}

/** Colour for people only: not into a pipe, and not against NO_COLOR (https://no-color.org). */
export function wantsColor(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  if ((env['FORCE_COLOR'] ?? '') !== '') return env['FORCE_COLOR'] !== '0';
  return isTerminal && env['TERM'] !== 'dumb';
}

export function processTerminal(): Terminal {
  return {
    cwd: process.cwd(),
    // Undefined in a pipe, which picocolors would take for "decide yourself": in CI it then decides for colour.
    colors: picocolors.createColors(wantsColor(process.env, process.stdout.isTTY === true)),
    out: (text) => void process.stdout.write(text),
    notes: (text) => void process.stderr.write(text),
  };
}
