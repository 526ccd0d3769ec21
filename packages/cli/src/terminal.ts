import { isCancel, select } from '@clack/prompts';
import picocolors from 'picocolors';
import { createProgress } from './output/progress.js';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** What a person may say to one change. */
export type Answer = 'all' | 'no' | 'quit' | 'yes';

/** Where a command writes: results to `out`, everything about the run to `notes`. */
export interface Terminal {
  readonly cwd: string;
  readonly colors: Colors;
  out(text: string): void;
  notes(text: string): void;
  /** Says how far long work has come. */
  progress?(stage: string, done: number, total: number): void;
  /** Asks a person about one change. Absent where nobody is there to ask. */
  ask?(question: string): Promise<Answer>;
}

/** Colour for people only: not into a pipe, and not against NO_COLOR (https://no-color.org). */
export function wantsColor(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  if ((env['FORCE_COLOR'] ?? '') !== '') return env['FORCE_COLOR'] !== '0';
  return isTerminal && env['TERM'] !== 'dumb';
}

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const write = (text: string): void => void stderr.write(text);
  const isTerminal = stderr.isTTY === true && env['TERM'] !== 'dumb';
  const progress = createProgress(write, { isTerminal, now: () => performance.now() });
  const isAnswered = stdin.isTTY === true && stdout.isTTY === true;
  return {
    cwd: process.cwd(),
    // Undefined in a pipe, which picocolors would take for "decide yourself": in CI it then decides for colour.
    colors: picocolors.createColors(wantsColor(env, stdout.isTTY === true)),
    out: (text) => {
      progress.clear();
      stdout.write(text);
    },
    notes: (text) => {
      progress.clear();
      write(text);
    },
    progress: progress.update,
    ...(isAnswered ? { ask } : {}),
  };
}

async function ask(message: string): Promise<Answer> {
  const answer = await select<Answer>({
    message,
    options: [
      { value: 'yes', label: 'Yes' },
      { value: 'no', label: 'No' },
      { value: 'all', label: 'All in this file' },
      { value: 'quit', label: 'Quit', hint: 'keeps what you have chosen so far' },
    ],
  });
  return isCancel(answer) ? 'quit' : answer;
}
