import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { addOption, declareAbove } from '../edits.js';
import { calleeOf } from '../facts/file-facts.js';
import { addImports, freeName } from '../imports.js';
import { shorten, written } from '../location.js';
import type { Outbound } from '../outbound.js';
import { guardedWays, guardName, isHandWritten, wayText, type GuardedWay } from '../summaries/guarded-ways.js';
import { attachedRetries, goesThrough } from '../summaries/attached-retries.js';
import { jobRetries, type JobRetry } from '../summaries/job-retries.js';
import { repeatedWrite, type RepeatedWrite } from '../summaries/repeated-effects.js';
import type { Region } from '../summaries/regions.js';
import { onlyRefusals } from '../summaries/retry-conditions.js';
import { retryOf, siteOf } from '../summaries/retries.js';
import type { Check, Judgement, PlannedFix } from './check.js';

/** An answer that was lost looks like a failure: a repeated charge charges twice. */
export const noNonIdempotentRetry: Check = {
  id: 'no-non-idempotent-retry',
  code: 770_002,
  harm: 'When an answer is lost, the work is done twice: two charges, two mails, two rows',
  preset: 'recommended',
  messages: {
    repeated: '`{{retry}}` repeats `{{call}}`, {{what}}: when an answer is lost, it is done again{{others}}.',
    repeatedPath:
      '`{{retry}}` repeats `{{call}}`, {{what}}, on the way `{{way}}`: when an answer is lost, it is done again{{others}}.',
    repeatedBySelf:
      '`{{call}}` is {{what}}, and {{client}} sends it again by itself: when an answer is lost, it is done twice.',
    repeatedJob:
      'A job of `{{queue}}` is tried {{attempts}}, and `{{call}}` in it is {{what}}, on the way `{{way}}`: when an answer is lost, it is done again{{others}}.',
    addKey: 'Send the same `{{option}}` in all attempts',
  },
  *judge(file, analysis) {
    yield* atRetries(file, analysis);
    yield* atJobs(file, analysis);
    yield* byClients(file, analysis);
    yield* byInterceptors(file, analysis);
  },
};

interface Found extends RepeatedWrite {
  readonly way: GuardedWay;
}

function* atRetries(file: ts.SourceFile, analysis: Analysis): Iterable<Judgement> {
  const sites = new Map<ts.Node, Found[]>();
  for (const way of guardedWays(file, analysis, (region) => repeats(region, analysis))) {
    if (isIdempotent(way, analysis)) continue;
    const write = repeatedWrite(way, analysis);
    if (!write) continue;
    const at =
      isHandWritten(way.region) && !way.isInHelper ? way.region.node : siteOf(way.region, way.steps[0]!.node, analysis);
    if (at.getSourceFile() !== file) continue;
    sites.set(at, [...(sites.get(at) ?? []), { way, ...write }]);
  }
  for (const found of sites.values()) yield atRetry(found, analysis);
}

function repeats(region: Region, analysis: Analysis): boolean {
  const policy = region.form === 'attaches' ? undefined : retryOf(region, analysis);
  return policy !== undefined && !onlyRefusals(region, policy, analysis);
}

/** `@Idempotent` gives all attempts one key; where it stands is the business of `policy-order`. */
function isIdempotent({ region, steps }: GuardedWay, { ts, meanings }: Analysis): boolean {
  const places = [region.node, ...steps.map(({ node }) => node)];
  return places.some((place) => {
    for (let node: ts.Node | undefined = place; node; node = node.parent) {
      const decorators = (ts.canHaveDecorators(node) && ts.getDecorators(node)) || [];
      for (const { expression } of decorators) {
        const meaning = meanings.of(ts.isCallExpression(expression) ? expression.expression : expression);
        if (meaning?.kind === 'export' && meaning.module === '@holdfast/runtime' && meaning.name === 'Idempotent')
          return true;
      }
    }
    return false;
  });
}

