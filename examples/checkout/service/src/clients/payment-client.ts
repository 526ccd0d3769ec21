import { setTimeout as sleep } from 'node:timers/promises';
import { OrderError } from '../orders/order.js';

export interface Charge {
  orderId: string;
  amountInCents: number;
}

export interface Receipt {
  id: string;
}

const MAX_ATTEMPTS = 3;

export class PaymentClient {
  constructor(private readonly baseUrl: string) {}

  async charge(charge: Charge): Promise<Receipt> {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await fetch(`${this.baseUrl}/charges`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': charge.orderId },
          body: JSON.stringify(charge),
        });
        if (response.status === 402) throw new OrderError('The card was declined', 402);
        if (!response.ok) throw new Error(`payments answered ${response.status}`);
        return (await response.json()) as Receipt;
      } catch (error) {
        // The provider hiccups now and then, see the incident in March. A second try usually goes through.
        if (error instanceof OrderError || attempt >= MAX_ATTEMPTS) throw error;
        await sleep(attempt * 200 + Math.random() * 100);
      }
    }
  }

  async refund(receiptId: string): Promise<void> {
    const response = await fetch(`${this.baseUrl}/refunds`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': receiptId },
      body: JSON.stringify({ receiptId }),
    });
    if (!response.ok) throw new Error(`payments answered ${response.status}`);
  }
}
