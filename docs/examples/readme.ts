// #region example
import { CircuitBreaker, Retry, Timeout } from '@holdfast/runtime';
import { currentSignal } from '@holdfast/runtime/context';

export class ShippingClient {
  @Retry({ maxAttempts: 3, baseDelay: 200 })
  @CircuitBreaker({ failureThreshold: 5, recoveryTimeout: 30_000 })
  @Timeout(2_000)
  async quote(orderId: string): Promise<{ price: number }> {
    const url = `https://shipping.example/quotes/${orderId}`;
    const response = await fetch(url, { signal: currentSignal() });
    if (!response.ok) throw Object.assign(new Error(`shipping answered ${response.status}`), { response });
    return (await response.json()) as { price: number };
  }
}
// #endregion
