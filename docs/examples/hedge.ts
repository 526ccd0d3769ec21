// #region smallest
import { hedge } from '@holdfast/runtime';

export const searchHedge = hedge({ delay: 100, name: 'search' });

export function search(words: string) {
  return searchHedge.execute(async ({ signal }) => {
    const response = await fetch(`https://search.example/?q=${words}`, { signal });
    if (!response.ok) throw Object.assign(new Error(`search answered ${response.status}`), { response });
    return (await response.json()) as string[];
  });
}
// #endregion

// #region quantile
export const tailHedge = hedge({ delay: 100, quantile: 0.95, budget: { ratio: 0.05 }, name: 'tail' });
// #endregion

// #region decorator
import { Hedge } from '@holdfast/runtime';
import { currentSignal } from '@holdfast/runtime/context';

export class SearchClient {
  @Hedge(100)
  async search(words: string): Promise<string[]> {
    const response = await fetch(`https://search.example/?q=${words}`, { signal: currentSignal() });
    return (await response.json()) as string[];
  }
}
// #endregion
