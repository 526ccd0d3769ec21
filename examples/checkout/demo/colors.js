import picocolors from 'picocolors';

const { NO_COLOR, FORCE_COLOR, TERM } = process.env;

/** For people only: not into a pipe, nor into the log of a CI run, unless FORCE_COLOR asks for it. */
export const hasColor = NO_COLOR
  ? false
  : FORCE_COLOR
    ? FORCE_COLOR !== '0'
    : process.stdout.isTTY === true && TERM !== 'dumb';

export const color = picocolors.createColors(hasColor);
