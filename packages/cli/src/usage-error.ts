/** The command could not do what was asked, and says what to change. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
