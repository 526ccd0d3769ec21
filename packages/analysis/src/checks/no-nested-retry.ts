import type { Analysis } from '../analysis.js';
import { evidenceOf, shorten } from '../location.js';
import { guardName } from '../summaries/guarded-ways.js';
import { nestedRetries, type NestedRetry } from '../summaries/nested-retries.js';
import { isInside } from '../summaries/regions.js';
import { mostAttempts, retrySites, type RetrySite } from '../summaries/retries.js';
import type { Check, Judgement } from './check.js';

/** Three attempts of three attempts of three are twenty-seven requests, all sent to something that is already failing. */
export const noNestedRetry: Check = {
  id: 'no-nested-retry',
  code: 770_004,
  harm: 'Retries multiply, and a dependency in trouble gets many times its load',
  preset: 'recommended',
  messages: {
    nested: '`{{outer}}` tries again what `{{inner}}` already tries again{{way}}: {{sum}}{{others}}.',
    nestedClient: '`{{outer}}` tries again what `{{inner}}` already tries again by itself{{way}}: {{sum}}{{others}}.',
  },
  *judge(file, analysis) {
    for (const site of retrySites(file, analysis)) {
      const found = nestedRetries(site, analysis);
      if (found.length > 0) yield atSite(site, found, analysis);
    }
  },
};

function atSite(site: RetrySite, found: readonly NestedRetry[], analysis: Analysis): Judgement {
  const { ts } = analysis;
  const outer = mostAttempts(site, analysis);
  const inner = worst(found.filter((nested) => isSure(nested, outer))) ?? worst(found)!;
  const { at, region } = site;
  const isHelper = ts.isCallExpression(region.node) && !isInside(at, region.node);
  return {
    at,
    messageId: inner.client ? 'nestedClient' : 'nested',
    data: {
      outer: isHelper ? shorten(at.getText()) : guardName(region, ts),
      inner: inner.name,
      way:
        inner.path.length > 0
          ? ` on the way \`${inner.path.map((step) => evidenceOf(ts, step).text).join(' → ')}\``
          : '',
      sum: sumText(outer, inner.attempts),
      others: found.length > 1 ? `, and ${String(found.length - 1)} more like it` : '',
    },
    path: [region.node, ...inner.path, inner.node],
    ...(isSure(inner, outer) ? {} : { confidence: 'likely' as const }),
  };
}

/** What a library does by default is only worth a word in `recommended` when the code shows how much it is. */
function isSure({ client, attempts }: NestedRetry, outer: number | undefined): boolean {
  if (client === 'reconnecting') return false;
  return client !== 'default' || ((outer ?? 0) >= 3 && (attempts ?? 0) >= 3);
}

function worst(found: readonly NestedRetry[]): NestedRetry | undefined {
  return [...found].sort((a, b) => (b.attempts ?? 0) - (a.attempts ?? 0))[0];
}

/** `3 × 4 attempts, so up to 12 requests for one call` */
function sumText(outer: number | undefined, inner: number | undefined): string {
  if (outer === undefined || inner === undefined) return 'the attempts multiply';
  if (outer === Infinity || inner === Infinity) return 'one call sends requests without end';
  return `${String(outer)} × ${String(inner)} attempts make up to ${String(outer * inner)} requests of one call`;
}
