// #region smallest
import { Retry, Timeout } from '@holdfast/runtime';
import { currentSignal } from '@holdfast/runtime/context';

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: currentSignal() });
  if (!response.ok) throw Object.assign(new Error(`${url} answered ${response.status}`), { response });
  return response.json();
}

export class OrderClient {
  @Retry({ baseDelay: 100 })
  @Timeout(1_000)
  async order(id: string): Promise<unknown> {
    const order = await getJson(`https://orders.example/${id}`);
    const lines = await getJson(`https://orders.example/${id}/lines`);
    return { order, lines };
  }
}
// #endregion

// #region attempt
import { currentAttempt, remainingTime } from '@holdfast/runtime/context';

export class SearchClient {
  @Retry({ baseDelay: 100 })
  @Timeout(1_000)
  async search(words: string): Promise<string> {
    const budget = Math.floor(remainingTime());
    const response = await fetch(`https://search.example/?q=${words}`, {
      headers: { 'x-attempt': String(currentAttempt()), 'x-budget-ms': String(budget) },
      signal: currentSignal(),
    });
    if (!response.ok) throw Object.assign(new Error(`search answered ${response.status}`), { response });
    return response.text();
  }
}
// #endregion
