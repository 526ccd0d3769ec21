import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { Outbound } from '../outbound.js';
import { literalOf } from '../resolver/literals.js';
import { unwrap } from '../resolver/unwrap.js';
import { clientRetry } from '../summaries/nested-retries.js';
import type { Limit } from './limits.js';

/** What a client does about one call by itself, no policy around it. */
export interface ClientLimits {
  /** How long one attempt takes at most. */
  readonly timeout: Limit;
  /** How often it sends the call at most. */
  readonly attempts: Limit;
  /** How long all attempts take together. */
  readonly time: Limit;
}

/**
 * Options that end a whole attempt after so many milliseconds. Many others only limit connecting or silence, are in seconds or name an
 * instant: they guard, and how long the call then takes stays unknown.
 */
const wholeAttempt: Readonly<Record<string, readonly string[]>> = {
  '@anthropic-ai/sdk': ['timeout'],
  '@connectrpc/connect': ['timeoutMs'],
  '@elastic/elasticsearch': ['requestTimeout'],
  '@nestjs/axios': ['timeout'],
  axios: ['timeout'],
  got: ['request'],
  ioredis: ['commandTimeout'],
  ky: ['timeout'],
  mongodb: ['timeoutMS'],
  mssql: ['requestTimeout'],
  nats: ['timeout'],
  openai: ['timeout'],
  pg: ['query_timeout'],
  'pg-promise': ['query_timeout'],
  stripe: ['timeout'],
};

/** Its timeout covers its retries, too. */
const timesAllAttempts = new Set(['ky']);

export function clientLimits(outbound: Outbound, tools: Analysis): ClientLimits {
  const timeout = timeoutOf(outbound, tools);
  const retry = clientRetry(outbound, tools);
  const attempts = retry ? retry.attempts : 1;
  // How long a client waits before it tries again is its own affair.
  const time = attempts === 1 || timeout === Infinity || timesAllAttempts.has(outbound.target.module);
  return { timeout, attempts, time: time ? timeout : undefined };
}

function timeoutOf(outbound: Outbound, tools: Analysis): Limit {
  if (outbound.timeout === 'none') return Infinity;
  if (outbound.timeout === 'default') return outbound.ownTimeout;
  const option = outbound.timeout === 'own' ? outbound.timeoutOption : undefined;
  if (!option) return undefined;
  const { ts, scopes } = tools;
  if (outbound.signal?.option.state === 'present' && outbound.signal.option.value === option) {
    return signalTimeout(option, tools);
  }
  const setting = option.parent;
  const name =
    ts.isPropertyAssignment(setting) || ts.isShorthandPropertyAssignment(setting) ? setting.name.getText() : '';
  return wholeAttempt[outbound.target.module]?.includes(name) ? positive(literalOf(ts, scopes, option)) : undefined;
}

/** `AbortSignal.timeout(2_000)`, alone or among others. */
function signalTimeout(signal: ts.Node, tools: Pick<Analysis, 'ts' | 'scopes'>): Limit {
  const { ts, scopes } = tools;
  const node = unwrap(ts, signal);
  if (!ts.isCallExpression(node)) return undefined;
  if (node.expression.getText() === 'AbortSignal.timeout') return positive(literalOf(ts, scopes, node.arguments[0]));
  const list = node.expression.getText() === 'AbortSignal.any' ? node.arguments[0] : undefined;
  if (!list || !ts.isArrayLiteralExpression(list)) return undefined;
  const timed = list.elements.map((element) => signalTimeout(element, tools));
  const known = timed.filter((limit) => limit !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

function positive(value: unknown): Limit {
  return typeof value === 'number' && value > 0 && value < Infinity ? value : undefined;
}
