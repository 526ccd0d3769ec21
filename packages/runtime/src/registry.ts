import { LiveSet } from './live-set.js';
import type { BuiltInPolicy, PolicySnapshot } from './policy.js';

const live = new LiveSet<BuiltInPolicy>();

/** Makes a policy show up in `snapshot()` for as long as somebody refers to it. Returns how to take it out before. */
export function register(policy: BuiltInPolicy): () => void {
  return live.add(policy);
}

/** The state and counters of every live policy, as plain data. */
export function snapshot(): PolicySnapshot[] {
  return [...live].map((policy) => policy.snapshot());
}
