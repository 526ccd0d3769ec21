import { assertPolicies, type Policy } from '../policy.js';
import { decorate, type PolicyDecorator } from './decorate.js';

/** Several policies around a method, outermost first. */
export function Guard(...policies: Policy[]): PolicyDecorator {
  assertPolicies('@Guard', policies);
  return decorate('@Guard', () => policies);
}
