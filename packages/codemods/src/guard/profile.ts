import type { DependencyKind, Effect } from '@holdfast/analysis';
import { figures, numeral } from '@holdfast/analysis/writing';

/** One policy of a guard, as data. */
export interface PolicyChoice {
  /** The factory; its decorator has the same name with a capital. */
  readonly policy: 'bulkhead' | 'circuitBreaker' | 'rateLimit' | 'retry' | 'timeout';
  /** The one obvious value (`timeout(2_000)`), or the options. */
  readonly value?: number;
  readonly options?: Readonly<Record<string, number | string>>;
  /** Gets `name` in its options, so that its state can be told apart from others. */
  readonly isNamed?: boolean;
  /** Left out where the operation may run only once. */
  readonly repeats?: boolean;
}

/** Which policies guard which kind of dependency, the outermost first. */
export type GuardProfile = Readonly<Record<DependencyKind, readonly PolicyChoice[]>>;

const { attempts: maxAttempts, baseDelay, recoveryTimeout, timeout } = figures;
const remote: readonly PolicyChoice[] = [
  { policy: 'retry', options: { maxAttempts, baseDelay }, repeats: true },
  { policy: 'circuitBreaker', options: { recoveryTimeout }, isNamed: true },
  { policy: 'timeout', value: timeout },
];

export const defaultProfile: GuardProfile = {
  http: remote,
  rpc: remote,
  sdk: remote,
  cache: remote,
  db: remote,
  broker: remote,
  mail: remote,
  socket: remote,
};

export function choicesFor(
  profile: GuardProfile,
  kind: DependencyKind,
  effects: readonly Effect[],
  isRepeatable: boolean,
): readonly PolicyChoice[] {
  const mayRepeat = isRepeatable && effects.every((effect) => effect === 'read');
  return profile[kind].filter(({ repeats }) => mayRepeat || !repeats);
}

/** The arguments of a policy as source text. */
export function policyArguments(choice: PolicyChoice, name: string, quote: string): string {
  if (choice.value !== undefined) return numeral(choice.value);
  const options = { ...(choice.isNamed ? { name } : {}), ...choice.options };
  const entries = Object.entries(options).map(
    ([key, value]) => `${key}: ${typeof value === 'number' ? numeral(value) : quote + value + quote}`,
  );
  return entries.length === 0 ? '' : `{ ${entries.join(', ')} }`;
}

export function decoratorName({ policy }: PolicyChoice): string {
  return policy.charAt(0).toUpperCase() + policy.slice(1);
}
