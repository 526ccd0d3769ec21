// #region smallest
import { rateLimit } from '@holdfast/runtime';

export const mailLimit = rateLimit({ limit: 10, interval: 1_000, burst: 2, maxWait: 200, name: 'mail' });

export function sendMail(to: string) {
  return mailLimit.execute(async ({ signal }) => {
    await fetch('https://mail.example/send', { method: 'POST', body: to, signal });
  });
}
// #endregion

// #region per-tenant
import { guard } from '@holdfast/runtime';

export const search = guard(
  async (tenant: string, words: string) => {
    const response = await fetch(`https://search.example/${tenant}?q=${words}`);
    return response.text();
  },
  rateLimit({ limit: 5, algorithm: 'sliding-window', key: (tenant: string) => tenant }),
);
// #endregion

// #region decorator
import { RateLimit } from '@holdfast/runtime';

export class GeocodeClient {
  @RateLimit({ limit: 50, interval: 60_000, burst: 1, maxWait: 5_000 })
  async locate(address: string): Promise<string> {
    const response = await fetch(`https://geocode.example/?q=${address}`);
    return response.text();
  }
}
// #endregion
