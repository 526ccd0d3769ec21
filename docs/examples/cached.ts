// #region smallest
import { cached, guard } from '@holdfast/runtime';

export const rates = cached({ ttl: 60_000, staleWhileRevalidate: 30_000, staleIfError: 600_000, name: 'rates' });

export const rateOf = guard(async (currency: string) => {
  const response = await fetch(`https://rates.example/${currency}`);
  if (!response.ok) throw Object.assign(new Error(`rates answered ${response.status}`), { response });
  return (await response.json()) as { rate: number };
}, rates);
// #endregion

// #region invalidate
export async function setRate(currency: string, rate: number) {
  await fetch(`https://rates.example/${currency}`, { method: 'PUT', body: String(rate) });
  rates.invalidate(currency);
}
// #endregion

// #region negative
export const users = cached({ ttl: 60_000, negativeTtl: 5_000, name: 'users' });

export const userOf = guard(async (id: string) => {
  const response = await fetch(`https://users.example/${id}`);
  if (response.status === 404) return null;
  return (await response.json()) as { name: string };
}, users);
// #endregion

// #region store
import type { CacheEntry, CacheStore } from '@holdfast/runtime';

export function storeIn(shared: Map<string, string>): CacheStore {
  return {
    get: (key) => JSON.parse(shared.get(key) ?? 'null') ?? undefined,
    set: (key, entry: CacheEntry) => shared.set(key, JSON.stringify(entry)),
    delete: (key) => shared.delete(key),
  };
}

export const sharedRates = (store: CacheStore) =>
  cached({ ttl: 60_000, key: (currency: string) => currency, store, name: 'rates' });
// #endregion

// #region decorator
import { Cached } from '@holdfast/runtime';

export class RateClient {
  @Cached({ ttl: 60_000, staleIfError: 600_000 })
  async rateOf(currency: string): Promise<{ rate: number }> {
    const response = await fetch(`https://rates.example/${currency}`);
    if (!response.ok) throw Object.assign(new Error(`rates answered ${response.status}`), { response });
    return (await response.json()) as { rate: number };
  }

  @Cached({ ttl: 600_000, scope: 'class' })
  async currencies(): Promise<string[]> {
    const response = await fetch('https://rates.example/');
    return (await response.json()) as string[];
  }
}
// #endregion