function atRetry(found: readonly Found[], analysis: Analysis): Judgement {
  const { ts } = analysis;
  const { way, isSure, freshKey } = found.find(({ isSure }) => isSure) ?? found[0]!;
  const { region, outbound, path, steps } = way;
  const at = siteOf(region, steps[0]!.node, analysis);
  const common = {
    retry: way.isInHelper ? shorten(at.getText()) : guardName(region, ts),
    call: shorten(outbound.callee.getText()),
    what: whatItIs(outbound, freshKey),
    others: othersText(found.length - 1),
  };
  const fix = found.length === 1 ? addKey(way, analysis) : undefined;
  const shown = path.length > 0 && !(path.length === 1 && at === outbound.callee);
  return {
    at,
    messageId: shown ? 'repeatedPath' : 'repeated',
    data: shown ? { ...common, way: wayText(way, ts) } : common,
    path: [region.node, ...path, outbound.callee, ...(freshKey ? [freshKey] : [])],
    ...(isSure ? {} : { confidence: 'likely' as const }),
    fixes: fix ? [fix] : [],
  };
}

/** A key that is made outside of what is repeated, for a client that is known to heed it. */
function addKey({ region, outbound, path, isInHelper }: GuardedWay, { ts }: Analysis): PlannedFix | undefined {
  const { node, options, operation, target } = outbound;
  const { keyOption } = target.row;
  const isAround = (region.form === 'wrapper' || region.form === 'loop') && !isInHelper && path.length === 0;
  if (keyOption === undefined || operation.key || !isAround || !ts.isCallExpression(node)) return undefined;
  const given = node.arguments[options];
  // Among options that are not all written here, there may be one.
  const isWritten = given
    ? ts.isObjectLiteralExpression(given) &&
      given.properties.every(({ name }) => name && !ts.isComputedPropertyName(name))
    : node.arguments.length === options;
  const file = node.getSourceFile();
  const name = freeName(ts, file, 'idempotencyKey');
  const added = addImports(ts, file, [{ module: 'node:crypto', name: 'randomUUID' }]);
  const option = isWritten && addOption(ts, node, options, keyOption === name ? name : `${keyOption}: ${name}`);
  const declaration = added && declareAbove(ts, region.node, `const ${name} = ${added.names[0]!}()`);
  if (!option || !declaration) return undefined;
  return {
    messageId: 'addKey',
    data: { option: keyOption },
    declares: `${name} ${String(declaration.scope.pos)}`,
    edits: [...added.edits, ...declaration.edits, option],
  };
}

/** `a POST without an idempotency key` */
function whatItIs(outbound: Outbound, freshKey?: ts.Node): string {
  if (!freshKey) return `${kindOf(outbound)} without an idempotency key`;
  const { text, file, line } = written(freshKey);
  const place =
    file === outbound.node.getSourceFile().fileName
      ? `line ${String(line)}`
      : `${file.split('/').at(-1)!}:${String(line)}`;
  return `${kindOf(outbound)} with an idempotency key that each attempt makes anew (\`${text}\`, ${place})`;
}

function kindOf({ operation, kind }: Outbound): string {
  if (operation.method !== undefined) return `a ${operation.method}`;
  const words = {
    db: 'a write',
    mail: 'a mail',
    broker: 'a message',
    cache: 'a write',
    http: 'a write',
    rpc: 'a write',
    sdk: 'a write',
    socket: 'a write',
  };
  return words[kind];
}

function othersText(count: number): string {
  return count > 0 ? `, and so ${count === 1 ? 'is one more call' : `are ${String(count)} more calls`}` : '';
}

function* atJobs(file: ts.SourceFile, analysis: Analysis): Iterable<Judgement> {
  for (const job of jobRetries(file, analysis)) {
    const found = job.ways.flatMap((way) => {
      const write = repeatedWrite(way, analysis);
      return write ? [{ ...write, way, isSure: write.isSure && job.isSure }] : [];
    });
    if (found.length > 0) yield atJob(job, found, analysis);
  }
}

