import type { CatalogueModule, GuardRow } from '../catalogue.js';

const retries = { attempts: 'retries', options: 1, policies: ['retry'] } as const;
/** Those over `retry` of npm. */
const overRetry = { ownAttempts: 11, endless: 'forever', maxElapsed: 'maxRetryTime' } as const;

function wrapper(exported: string, name: string, more: Partial<GuardRow>): GuardRow {
  return { export: exported, name, form: 'wrapper', ...retries, ...more };
}

/** Ten tries after the first one, unless told otherwise. `forever` went with version 7, which brought `makeRetriable`. */
export const pRetry: CatalogueModule = {
  module: 'p-retry',
  docs: 'https://github.com/sindresorhus/p-retry#options',
  guards: [
    wrapper('default', 'pRetry', { ...overRetry, condition: 'shouldRetry' }),
    {
      export: 'makeRetriable',
      name: 'makeRetriable',
      form: 'wraps',
      ...retries,
      ownAttempts: 11,
      maxElapsed: 'maxRetryTime',
      condition: 'shouldRetry',
    },
  ],
};

export const asyncRetry: CatalogueModule = {
  module: 'async-retry',
  docs: 'https://github.com/vercel/async-retry#api',
  guards: [wrapper('default', 'retry', overRetry)],
};

export const promiseRetry: CatalogueModule = {
  module: 'promise-retry',
  docs: 'https://github.com/IndigoUnited/node-promise-retry#usage',
  guards: [wrapper('default', 'promiseRetry', overRetry)],
};

export const exponentialBackoff: CatalogueModule = {
  module: 'exponential-backoff',
  docs: 'https://github.com/coveooss/exponential-backoff#backoffoptions',
  guards: [
    wrapper('backOff', 'backOff', {
      attempts: 'numOfAttempts',
      attemptsCountFirst: true,
      ownAttempts: 10,
      condition: 'retry',
    }),
  ],
};

export const tsRetryPromise: CatalogueModule = {
  module: 'ts-retry-promise',
  docs: 'https://github.com/normartin/ts-retry-promise#retryconfig',
  guards: [wrapper('retry', 'retry', { ownAttempts: 11, condition: 'retryIf' })],
};

/** Repeats what an axios client sends: safe methods only, unless a `retryCondition` says otherwise. */
export const axiosRetry: CatalogueModule = {
  module: 'axios-retry',
  docs: 'https://github.com/softonic/axios-retry#options',
  guards: [
    {
      export: 'default',
      name: 'axiosRetry',
      form: 'attaches',
      ...retries,
      ownAttempts: 4,
      condition: 'retryCondition',
    },
  ],
};
