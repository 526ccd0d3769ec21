import { assertPolicies, type Policy } from '../policy.js';
import { assertCalled, decorate, type PolicyDecorator } from './decorate.js';

/** Several policies around a method, outermost first. */
export function Guard(...policies: Policy[]): PolicyDecorator {
  assertCalled('@Guard', policies[1]);
  assertPolicies('@Guard', policies);
  return decorate('@Guard', () => policies);
}
