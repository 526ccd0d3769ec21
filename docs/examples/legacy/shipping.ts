// #region example
import { Retry, Timeout } from '@holdfast/runtime';

export class ShippingClient {
  @Retry({ maxAttempts: 3, baseDelay: 200, name: 'shipping' })
  @Timeout(2_000)
  async quote(orderId: string): Promise<{ price: number }> {
    const response = await fetch(`https://shipping.example/quotes/${orderId}`);
    if (!response.ok) throw Object.assign(new Error(`shipping answered ${response.status}`), { response });
    return (await response.json()) as { price: number };
  }
}
// #endregion
