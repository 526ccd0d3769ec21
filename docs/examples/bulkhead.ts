// #region smallest
import { bulkhead } from '@holdfast/runtime';

export const reportPermits = bulkhead({ maxConcurrent: 2, maxQueue: 2, queueTimeout: 1_000, name: 'reports' });

export function report(id: string) {
  return reportPermits.execute(async ({ signal }) => {
    const response = await fetch(`https://reports.example/${id}`, { signal });
    return response.text();
  });
}
// #endregion

// #region priority
import { guard } from '@holdfast/runtime';

export const render = guard(
  async (page: string, plan: 'free' | 'paid') => {
    const response = await fetch(`https://render.example/${plan}/${page}`);
    return response.text();
  },
  bulkhead({ maxConcurrent: 1, maxQueue: 100, priority: (_page: string, plan: string) => (plan === 'paid' ? 1 : 0) }),
);
// #endregion

// #region decorator
import { Bulkhead } from '@holdfast/runtime';

export class ReportClient {
  @Bulkhead({ maxConcurrent: 2, maxQueue: 10 })
  async report(id: string): Promise<string> {
    const response = await fetch(`https://reports.example/${id}`);
    return response.text();
  }
}
// #endregion
