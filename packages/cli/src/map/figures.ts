import { durationText, type Bound, type MapGuard } from '@holdfast/analysis';

/** What a person reads for a duration that is known, has no end, or is unknown. */
export function timeText(time: Bound | undefined): string {
  if (time === undefined) return '?';
  if (time === 'unbounded') return 'no limit';
  return time === 0 ? durationText(time) : `≤ ${durationText(time)}`;
}

export function attemptsText(attempts: Bound | undefined): string {
  if (attempts === undefined) return '× ?';
  return attempts === 'unbounded' ? '× no limit' : `× ${String(attempts)}`;
}

/** `@Retry 3 attempts, back-off ≤ 3 s` */
export function guardText({ name, timeout, attempts, backoff, maxElapsed, wait, delay }: MapGuard): string {
  const settings = [
    timeout === undefined ? undefined : timeText(timeout),
    attempts === undefined ? undefined : attemptsText(attempts),
    backoff === undefined ? undefined : `back-off ${timeText(backoff)}`,
    maxElapsed === undefined ? undefined : `no retry after ${timeText(maxElapsed).slice(2)}`,
    wait === undefined ? undefined : `wait ${timeText(wait)}`,
    delay === undefined ? undefined : `copy after ${timeText(delay).slice(2)}`,
  ].filter((setting) => setting !== undefined);
  return settings.length === 0 ? name : `${name}: ${settings.join(', ')}`;
}
