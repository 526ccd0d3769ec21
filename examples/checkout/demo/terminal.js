import { color } from './colors.js';

/** Columns to draw in; a page's width where there is no terminal. */
export const width = Math.max(60, Math.min(process.stdout.columns ?? 100, 120));

/** @param {string} title */
export function heading(title) {
  const rule = '─'.repeat(Math.max(3, width - title.length - 4));
  console.log(`\n${color.dim('──')} ${color.bold(title)} ${color.dim(rule)}\n`);
}

/** @param {string} text */
export const say = (text) => console.log(text);

/** @param {string} command */
export const showCommand = (command) => console.log(`${color.dim('$')} ${color.cyan(command)}\n`);

/** @param {string} text */
export const succeed = (text) => console.log(`${color.green('✔')} ${text}`);

/** @param {string} text */
export const warn = (text) => console.log(`${color.yellow('!')} ${text}`);

/**
 * Shows how far something has come, in one line that redraws itself, and nothing where that is impossible.
 *
 * @param {number} length In milliseconds.
 * @param {(elapsed: number) => string} describe What is going on at that moment.
 * @returns {() => void} Takes the line away.
 */
export function showProgress(length, describe) {
  if (!process.stdout.isTTY) return () => {};
  const start = performance.now();
  const columns = Math.min(40, width - 35);
  const timer = setInterval(() => {
    const elapsed = performance.now() - start;
    const done = Math.round(Math.min(1, elapsed / length) * columns);
    const line = `${color.cyan('█'.repeat(done))}${color.dim('░'.repeat(columns - done))}`;
    process.stdout.write(`\r\u001b[K${line} ${Math.round(elapsed / 1_000)} s  ${describe(elapsed)}`);
  }, 250);
  return () => {
    clearInterval(timer);
    process.stdout.write('\r\u001b[K');
  };
}
