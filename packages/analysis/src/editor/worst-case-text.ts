import type { CallSite, GraphPolicy } from '../map/call-graph.js';
import { durationText } from '../map/duration-text.js';
import type { Figures } from '../map/figures.js';
import { most, timeUnder, type Limit } from '../map/limits.js';

/** A time with the sum that it comes from: `3 attempts × 2 s + 3 s back-off`. */
interface Sum {
  readonly time: Limit;
  readonly text: string;
  readonly isProduct: boolean;
}

/** `at worst 3 attempts × 2 s + 3 s back-off = 9 s; sent up to 9 times, its client's own retries included` */
export function worstCaseText(site: CallSite, figures: Figures): string {
  const time = figures.timeAt(site, false);
  const attempts = figures.attemptsAt(site);
  const sum = sumOf(site, figures);
  const total = limitText(time);
  // What else runs under the same guard is not in the sum.
  const isWhole = sum.time === time && time !== undefined && time !== Infinity && sum.text !== total;
  return `${isWhole ? `at worst ${sum.text} = ${total}` : atWorst(time)}${repetition(site, attempts)}`;
}

export function atWorst(time: Limit): string {
  return time === Infinity ? 'nothing ends it' : `at worst ${limitText(time)}`;
}

function repetition({ outbound }: CallSite, attempts: Limit): string {
  if (attempts === 1) return '';
  const often =
    attempts === undefined
      ? 'nobody knows how often'
      : attempts === Infinity
        ? 'without end'
        : `up to ${String(attempts)} times`;
  const isOfClient = outbound !== undefined && outbound.attempts !== 1;
  return `; sent ${often}${isOfClient ? `, the client's own retries included` : ''}`;
}

function sumOf({ layers, outbound, callees }: CallSite, figures: Figures): Sum {
  const inner = outbound ? outbound.time : callees.map((key) => figures.timeOf(key, false)).reduce<Limit>(most, 0);
  let sum: Sum = { time: inner, text: limitText(inner), isProduct: false };
  for (const { policies = [] } of [...layers].reverse()) {
    for (const policy of [...policies].reverse()) sum = under(policy, sum);
  }
  return sum;
}

function under(policy: GraphPolicy, inner: Sum): Sum {
  const time = timeUnder(policy, inner.time, { isAskedToWait: false });
  switch (policy.kind) {
    case 'retry': {
      const whole = inner.isProduct ? `(${inner.text})` : inner.text;
      const backoff = policy.backoff ? ` + ${limitText(policy.backoff)} back-off` : '';
      const text = policy.attempts === 1 ? inner.text : `${countText(policy.attempts)} attempts × ${whole}${backoff}`;
      return { time, text, isProduct: true };
    }
    case 'bulkhead':
    case 'rate-limit':
      return policy.wait
        ? { time, text: `${inner.text} + ${limitText(policy.wait)} to get in`, isProduct: true }
        : { ...inner, time };
    case 'circuit-breaker':
      return { ...inner, time };
    default:
      // What ends it by the clock, and what cannot be summed up, is a time of its own.
      return time === inner.time ? inner : { time, text: limitText(time), isProduct: false };
  }
}

function limitText(limit: Limit): string {
  if (limit === undefined) return 'an unknown time';
  return limit === Infinity ? 'no end' : durationText(limit);
}

function countText(attempts: Limit): string {
  if (attempts === undefined) return '?';
  return attempts === Infinity ? 'endless' : String(attempts);
}
