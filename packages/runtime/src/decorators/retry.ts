import type { Policy } from '../policy.js';
import { retry, type RetryOptions } from '../policies/retry.js';
import { policyDecorator } from './policy-decorator.js';
import type { PolicyDecorator } from './decorate.js';

/** `retry` around a method: takes its options, its `maxAttempts`, or an existing policy to share. */
export const Retry: (options?: RetryOptions | number | Policy) => PolicyDecorator = policyDecorator(
  '@Retry',
  retry,
  'maxAttempts',
);
