import { HoldfastError, RejectionError, RetryBudgetExhaustedError, TimeoutError } from './errors.js';

/**
 * What a settled operation says about its dependency. `success`: it answered, if only to say that the request was wrong.
 * `failure`: it did not do its part. `ignore`: nothing can be learnt (a refusal of ours, the caller's own abort, a bug
 * in the code around the call, our own event loop being late).
 */
export type Outcome = 'success' | 'failure' | 'ignore';

/** Statuses that another try may change, though they are in the 4xx range. */
const PASSING_STATUSES = new Set([408, 425, 429]);
const PROGRAMMING_ERRORS = new Set([
  'TypeError',
  'ReferenceError',
  'SyntaxError',
  'RangeError',
  'EvalError',
  'URIError',
]);
/** How the fetch implementations begin to word a network failure; they all use TypeError for it. */
const NETWORK_MESSAGES =
  /^(?:fetch failed|failed to fetch|networkerror|network error|network request failed|network connection lost|the network connection was lost|the internet connection appears|load failed|terminated$)/i;

/** Classifies a failure, once for all policies. */
export function outcomeOfError(error: unknown): Outcome {
  if (error instanceof HoldfastError) {
    // The operation did run, and failed; only another try was refused.
    if (error instanceof RetryBudgetExhaustedError) return outcomeOfError(error.cause);
    if (error instanceof RejectionError) return 'ignore';
    return error instanceof TimeoutError && error.isLagged ? 'ignore' : 'failure';
  }
  if (isProgrammingError(error)) return 'ignore';
  return isPermanent(error) ? 'success' : 'failure';
}

/** A failure that another try may turn into success. */
export function isTransient(error: unknown): boolean {
  if (error instanceof RejectionError) return false;
  return !isProgrammingError(error) && !isPermanent(error);
}

/**
 * A bug rather than a fault: it will fail the same way next time, and says nothing of the dependency. Told by name, as the
 * error may come from another realm (Jest).
 */
export function isProgrammingError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, message, cause } = error as { name?: unknown; message?: unknown; cause?: unknown };
  if (typeof name !== 'string' || !PROGRAMMING_ERRORS.has(name)) return false;
  if (typeof message !== 'string') return true;
  if (name === 'TypeError') {
    const causeCode = (cause as { code?: unknown } | null | undefined)?.code;
    return !(typeof causeCode === 'string' || NETWORK_MESSAGES.test(message));
  }
  // An answer that is no JSON is the dependency's fault: an error page of a proxy, a body cut off.
  return !(name === 'SyntaxError' && message.includes('JSON'));
}

/** The dependency said that the request itself is wrong: asking again changes nothing. */
export function isPermanent(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500 && !PASSING_STATUSES.has(status);
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { status, statusCode, response } = error as {
    status?: unknown;
    statusCode?: unknown;
    response?: { status?: unknown; statusCode?: unknown };
  };
  for (const candidate of [status, statusCode, response?.status, response?.statusCode]) {
    if (typeof candidate === 'number') return candidate;
  }
  return undefined;
}

/**
 * How long the other side asks us to stay away, in ms: from a refusal of ours, or the `Retry-After` (seconds or a date) or
 * `RateLimit-Reset` header of an error or response.
 *
 * @see RFC 9110, 10.2.3
 */
export function retryAfterOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof RejectionError) return value.retryAfter;
  const { headers, response } = value as { headers?: unknown; response?: { headers?: unknown } };
  const wait = header(headers, 'retry-after') ?? header(response?.headers, 'retry-after');
  if (wait !== undefined) {
    const seconds = Number(wait);
    const ms = wait.trim() === '' ? NaN : Number.isNaN(seconds) ? Date.parse(wait) - Date.now() : seconds * 1000;
    return Number.isNaN(ms) ? undefined : Math.max(0, ms);
  }
  const reset = Number(header(headers, 'ratelimit-reset') ?? header(response?.headers, 'ratelimit-reset') ?? NaN);
  return Number.isNaN(reset) ? undefined : Math.max(0, reset * 1000);
}

function header(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const { get } = headers as { get?: unknown };
  const value: unknown = typeof get === 'function' ? get.call(headers, name) : ownHeader(headers, name);
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

/** Of a plain object, where names come in lower case (Node) or as the server wrote them (older clients). */
function ownHeader(headers: object, name: string): unknown {
  const own = Object.keys(headers).find((key) => key.toLowerCase() === name);
  return own === undefined ? undefined : (headers as Record<string, unknown>)[own];
}
