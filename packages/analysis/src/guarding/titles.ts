import type { GuardLevel } from './guard-method.js';

/** What the guards of a call and of a method are called, wherever they are offered. */
export const guardTitles = {
  guardWithTimeout: 'Guard `{{method}}` with a timeout',
  guardWithBreaker: 'Guard `{{method}}` with a timeout and a circuit breaker',
  guardWithRetry: 'Guard `{{method}}` with a timeout, a circuit breaker and a retry',
  guardCall: 'Guard `{{call}}` with a timeout',
} as const;

export const titleOf: Readonly<Record<GuardLevel, keyof typeof guardTitles>> = {
  timeout: 'guardWithTimeout',
  circuitBreaker: 'guardWithBreaker',
  retry: 'guardWithRetry',
};
