import color from 'picocolors';

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
