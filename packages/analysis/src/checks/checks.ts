import type { Check } from './check.js';
import { noUnguardedOutboundCall } from './no-unguarded-outbound-call.js';

/** Every check there is. Surfaces show all of them and know none by name. */
export const checks: readonly Check[] = [noUnguardedOutboundCall];
