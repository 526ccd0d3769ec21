import type { Policy } from '../policy.js';
import { rateLimit, type RateLimitOptions } from '../policies/rate-limit.js';
import { policyDecorator } from './policy-decorator.js';
import type { PolicyDecorator } from './decorate.js';

/** `rateLimit` around a method: takes its options, its `limit`, or an existing policy to share. */
export const RateLimit: (options: RateLimitOptions | number | Policy) => PolicyDecorator = policyDecorator(
  '@RateLimit',
  rateLimit,
  'limit',
);
