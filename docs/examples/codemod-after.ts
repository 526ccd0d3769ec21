// #region all
import { CircuitBreaker, circuitBreaker, pipeline, Retry, retry, Timeout, timeout } from '@holdfast/runtime';
import { currentSignal } from '@holdfast/runtime/context';

const rateOfPolicy = pipeline(
  retry({ maxAttempts: 3, baseDelay: 100 }),
  circuitBreaker({ name: 'payments.rateOf', recoveryTimeout: 10_000 }),
  timeout(2_000),
);

export class ChargeClient {
  @Retry({ maxAttempts: 3, baseDelay: 100 })
  @CircuitBreaker({ name: 'charge-client.statusOf', recoveryTimeout: 10_000 })
  @Timeout(2_000)
  async statusOf(id: string): Promise<unknown> {
    const response = await fetch(`https://payments.example/charges/${id}`, { signal: currentSignal() });
    if (!response.ok) throw new Error(`payments answered ${response.status}`);
    return response.json();
  }

  @CircuitBreaker({ name: 'charge-client.charge', recoveryTimeout: 10_000 })
  @Timeout(2_000)
  async charge(order: string): Promise<boolean> {
    const response = await fetch('https://payments.example/charges', {
      method: 'POST',
      body: order,
      signal: currentSignal(),
    });
    return response.ok;
  }
}

export async function rateOf(currency: string): Promise<unknown> {
  return rateOfPolicy.execute(async ({ signal }) => {
    const response = await fetch(`https://rates.example/${currency}`, { signal });
    if (!response.ok) throw new Error(`rates answered ${response.status}`);
    return response.json();
  });
}
// #endregion
