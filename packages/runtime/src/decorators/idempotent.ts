import { idempotent, type IdempotentOptions } from '../policies/idempotent.js';
import type { PolicyDecorator } from './decorate.js';
import { policyDecorator } from './policy-decorator.js';

/**
 * Declares that a method may be repeated, and gives all attempts of one call the same idempotency key: `currentIdempotencyKey()`. Put it
 * above `@Retry`.
 */
export const Idempotent: (options?: IdempotentOptions) => PolicyDecorator = policyDecorator(
  '@Idempotent',
  idempotent,
  'key',
);
