import type { Check } from './check.js';
import { noCachedMutation } from './no-cached-mutation.js';
import { noDualWrite } from './no-dual-write.js';
import { noFloatingOutboundCall } from './no-floating-outbound-call.js';
import { noNestedRetry } from './no-nested-retry.js';
import { noNonIdempotentRetry } from './no-non-idempotent-retry.js';
import { noOutboundCallInTransaction } from './no-outbound-call-in-transaction.js';
import { noPermanentFailureRetry } from './no-permanent-failure-retry.js';
import { noPolicyPerCall } from './no-policy-per-call.js';
import { noSwallowedFailure } from './no-swallowed-failure.js';
import { noUnboundedFanOut } from './no-unbounded-fan-out.js';
import { noUnboundedRetry } from './no-unbounded-retry.js';
import { noUncancelledTimeout } from './no-uncancelled-timeout.js';
import { noUncheckedResponse } from './no-unchecked-response.js';
import { noUnguardedOutboundCall } from './no-unguarded-outbound-call.js';
import { policyOrder } from './policy-order.js';
import { requireCacheInvalidation } from './require-cache-invalidation.js';
import { requireCacheKeyInputs } from './require-cache-key-inputs.js';
import { validPolicyOptions } from './valid-policy-options.js';

/** Every check there is. Surfaces show all of them and know none by name. */
export const checks: readonly Check[] = [
  noUnguardedOutboundCall,
  noNonIdempotentRetry,
  noUncancelledTimeout,
  noNestedRetry,
  noUnboundedRetry,
  noPermanentFailureRetry,
  noUncheckedResponse,
  noSwallowedFailure,
  noUnboundedFanOut,
  noPolicyPerCall,
  policyOrder,
  validPolicyOptions,
  noFloatingOutboundCall,
  noCachedMutation,
  requireCacheKeyInputs,
  requireCacheInvalidation,
  noOutboundCallInTransaction,
  noDualWrite,
];
