/** A value as it is written in single quotes, and what it is good for. */
export type PolicyValue = readonly [text: string, detail: string];

/** What is sensible for a policy. */
export interface PolicyValues {
  /** Instead of an empty list of arguments. `${1:10}` is a place that is filled in first. */
  readonly whole: readonly PolicyValue[];
  readonly options: Readonly<Record<string, readonly PolicyValue[]>>;
}

const timeouts: readonly PolicyValue[] = [
  ['2_000', '2 s: somebody waits for it'],
  ['10_000', '10 s: a slow dependency'],
  ['60_000', '1 min: work in the background'],
];

/** By the factory; its decorator has the same name with a capital. */
export const policyValues: Readonly<Record<string, PolicyValues>> = {
  retry: {
    whole: [['{ maxAttempts: ${1:3}, baseDelay: ${2:100} }', 'two retries, after about 100 and 200 ms']],
    options: {
      maxAttempts: [
        ['2', 'one retry'],
        ['3', 'two retries, the default'],
        ['5', 'four retries: work in the background'],
      ],
      baseDelay: [
        ['100', '100 ms: somebody waits for it'],
        ['1_000', '1 s, the default'],
      ],
      maxDelay: [
        ['2_000', '2 s: somebody waits for it'],
        ['30_000', '30 s, the default'],
      ],
      backoff: [
        ["'exponential'", 'each delay twice the one before, the default'],
        ["'linear'", 'each delay longer by the first'],
        ["'constant'", 'each delay the same'],
        ["'fibonacci'", 'slower than exponential'],
      ],
      backoffMultiplier: [['2', 'the default']],
      jitter: [
        ["'full'", 'from nothing to the whole delay, the default'],
        ["'equal'", 'at least half of the delay'],
        ["'decorrelated'", 'grows from the delay before'],
        ['false', 'all callers come back at once'],
      ],
      maxElapsed: [['10_000', 'no retry later than 10 s after the call']],
    },
  },
  circuitBreaker: {
    whole: [
      ["{ name: '${1:name}', recoveryTimeout: ${2:10_000} }", 'opens after 5 failures in a row, for 10 s'],
      [
        "{ name: '${1:name}', failureRate: ${2:0.5}, minimumCalls: ${3:10} }",
        'opens when half of the calls in 10 s fail',
      ],
    ],
    options: {
      failureThreshold: [
        ['5', 'failures in a row, the default'],
        ['10', 'failures in a row'],
      ],
      recoveryTimeout: [
        ['10_000', '10 s: called for each request'],
        ['60_000', '1 min, the default'],
      ],
      monitoringPeriod: [
        ['10_000', '10 s, the default'],
        ['60_000', '1 min: called seldom'],
      ],
      windowSize: [['100', 'the last 100 calls']],
      failureRate: [['0.5', 'half of the calls']],
      minimumCalls: [
        ['10', 'the default'],
        ['20', 'called often'],
      ],
      slowCallDuration: [['1_000', 'slow from 1 s on']],
      slowCallRate: [['0.5', 'half of the calls']],
      halfOpenProbes: [
        ['1', 'the default'],
        ['3', 'the majority decides'],
      ],
      afterHalfOpen: [
        ["'open'", 'the default'],
        ["'closed'", 'back to normal'],
      ],
      recoveryMultiplier: [['2', 'twice as long each time']],
      recoveryJitter: [['0.2', 'a fifth up or down: processes do not probe together']],
      rampUp: [['5_000', 'calls come back over 5 s']],
      scope: [
        ["'class'", 'one circuit for all calls, the default'],
        ["'instance'", 'one circuit for each object'],
      ],
    },
  },
  timeout: {
    whole: timeouts,
    options: {
      duration: timeouts,
      mode: [
        ["'hard'", 'settles the call at the deadline, the default'],
        ["'cooperative'", 'aborts the signal and waits for the operation'],
      ],
    },
  },
  bulkhead: {
    whole: [
      ['{ maxConcurrent: ${1:10}, maxQueue: ${2:100}, queueTimeout: ${3:1_000} }', '10 at once, 100 waiting up to 1 s'],
    ],
    options: {
      maxConcurrent: [
        ['10', 'at once'],
        ['50', 'at once'],
      ],
      maxQueue: [
        ['0', 'nobody waits, the default'],
        ['100', 'waiting'],
      ],
      queueTimeout: [['1_000', 'nobody waits longer than 1 s']],
      order: [
        ["'fifo'", 'the longest wait first, the default'],
        ["'lifo'", 'the freshest first: its caller is still there'],
      ],
    },
  },
  rateLimit: {
    whole: [['{ limit: ${1:100}, interval: ${2:1_000} }', '100 a second']],
    options: {
      limit: [
        ['10', 'per interval'],
        ['100', 'per interval'],
      ],
      interval: [
        ['1_000', 'per second, the default'],
        ['60_000', 'per minute'],
      ],
      algorithm: [
        ["'token-bucket'", 'spread evenly, the default'],
        ["'sliding-window'", 'the limit at any time'],
      ],
      burst: [['10', 'at once after a pause']],
      maxWait: [
        ['0', 'refused at once, the default'],
        ['1_000', 'waits for its turn up to 1 s'],
      ],
    },
  },
  cached: {
    whole: [['{ ttl: ${1:60_000}, maxEntries: ${2:1_000} }', 'for 1 min, the 1,000 that were used last']],
    options: {
      ttl: [
        ['5_000', '5 s: takes the peak off'],
        ['60_000', '1 min'],
        ['300_000', '5 min: changes seldom'],
      ],
      staleWhileRevalidate: [['30_000', 'answered at once for 30 s more, and renewed']],
      staleIfError: [['300_000', 'better stale than none, for 5 min']],
      negativeTtl: [['5_000', '"there is none" for 5 s']],
      maxEntries: [['1_000', 'the default']],
      jitter: [['0.1', 'up to a tenth shorter: results do not expire together']],
      scope: [
        ["'instance'", 'of one object, the default in memory'],
        ["'class'", 'of all objects'],
      ],
    },
  },
  hedge: {
    whole: [['{ delay: ${1:100} }', 'asks again after 100 ms']],
    options: {
      delay: [['100', 'asks again after 100 ms']],
      quantile: [['0.95', 'asks again when 95 of 100 would have answered']],
      maxAttempts: [['2', 'one copy, the default']],
    },
  },
};
