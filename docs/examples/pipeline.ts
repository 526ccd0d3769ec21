// #region smallest
import { bulkhead, circuitBreaker, pipeline, retry, timeout } from '@holdfast/runtime';

export const stock = pipeline(
  timeout({ duration: 3_000, name: 'stock-total' }),
  retry({ maxAttempts: 3, baseDelay: 100 }),
  circuitBreaker({ name: 'stock-circuit' }),
  bulkhead(20),
  timeout({ duration: 1_000, name: 'stock-attempt' }),
);

export function stockOf(sku: string) {
  return stock.execute(async ({ signal, attempt }) => {
    const response = await fetch(`https://stock.example/${sku}?attempt=${attempt}`, { signal });
    if (!response.ok) throw Object.assign(new Error(`stock answered ${response.status}`), { response });
    return (await response.json()) as { left: number };
  });
}
// #endregion

// #region order
export const perAttempt = pipeline(retry({ maxAttempts: 3, baseDelay: 100 }), timeout(1_000));
export const forAll = pipeline(timeout(1_000), retry({ maxAttempts: 3, baseDelay: 100 }));
// #endregion

// #region signal
export function stockWhileConnected(operation: () => Promise<{ left: number }>, disconnected: AbortSignal) {
  return stock.execute(operation, { signal: disconnected });
}
// #endregion
