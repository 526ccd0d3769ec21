// #region smallest
import { circuitBreaker } from '@holdfast/runtime';

export const paymentCircuit = circuitBreaker({ failureThreshold: 5, recoveryTimeout: 30_000, name: 'payments' });

export function charge(orderId: string) {
  return paymentCircuit.execute(async ({ signal }) => {
    const response = await fetch(`https://payments.example/charges/${orderId}`, { method: 'PUT', signal });
    if (!response.ok) throw Object.assign(new Error(`payments answered ${response.status}`), { response });
    return (await response.json()) as { id: string };
  });
}
// #endregion

// #region rates
export const searchCircuit = circuitBreaker({
  failureRate: 0.5,
  slowCallDuration: 1_000,
  slowCallRate: 0.8,
  minimumCalls: 20,
  monitoringPeriod: 30_000,
  name: 'search',
});
// #endregion

// #region per-host
import { guard } from '@holdfast/runtime';

export const hostCircuit = circuitBreaker({ failureThreshold: 3, scope: (url: string) => new URL(url).host });

export const statusOf = guard(async (url: string) => {
  const { status } = await fetch(url);
  if (status >= 500) throw new Error(`${url} answered ${status}`);
  return status;
}, hostCircuit);
// #endregion

// #region isolate
export async function duringMigration(migrate: () => Promise<void>) {
  const isolation = paymentCircuit.isolate();
  try {
    await migrate();
  } finally {
    isolation.release();
  }
}
// #endregion

// #region classify
export const responseCircuit = circuitBreaker({
  failureThreshold: 2,
  classify: (result) =>
    'value' in result && result.value instanceof Response && result.value.status >= 500 ? 'failure' : undefined,
});
// #endregion

// #region decorator
import { CircuitBreaker } from '@holdfast/runtime';

export class PaymentClient {
  @CircuitBreaker(paymentCircuit)
  async charge(orderId: string): Promise<number> {
    const { status } = await fetch(`https://payments.example/charges/${orderId}`, { method: 'PUT' });
    if (status >= 500) throw new Error(`payments answered ${status}`);
    return status;
  }

  @CircuitBreaker(paymentCircuit)
  async refund(orderId: string): Promise<number> {
    const { status } = await fetch(`https://payments.example/refunds/${orderId}`, { method: 'PUT' });
    if (status >= 500) throw new Error(`payments answered ${status}`);
    return status;
  }
}
// #endregion

// #region decorator-instance
export class TenantStore {
  private readonly host: string;

  constructor(host: string) {
    this.host = host;
  }

  @CircuitBreaker({ failureThreshold: 3, scope: 'instance' })
  async load(id: string): Promise<string> {
    const response = await fetch(`https://${this.host}/${id}`);
    if (!response.ok) throw new Error(`${this.host} answered ${response.status}`);
    return response.text();
  }
}
// #endregion
