import type { Check } from './check.js';

/** A call with no timeout waits as long as the other side likes, and its callers wait with it. */
export const noUnguardedOutboundCall: Check = {
  id: 'no-unguarded-outbound-call',
  code: 770_001,
  harm: 'When the other side hangs, so does everything that waits for it',
  preset: 'recommended',
  messages: {
    unguarded:
      '`{{call}}` has no timeout and no policy: when the other side hangs, so does everything that waits for it.',
    unguardedPath:
      '`{{call}}` has no timeout and no policy on the way from `{{entry}}`: when the other side hangs, so does everything that waits for it.',
  },
  *judge({ outboundCalls }) {
    for (const { callee, guard, timeout, path, confidence } of outboundCalls) {
      if (guard || timeout === 'own') continue;
      const [entry, ...between] = path;
      const isIndirect = entry !== undefined && between.length > 0;
      yield {
        at: callee,
        messageId: isIndirect ? 'unguardedPath' : 'unguarded',
        data: isIndirect ? { call: callee.text, entry: entry.text } : { call: callee.text },
        confidence,
        path: [...path, callee],
      };
    }
  },
};
