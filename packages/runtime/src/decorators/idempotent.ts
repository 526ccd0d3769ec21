import { idempotent, type IdempotentOptions } from '../policies/idempotent.js';
import type { PolicyDecorator } from './decorate.js';
import { policyDecorator } from './policy-decorator.js';

type KeyOfCall = NonNullable<IdempotentOptions['key']>;

/**
 * Declares that a method may be repeated, and gives all attempts of one call the same idempotency key: `currentIdempotencyKey()`. Takes
 * its options, or its `key`. Put it above `@Retry`.
 */
export const Idempotent: (options?: IdempotentOptions | KeyOfCall) => PolicyDecorator = policyDecorator(
  '@Idempotent',
  idempotent,
  'key',
);
