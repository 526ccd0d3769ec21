import type { Policy } from '../policy.js';
import { bulkhead, type BulkheadOptions } from '../policies/bulkhead.js';
import { policyDecorator } from './policy-decorator.js';
import type { PolicyDecorator } from './decorate.js';

/** `bulkhead` around a method: takes its options, its `maxConcurrent`, or an existing policy to share. */
export const Bulkhead: (options: BulkheadOptions | number | Policy) => PolicyDecorator = policyDecorator(
  '@Bulkhead',
  bulkhead,
  'maxConcurrent',
);
