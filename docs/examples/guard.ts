// #region smallest
import { bulkhead, circuitBreaker, Guard, retry, timeout } from '@holdfast/runtime';

const stockPolicies = [
  retry({ baseDelay: 100 }),
  circuitBreaker({ name: 'stock' }),
  bulkhead({ maxConcurrent: 20, name: 'stock' }),
  timeout(1_000),
];

export class StockClient {
  @Guard(...stockPolicies)
  async left(sku: string): Promise<number> {
    const response = await fetch(`https://stock.example/${sku}`);
    if (!response.ok) throw Object.assign(new Error(`stock answered ${response.status}`), { response });
    return (await response.json()) as number;
  }

  @Guard(...stockPolicies)
  async shelf(sku: string): Promise<string> {
    const response = await fetch(`https://stock.example/${sku}/shelf`);
    if (!response.ok) throw Object.assign(new Error(`stock answered ${response.status}`), { response });
    return (await response.json()) as string;
  }
}
// #endregion

// #region stacked
import { CircuitBreaker, Retry, Timeout } from '@holdfast/runtime';

export class PriceClient {
  @Retry({ baseDelay: 100 })
  @CircuitBreaker()
  @Timeout(1_000)
  async priceOf(sku: string): Promise<number> {
    const response = await fetch(`https://prices.example/${sku}`);
    if (!response.ok) throw Object.assign(new Error(`prices answered ${response.status}`), { response });
    return (await response.json()) as number;
  }
}
// #endregion

// #region field
export class SkuClient {
  @Timeout(1_000)
  names = async (sku: string): Promise<string[]> => {
    const response = await fetch(`https://names.example/${sku}`);
    return (await response.json()) as string[];
  };
}
// #endregion

// #region stream
export class ChangeFeed {
  private readonly pages: readonly (() => Promise<string[]>)[];

  constructor(pages: readonly (() => Promise<string[]>)[]) {
    this.pages = pages;
  }

  @Timeout(1_000)
  async *changes(): AsyncGenerator<string> {
    for (const page of this.pages) yield* await page();
  }
}
// #endregion
