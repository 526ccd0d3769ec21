import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { literalOf, type Literal } from '../resolver/literals.js';
import type { Policy } from './regions.js';

/** An option of a policy: not given, out of sight, or given, with its value where the code says it. */
export interface Setting {
  readonly state: 'absent' | 'unknown' | 'present';
  readonly node?: ts.Expression;
  readonly value?: Literal | undefined;
}

type Tools = Pick<Analysis, 'ts' | 'scopes' | 'readOption' | 'regions'>;

/** The option that may stand alone in place of the options of the runtime. */
const scalars: Readonly<Partial<Record<Policy['kind'], string>>> = {
  'circuit-breaker': 'failureThreshold',
  retry: 'maxAttempts',
  timeout: 'duration',
  bulkhead: 'maxConcurrent',
  'rate-limit': 'limit',
  cached: 'ttl',
  hedge: 'delay',
};

/** What to show of a policy: `@Retry`, `retry`, `pRetry`. */
export function policyName({ row, kind }: Policy): string {
  return `${row?.form === 'decorator' ? '@' : ''}${row?.name ?? kind}`;
}

export function isOfRuntime({ module }: Policy): boolean {
  return module === '@holdfast/runtime';
}

/** `@Retry(shared)` is what `shared` was made as. */
export function origin(policy: Policy, { regions }: Pick<Tools, 'regions'>): Policy {
  const made = policy.options ? regions.policiesOf(policy.options) : [];
  return made.length === 1 ? made[0]! : policy;
}

export function settingOf(given: Policy, name: string, tools: Tools): Setting {
  const { ts, scopes, readOption } = tools;
  const policy = origin(given, tools);
  const { options } = policy;
  const alone = literalOf(ts, scopes, options);
  if (typeof alone === 'number') {
    const isAlone = isOfRuntime(policy) ? scalars[policy.kind] === name : true;
    return isAlone ? { state: 'present', node: options!, value: alone } : { state: 'absent' };
  }
  const option = readOption(options, name);
  if (option.state !== 'present') return option;
  return { state: 'present', node: option.value, value: literalOf(ts, scopes, option.value) };
}

/** How often the operation runs at most, the first try included; `undefined` when that cannot be read. */
export function attemptsOf(given: Policy, tools: Tools): number | undefined {
  const policy = origin(given, tools);
  const { row } = policy;
  if (policy.kind !== 'retry' || row?.attempts === undefined) return undefined;
  const { state, value } = settingOf(policy, row.attempts, tools);
  if (state === 'absent') return row.ownAttempts ?? Infinity;
  if (typeof value !== 'number') return undefined;
  return row.attemptsCountFirst ? value : value + 1;
}

/** After how many ms a timeout ends what it guards; `undefined` when that cannot be read. */
export function durationOf(given: Policy, tools: Tools): number | undefined {
  const policy = origin(given, tools);
  if (policy.kind !== 'timeout') return undefined;
  const { value } = settingOf(policy, policy.row?.duration ?? 'duration', tools);
  return typeof value === 'number' && value > 0 && value < Infinity ? value : undefined;
}

/** The least that a retry waits before its attempt `attempts`, all delays together, in ms. */
export function shortestBackoff(policy: Policy, attempts: number, tools: Tools): number {
  if (!isOfRuntime(policy) || settingOf(policy, 'delay', tools).state !== 'absent') return 0;
  const read = (name: string, otherwise: Literal): Literal | undefined => {
    const { state, value } = settingOf(policy, name, tools);
    return state === 'absent' ? otherwise : value;
  };
  const jitter = read('jitter', true);
  const [base, most, multiplier] = [read('baseDelay', 1_000), read('maxDelay', 30_000), read('backoffMultiplier', 2)];
  const share = jitter === false || jitter === 'decorrelated' ? 1 : jitter === 'equal' ? 0.5 : 0;
  if (typeof base !== 'number' || typeof most !== 'number' || typeof multiplier !== 'number') return 0;
  const grows = read('backoff', 'exponential') === 'exponential' && jitter !== 'decorrelated';
  let total = 0;
  for (let retry = 1; retry < Math.min(attempts, 20); retry += 1) {
    total += share * Math.min(most, grows ? base * multiplier ** (retry - 1) : base);
  }
  return total;
}