function atJob(
  job: JobRetry,
  found: readonly (RepeatedWrite & { readonly way: JobRetry['ways'][number] })[],
  { ts }: Analysis,
): Judgement {
  const { way, isSure, freshKey } = found.find(({ isSure }) => isSure) ?? found[0]!;
  const { outbound, path } = way;
  return {
    at:
      job.place === 'queue'
        ? job.at
        : way.steps[0]!.node === outbound.node
          ? outbound.callee
          : calleeText(way.steps[0]!.node),
    messageId: 'repeatedJob',
    data: {
      queue: job.queue,
      attempts: job.attempts === undefined ? 'more than once' : `up to ${String(job.attempts)} times`,
      call: shorten(outbound.callee.getText()),
      what: whatItIs(outbound, freshKey),
      way: wayText(way, ts),
      others: othersText(found.length - 1),
    },
    path: [job.at, job.processor, ...path, outbound.callee, ...(freshKey ? [freshKey] : [])],
    ...(isSure ? {} : { confidence: 'likely' as const }),
  };
}

function calleeText(node: ts.Node): ts.Node {
  return 'expression' in node ? (node as ts.CallExpression).expression : node;
}

/** Clients that repeat by themselves whatever they send. What is only their default is for `strict`. */
function* byClients(file: ts.SourceFile, analysis: Analysis): Iterable<Judgement> {
  for (const outbound of analysis.outbound(file)) {
    if (outbound.effect !== 'write') continue;
    const { ownRetries, callee, target } = outbound;
    if (!ownRetries || ownRetries.effects !== 'all' || ownRetries.kind === 'marked') continue;
    if (isDeduplicated(outbound, analysis)) continue;
    const write = repeatedWrite({ outbound, path: [], steps: [] }, analysis);
    if (!write) continue;
    yield {
      at: callee,
      messageId: 'repeatedBySelf',
      data: { call: shorten(callee.getText()), what: whatItIs(outbound), client: `\`${target.module}\`` },
      path: ownRetries.node ? [ownRetries.node, callee] : [callee],
      ...(ownRetries.isSet && ownRetries.kind === undefined && write.isSure ? {} : { confidence: 'likely' as const }),
    };
  }
}

/** The producer numbers its messages (`idempotent: true`), so that brokers drop what it sends again by itself. */
function isDeduplicated({ kind, node }: Outbound, { facts, ownFiles }: Analysis): boolean {
  const isNamed = (file: ts.SourceFile): boolean => facts(file).mentions.has('idempotent');
  return kind === 'broker' && (isNamed(node.getSourceFile()) || ownFiles().some(isNamed));
}

/** `axiosRetry(client, { retryCondition })` whose condition does not look at the method. */
function* byInterceptors(file: ts.SourceFile, analysis: Analysis): Iterable<Judgement> {
  const { ownFiles, outbound: outboundOf } = analysis;
  for (const { call, region, policy, repeats } of attachedRetries(file, analysis)) {
    if (repeats !== 'all' || onlyRefusals(region, policy, analysis)) continue;
    const found = ownFiles().flatMap((other) =>
      outboundOf(other).flatMap((outbound) => {
        const isThrough = outbound.effect === 'write' ? goesThrough(outbound, region, analysis) : undefined;
        const write = isThrough && repeatedWrite({ outbound, path: [], steps: [] }, analysis);
        return write ? [{ outbound, isSure: isThrough === 'sure' && write.isSure }] : [];
      }),
    );
    const { outbound, isSure } = found.find(({ isSure }) => isSure) ?? found[0] ?? {};
    if (!outbound) continue;
    const data = {
      retry: shorten(calleeOf(call).getText()),
      call: shorten(outbound.callee.getText()),
      what: whatItIs(outbound),
      others: othersText(found.length - 1),
    };
    yield {
      at: calleeOf(call),
      messageId: 'repeated',
      data,
      path: [calleeOf(call), outbound.callee],
      ...(isSure ? {} : { confidence: 'likely' as const }),
    };
  }
}
