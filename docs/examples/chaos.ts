// #region smallest
import { chaos, pipeline, retry, timeout } from '@holdfast/runtime';

let isGameDay = false;
export const setGameDay = (on: boolean): void => void (isGameDay = on);

export const stockPolicies = pipeline(
  retry({ baseDelay: 100 }),
  timeout(1_000),
  chaos({ enabled: () => isGameDay, rate: 0.2, fault: true, name: 'stock-chaos' }),
);
// #endregion

// #region latency
export const slowTenth = chaos({ enabled: true, rate: 0.1, latency: 2_000 });
export const emptyAnswers = chaos({
  enabled: true,
  when: (sku: string) => sku === 'test',
  result: () => ({ left: 0 }),
});
// #endregion
