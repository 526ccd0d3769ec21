import type { Policy } from '../policy.js';
import { hedge, type HedgeOptions } from '../policies/hedge.js';
import { policyDecorator } from './policy-decorator.js';
import type { PolicyDecorator } from './decorate.js';

/** `hedge` around a method: takes its options, its `delay`, or an existing policy to share. */
export const Hedge: (options: HedgeOptions | number | Policy) => PolicyDecorator = policyDecorator(
  '@Hedge',
  hedge,
  'delay',
);
