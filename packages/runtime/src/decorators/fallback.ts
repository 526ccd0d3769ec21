import type { Policy } from '../policy.js';
import { fallback, type FallbackHandler, type FallbackOptions } from '../policies/fallback.js';
import { policyDecorator } from './policy-decorator.js';
import type { PolicyDecorator } from './decorate.js';

/** `fallback` around a method: takes its options, its `handler`, or an existing policy to share. */
export const Fallback: (options: FallbackOptions | FallbackHandler | Policy) => PolicyDecorator = policyDecorator(
  '@Fallback',
  fallback,
  'handler',
);
