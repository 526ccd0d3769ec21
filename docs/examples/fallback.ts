// #region smallest
import { fallback, pipeline, timeout } from '@holdfast/runtime';

const recommended = pipeline(fallback({ value: [] }), timeout(300));

export function recommendations(userId: string): Promise<string[]> {
  return recommended.execute(async ({ signal }) => {
    const response = await fetch(`https://recommendations.example/${userId}`, { signal });
    if (!response.ok) throw Object.assign(new Error(`recommendations answered ${response.status}`), { response });
    return (await response.json()) as string[];
  });
}
// #endregion

// #region handler
import { CircuitOpenError, guard } from '@holdfast/runtime';

export const priceOf = guard(
  async (sku: string) => {
    const response = await fetch(`https://prices.example/${sku}`);
    if (!response.ok) throw Object.assign(new Error(`prices answered ${response.status}`), { response });
    return (await response.json()) as { price: number };
  },
  fallback({
    handler: async (_error, sku: string) => {
      const response = await fetch(`https://prices-replica.example/${sku}`);
      return (await response.json()) as { price: number };
    },
    fallbackIf: (error) =>
      error instanceof CircuitOpenError || (error as { response?: Response }).response?.status === 503,
  }),
);
// #endregion

// #region decorator
import { Fallback, Timeout } from '@holdfast/runtime';

export class Recommendations {
  private readonly bestsellers = ['hat', 'scarf'];

  @Fallback(function (this: Recommendations) {
    return this.bestsellers;
  })
  @Timeout(300)
  async forUser(userId: string): Promise<string[]> {
    const response = await fetch(`https://recommendations.example/${userId}`);
    if (!response.ok) throw Object.assign(new Error(`recommendations answered ${response.status}`), { response });
    return (await response.json()) as string[];
  }
}
// #endregion
