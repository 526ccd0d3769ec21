/** What a person reads for a duration in ms. Rounded up, never down: it is a limit. */
export function durationText(ms: number): string {
  if (ms === 0) return '0 s';
  if (ms < 1_000) return `${round(ms)} ms`;
  if (ms < 120_000) return `${round(ms / 1_000)} s`;
  return ms < 7_200_000 ? `${round(ms / 60_000)} min` : `${round(ms / 3_600_000)} h`;
}

function round(value: number): string {
  return String(Math.ceil(value * 10) / 10);
}
