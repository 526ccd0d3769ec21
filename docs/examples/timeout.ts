// #region smallest
import { timeout } from '@holdfast/runtime';

const quoteTime = timeout(2_000);

export function shippingQuote(orderId: string) {
  return quoteTime.execute(async ({ signal }) => {
    const response = await fetch(`https://shipping.example/quotes/${orderId}`, { signal });
    return (await response.json()) as { price: number };
  });
}
// #endregion

// #region from-arguments
import { guard } from '@holdfast/runtime';

export const exportRows = guard(
  async (table: string, rows: number) => {
    const response = await fetch(`https://reports.example/${table}?rows=${rows}`);
    return response.text();
  },
  timeout({ duration: (_table: string, rows: number) => 1_000 + rows / 10, name: 'export' }),
);
// #endregion

// #region cooperative
const flushTime = timeout({ duration: 5_000, mode: 'cooperative' });

export function flush(batches: readonly (() => Promise<void>)[]) {
  return flushTime.execute(async ({ signal }) => {
    let done = 0;
    for (const write of batches) {
      if (signal.aborted) break;
      await write();
      done++;
    }
    return done;
  });
}
// #endregion

// #region decorator
import { Timeout } from '@holdfast/runtime';
import { currentSignal } from '@holdfast/runtime/context';

export class ShippingClient {
  @Timeout(2_000)
  async quote(orderId: string): Promise<{ price: number }> {
    const response = await fetch(`https://shipping.example/quotes/${orderId}`, { signal: currentSignal() });
    return (await response.json()) as { price: number };
  }
}
// #endregion
