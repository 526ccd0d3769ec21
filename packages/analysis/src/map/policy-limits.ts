import type { Analysis } from '../analysis.js';
import { isHandWritten } from '../summaries/guarded-ways.js';
import { attemptsOf, durationOf, isOfRuntime, origin, settingOf } from '../summaries/policy-settings.js';
import type { Policy, Region } from '../summaries/regions.js';
import { mostAttempts, retryOf } from '../summaries/retries.js';
import type { Limit, PolicyLimits } from './limits.js';

/** Reads the settings of a policy. What is left out of an options object has its default; what cannot be seen is unknown. */
export function policyLimits(given: Policy, region: Region, tools: Analysis): PolicyLimits {
  const policy = origin(given, tools);
  const { kind } = policy;
  const number = (name: string, otherwise: Limit): Limit => numberOf(policy, name, otherwise, tools);
  if (kind === 'retry') return { kind, ...retryLimits(policy, region, tools) };
  if (!isOfRuntime(policy)) return { kind, ...foreignLimits(policy, tools) };
  switch (kind) {
    case 'timeout':
      return { kind, timeout: isHard(policy, tools) ? durationOf(policy, tools) : undefined };
    case 'hedge': {
      // A quantile of what others took is at most what they took.
      const isFixed = settingOf(policy, 'quantile', tools).state === 'absent';
      return { kind, attempts: number('maxAttempts', 2), delay: isFixed ? number('delay', undefined) : undefined };
    }
    case 'bulkhead': {
      const queue = number('maxQueue', 0);
      return { kind, wait: queue === 0 ? 0 : number('queueTimeout', queue === undefined ? undefined : Infinity) };
    }
    case 'rate-limit':
      return { kind, wait: number('maxWait', 0) };
    case 'fallback':
      return { kind, runsMore: settingOf(policy, 'value', tools).state !== 'present' };
    case 'cached':
      return { kind, runsMore: settingOf(policy, 'store', tools).state !== 'absent' };
    default:
      return { kind };
  }
}

/** What the libraries of others promise is taken for granted only where their documentation is as plain as this. */
function foreignLimits(policy: Policy, tools: Analysis): Omit<PolicyLimits, 'kind'> {
  return {
    timeout: policy.module === 'p-timeout' ? durationOf(policy, tools) : undefined,
    runsMore: policy.kind === 'fallback' || policy.kind === 'cached',
  };
}

function isHard(policy: Policy, tools: Analysis): boolean {
  const { state, value } = settingOf(policy, 'mode', tools);
  return state === 'absent' || value === 'hard';
}

function retryLimits(policy: Policy, region: Region, tools: Analysis): Omit<PolicyLimits, 'kind'> {
  if (isHandWritten(region)) {
    return { attempts: countsUp(region, tools) ? mostAttempts({ region, policy }, tools) : undefined };
  }
  const { endless } = policy.row ?? {};
  const isEndless = endless !== undefined && settingOf(policy, endless, tools).state !== 'absent';
  const attempts = isEndless ? undefined : attemptsOf(policy, tools);
  if (!isOfRuntime(policy)) return { attempts };
  const maxElapsed = numberOf(policy, 'maxElapsed', Infinity, tools);
  return { attempts, maxElapsed, ...longestBackoff(policy, attempts, tools) };
}

/** `for (…; …; attempt++)`: any other loop may count in ways of its own. */
function countsUp(region: Region, tools: Analysis): boolean {
  const { ts } = tools;
  const { node } = region;
  if (!retryOf(region, tools) || !ts.isForStatement(node)) return false;
  return /^(?:\+\+\w+|\w+\s*(?:\+\+|\+=\s*1))$/.test(node.incrementor?.getText() ?? '');
}

/** Beyond this the sum is worked out from the longest delay: nobody waits for a loop of a million. */
const summedRetries = 1_000;

/** Jitter counts as its longest. Mirrors `backoffDelay` of the runtime. */
function longestBackoff(
  policy: Policy,
  attempts: Limit,
  tools: Analysis,
): Pick<PolicyLimits, 'backoff' | 'backoffAfterAsking'> {
  if (attempts === undefined || settingOf(policy, 'delay', tools).state !== 'absent') return {};
  const baseDelay = numberOf(policy, 'baseDelay', 1_000, tools);
  const maxDelay = numberOf(policy, 'maxDelay', baseDelay && Math.max(30_000, baseDelay), tools);
  const multiplier = numberOf(policy, 'backoffMultiplier', 2, tools);
  const jitter = settingOf(policy, 'jitter', tools);
  const growth = settingOf(policy, 'backoff', tools);
  const kind = growth.state === 'absent' ? 'exponential' : growth.value;
  if (baseDelay === undefined || maxDelay === undefined || multiplier === undefined) return {};
  if (jitter.state !== 'absent' && jitter.value === undefined) return {};
  const retries = attempts - 1;
  const backoffAfterAsking = retries * maxDelay;
  if (retries === Infinity) return { backoff: baseDelay === 0 ? 0 : Infinity, backoffAfterAsking };
  let [backoff, previous, fibonacci] = [0, 1, 1];
  for (let retry = 1; retry <= Math.min(retries, summedRetries); retry += 1) {
    const factor =
      jitter.value === 'decorrelated'
        ? 3 ** retry
        : kind === 'exponential'
          ? multiplier ** (retry - 1)
          : kind === 'linear'
            ? retry
            : kind === 'fibonacci'
              ? fibonacci
              : kind === 'constant'
                ? 1
                : Infinity;
    // 0 times Infinity would be NaN.
    backoff += Math.min(maxDelay, baseDelay * Math.min(Number.MAX_VALUE, factor));
    [previous, fibonacci] = [fibonacci, previous + fibonacci];
  }
  return { backoff: backoff + Math.max(0, retries - summedRetries) * maxDelay, backoffAfterAsking };
}

function numberOf(policy: Policy, name: string, otherwise: Limit, tools: Analysis): Limit {
  const { state, value } = settingOf(policy, name, tools);
  if (state === 'absent') return otherwise;
  return typeof value === 'number' && value >= 0 ? value : undefined;
}
