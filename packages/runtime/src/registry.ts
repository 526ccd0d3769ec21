import type { BuiltInPolicy, PolicySnapshot } from './policy.js';

const live = new Set<WeakRef<BuiltInPolicy>>();
const collected = new FinalizationRegistry<WeakRef<BuiltInPolicy>>((reference) => live.delete(reference));

/** Makes a policy show up in `snapshot()` for as long as somebody refers to it. Returns how to take it out before. */
export function register(policy: BuiltInPolicy): () => void {
  const reference = new WeakRef(policy);
  live.add(reference);
  collected.register(policy, reference, reference);
  return () => {
    live.delete(reference);
    collected.unregister(reference);
  };
}

/** The state and counters of every live policy, as plain data. */
export function snapshot(): PolicySnapshot[] {
  const all: PolicySnapshot[] = [];
  for (const reference of live) {
    const policy = reference.deref();
    if (policy) all.push(policy.snapshot());
  }
  return all;
}
