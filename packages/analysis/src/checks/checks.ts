import type { Check } from './check.js';
import { noUncancelledTimeout } from './no-uncancelled-timeout.js';
import { noUnguardedOutboundCall } from './no-unguarded-outbound-call.js';
import { validPolicyOptions } from './valid-policy-options.js';

/** Every check there is. Surfaces show all of them and know none by name. */
export const checks: readonly Check[] = [noUnguardedOutboundCall, noUncancelledTimeout, validPolicyOptions];
