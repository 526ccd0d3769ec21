import { Obstacle } from './migration.js';
import { baseText, type KnownNumber } from './options.js';
import { longestTimer } from './sleep.js';

export interface Backoff {
  readonly retries: number;
  readonly factor: KnownNumber;
  readonly minTimeout: KnownNumber;
  readonly maxTimeout: KnownNumber;
  readonly isRandom: boolean;
}

/**
 * The delays of p-retry as a function of the failed attempt: `round(random * minTimeout * factor ** n)`, at most `maxTimeout`. What has no
 * effect on any of them is left out.
 */
export function backoff({ retries, factor, minTimeout, maxTimeout, isRandom }: Backoff): string {
  if (minTimeout.value === Infinity || factor.value === Infinity) throw new Obstacle('invalid-option');
  // Inside the function these names mean its own parameters.
  const isShadowed = [factor, minTimeout, maxTimeout].some(({ text }) => /\b(?:attempt|_)\b/.test(text));
  if (isShadowed) throw new Obstacle('dynamic-option');
  const rate = factor.value > 0 ? factor : { value: 1, text: '1' };
  const raw = Array.from({ length: retries }, (_, index) => minTimeout.value * rate.value ** index);
  const most = raw.map((delay) => Math.min(Math.round(delay * (isRandom ? 2 : 1)), maxTimeout.value));
  if (most.some((delay) => !(delay <= longestTimer))) throw new Obstacle('unbounded');
  const isSteady = minTimeout.value === 0 || rate.value === 1 || retries <= 1;
  const grown = isSteady ? minTimeout.text : `${minTimeout.text} * ${baseText(rate)} ** (attempt - 1)`;
  const spread = isRandom ? `(Math.random() + 1) * ${grown}` : grown;
  const rounded = isRandom || raw.some((delay) => !Number.isInteger(delay)) ? `Math.round(${spread})` : spread;
  const isCapped = raw.some((delay) => Math.round(delay * (isRandom ? 2 : 1)) > maxTimeout.value);
  const bounded = isCapped ? `Math.min(${rounded}, ${maxTimeout.text})` : rounded;
  return `${isSteady ? '()' : '(_, attempt)'} => ${bounded}`;
}
