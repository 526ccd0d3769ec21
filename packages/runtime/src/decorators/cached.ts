import type { Policy } from '../policy.js';
import { cached, type CachedOptions } from '../policies/cached.js';
import { policyDecorator } from './policy-decorator.js';
import type { PolicyDecorator } from './decorate.js';

/** `cached` around a method: takes its options, its `ttl`, or an existing policy to share. */
export const Cached: (options: CachedOptions | number | Policy) => PolicyDecorator = policyDecorator(
  '@Cached',
  cached,
  'ttl',
);
