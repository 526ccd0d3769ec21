import { channel, type Channel } from 'node:diagnostics_channel';

/** The channels a policy publishes to: `holdfast:` and its kind. */
const channels = new Map<string, Channel>();

/** The diagnostics channel of one kind of policy. Look at `hasSubscribers` before building an event: then silence is free. */
export function channelOf(kind: string): Channel {
  let found = channels.get(kind);
  if (!found) channels.set(kind, (found = channel(`holdfast:${kind}`)));
  return found;
}

/** What every event says. */
export interface HoldfastEvent {
  /** What happened, for instance `state-change`. */
  type: string;
  /** Name of the policy. */
  policy: string;
  [fact: string]: unknown;
}
