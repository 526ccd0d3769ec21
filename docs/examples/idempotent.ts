// #region smallest
import { Idempotent, Retry, Timeout } from '@holdfast/runtime';
import { currentIdempotencyKey, currentSignal } from '@holdfast/runtime/context';

export class PaymentClient {
  @Idempotent()
  @Retry({ baseDelay: 200 })
  @Timeout(2_000)
  async charge(orderId: string, cents: number): Promise<{ id: string }> {
    const response = await fetch('https://payments.example/charges', {
      method: 'POST',
      headers: { 'idempotency-key': currentIdempotencyKey()! },
      body: JSON.stringify({ orderId, cents }),
      signal: currentSignal(),
    });
    if (!response.ok) throw Object.assign(new Error(`payments answered ${response.status}`), { response });
    return (await response.json()) as { id: string };
  }
}
// #endregion

// #region own-key
export class RefundClient {
  @Idempotent({ key: (orderId: string) => `refund-${orderId}` })
  @Retry({ baseDelay: 200 })
  async refund(orderId: string): Promise<string> {
    const headers = { 'idempotency-key': currentIdempotencyKey()! };
    const response = await fetch(`https://payments.example/refunds/${orderId}`, { method: 'POST', headers });
    if (!response.ok) throw Object.assign(new Error(`payments answered ${response.status}`), { response });
    return response.text();
  }
}
// #endregion
