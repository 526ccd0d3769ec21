/**
 * A function that the user gave us to decide or observe threw. That must not change what becomes of the call, and must not go
 * unseen: it is a warning of the process (`process.on('warning')`), code `HOLDFAST_CALLBACK`.
 */
export function callbackFailed(policy: string, option: string, error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`${policy}: ${option} threw`, { type: 'HoldfastWarning', code: 'HOLDFAST_CALLBACK', detail });
}
