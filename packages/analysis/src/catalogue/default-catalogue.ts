import type { Catalogue } from './catalogue.js';
import { knex } from './db/knex.js';
import { pg } from './db/pg.js';
import { cockatiel } from './guards/cockatiel.js';
import { holdfast } from './guards/holdfast.js';
import { bottleneck, pLimit, pMap, pQueue } from './guards/limits.js';
import { opossum } from './guards/opossum.js';
import {
  asyncRetry,
  axiosRetry,
  exponentialBackoff,
  pRetry,
  promiseRetry,
  tsRetryPromise,
} from './guards/retries.js';
import { effect, rxjs } from './guards/streams.js';
import { pTimeout, promiseTimeout } from './guards/timeouts.js';
import { axios } from './http/axios.js';
import { globals } from './http/fetch.js';

/** What Holdfast knows without being told. */
export const defaultCatalogue: Catalogue = [
  globals,
  axios,
  pg,
  knex,
  holdfast,
  cockatiel,
  opossum,
  pRetry,
  asyncRetry,
  promiseRetry,
  exponentialBackoff,
  tsRetryPromise,
  axiosRetry,
  pTimeout,
  promiseTimeout,
  pLimit,
  pQueue,
  pMap,
  bottleneck,
  rxjs,
  effect,
];
