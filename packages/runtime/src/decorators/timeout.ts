import type { Policy } from '../policy.js';
import { timeout, type TimeoutOptions } from '../policies/timeout.js';
import { policyDecorator } from './policy-decorator.js';
import type { PolicyDecorator } from './decorate.js';

/** `timeout` around a method: takes its options, its `duration`, or an existing policy to share. */
export const Timeout: (options: TimeoutOptions | number | Policy) => PolicyDecorator = policyDecorator(
  '@Timeout',
  timeout,
  'duration',
);
