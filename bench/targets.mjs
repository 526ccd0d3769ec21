/**
 * What the runtime promises, on Node 24. A value is a ratio or a size; `figures` looks measurements up and gives NaN for what was not
 * measured. They are reported, never asserted: a shared machine must not fail a build.
 */
export const targets = [
  ...['all', 'all, standard decorators', 'all, legacy decorators'].flatMap((policy) => [
    {
      claim: `${label(policy)}: time, × bare call`,
      atMost: 5,
      value: ({ timesBare }) => timesBare('holdfast', policy),
    },
    {
      claim: `${label(policy)}: bytes added per call`,
      atMost: 800,
      value: ({ bytesAdded }) => bytesAdded('holdfast', policy),
    },
    {
      claim: `${label(policy)}: time, × opossum's three`,
      atMost: 0.5,
      value: ({ call }) => call('holdfast', policy) / call('opossum', 'three'),
    },
    {
      claim: `${label(policy)}: time, × cockatiel's four`,
      atMost: 1 / 25,
      value: ({ call }) => call('holdfast', policy) / call('cockatiel', 'all'),
    },
  ]),
  {
    claim: "breaker, timeout and bulkhead fused: time, × opossum's three",
    atMost: 0.5,
    value: ({ call }) => call('holdfast', 'three') / call('opossum', 'three'),
  },
  ...['retry', 'breaker, consecutive', 'breaker, count window', 'breaker, time window', 'timeout', 'bulkhead'].map(
    (policy) => ({
      claim: `${policy}: time, × the fastest peer`,
      atMost: 1,
      value: ({ call, fastestPeer }) => call('holdfast', policy) / fastestPeer('call', policy),
    }),
  ),
  {
    claim: 'refusal by an open circuit: time, × the fastest peer',
    atMost: 0.35,
    value: ({ refusal, fastestPeer }) => refusal('holdfast', 'breaker, time window') / fastestPeer('refusal'),
  },
  {
    claim: '100,000 calls in flight, timeout armed: bytes held per call',
    atMost: 600,
    value: ({ held }) => held('holdfast', 'timeout', 100_000),
  },
  {
    claim: '100,000 calls in flight, timeout armed: start and settle, × the fastest peer',
    atMost: 1 / 5,
    value: ({ flight, fastestPeer }) =>
      flight('holdfast', 'timeout', 100_000) / fastestPeer('flight', 'timeout', 100_000),
  },
  {
    claim: 'a failure with 100,000 calls in the window, × with 100',
    // "About 1": the cost must not grow with traffic.
    atMost: 1.5,
    value: ({ failureGrowth }) => failureGrowth('holdfast', 'breaker, time window'),
  },
];

function label(policy) {
  return policy === 'all' ? 'all four, fused' : policy.replace('all', 'all four');
}
