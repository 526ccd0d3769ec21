// #region smallest
import { retry } from '@holdfast/runtime';

const stockRetry = retry({ maxAttempts: 3, baseDelay: 200 });

export function stockOf(sku: string) {
  return stockRetry.execute(async ({ signal }) => {
    const response = await fetch(`https://stock.example/${sku}`, { signal });
    if (!response.ok) throw Object.assign(new Error(`stock answered ${response.status}`), { response });
    return (await response.json()) as { left: number };
  });
}
// #endregion

// #region on-result
const pageRetry = retry({ retryOnResult: (response: Response) => response.status >= 500, baseDelay: 200 });

export function page(path: string) {
  return pageRetry.execute(({ signal }) => fetch(`https://pages.example/${path}`, { signal }));
}
// #endregion

// #region budget
import { retryBudget } from '@holdfast/runtime';

const searchBudget = retryBudget({ ratio: 0.1, minPerSecond: 0 });
export const suggestions = retry({ maxAttempts: 2, baseDelay: 50, budget: searchBudget, name: 'suggestions' });
export const results = retry({ maxAttempts: 4, baseDelay: 50, budget: searchBudget, name: 'results' });
// #endregion

// #region attempts
import { attemptErrors } from '@holdfast/runtime';

export async function stockOrReport(sku: string, report: (line: string) => void) {
  try {
    return await stockOf(sku);
  } catch (error) {
    for (const attempt of attemptErrors(error)) report(String(attempt));
    throw error;
  }
}
// #endregion

// #region decorator
import { Retry } from '@holdfast/runtime';

export class StockClient {
  @Retry({ maxAttempts: 4, baseDelay: 200 })
  async stockOf(sku: string): Promise<{ left: number }> {
    const response = await fetch(`https://stock.example/${sku}`);
    if (!response.ok) throw Object.assign(new Error(`stock answered ${response.status}`), { response });
    return (await response.json()) as { left: number };
  }
}
// #endregion
