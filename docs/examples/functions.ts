// #region guard
import { circuitBreaker, guard, retry, timeout } from '@holdfast/runtime';

async function fetchInvoice(id: string): Promise<{ total: number }> {
  const response = await fetch(`https://invoices.example/${id}`);
  if (!response.ok) throw Object.assign(new Error(`invoices answered ${response.status}`), { response });
  return (await response.json()) as { total: number };
}

export const invoiceOf = guard(fetchInvoice, retry({ baseDelay: 100 }), circuitBreaker(), timeout(1_000));
// #endregion

// #region with-timeout
import { withTimeout } from '@holdfast/runtime';

export function pingTime(host: string) {
  return withTimeout(async ({ signal }) => {
    const startedAt = performance.now();
    await fetch(`https://${host}/ping`, { signal });
    return performance.now() - startedAt;
  }, 500);
}
// #endregion

// #region with-retry
import { withRetry } from '@holdfast/runtime';

export function configuration() {
  return withRetry(
    async ({ signal, attempt }) => {
      const response = await fetch('https://config.example/service.json', { signal });
      if (!response.ok) throw new Error(`config answered ${response.status} at attempt ${attempt}`);
      return (await response.json()) as Record<string, string>;
    },
    { maxAttempts: 5, baseDelay: 200 },
  );
}
// #endregion

// #region own-policy
import type { Operation, Policy } from '@holdfast/runtime';

/** Lets calls through only while a feature is on. */
export function featureGate(isOn: () => boolean): Policy {
  return {
    kind: 'feature-gate',
    name: 'feature-gate',
    async execute<T>(operation: Operation<T>, options: { signal?: AbortSignal | undefined } = {}): Promise<T> {
      if (!isOn()) throw new Error('the feature is off');
      const signal = options.signal ?? new AbortController().signal;
      return operation({ signal, attempt: 1, idempotencyKey: undefined, remainingTime: () => Infinity });
    },
  };
}
// #endregion
