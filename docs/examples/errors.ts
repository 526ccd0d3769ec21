// #region to-response
import { HoldfastError, RejectionError } from '@holdfast/runtime';

/** What an HTTP service answers when a call it depends on did not come through. */
export function statusFor(error: unknown): { status: number; retryAfter?: number } {
  if (error instanceof RejectionError) {
    const seconds = error.retryAfter === undefined ? undefined : Math.ceil(error.retryAfter / 1_000);
    return seconds === undefined ? { status: 503 } : { status: 503, retryAfter: seconds };
  }
  if (error instanceof HoldfastError && error.code === 'HOLDFAST_TIMEOUT') return { status: 504 };
  return { status: 502 };
}
// #endregion

// #region stacks
import { captureStacks } from '@holdfast/runtime';

export function debugRefusals(): void {
  captureStacks(true);
}
// #endregion
