/** What the command tells scripts. The numbers are part of its interface. */
export const exitCodes = {
  /** Nothing to report. */
  clean: 0,
  /** `check` found something, or `guard` has changes to make or to be looked at. */
  findings: 1,
  /** It could not run: bad arguments, no files, an unreadable project. */
  failed: 2,
} as const;
