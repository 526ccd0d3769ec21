import type ts from 'typescript';
import { indexCatalogue } from './catalogue/catalogue-index.js';
import { defaultCatalogue, type Catalogue } from './catalogue/catalogue.js';
import { finding, type Check, type FileSummary, type Preset } from './checks/check.js';
import { checks as allChecks } from './checks/checks.js';
import { createFileFacts } from './facts/file-facts.js';
import { readIgnores, type Ignore } from './facts/ignores.js';
import { createScopes } from './facts/scopes.js';
import type { Finding } from './finding.js';
import { locate } from './location.js';
import type { OutboundCall } from './outbound-call.js';
import { outboundCalls, type Resolution } from './outbound-calls.js';
import { createCheckerPort } from './resolver/checker-port.js';
import { createClients } from './resolver/clients.js';
import { createDeclaringPackage } from './resolver/declaring-package.js';
import { createMeanings } from './resolver/meaning.js';
import { createModuleGraph } from './resolver/module-graph.js';
import { createOperations } from './resolver/operation.js';
import { createReadOption } from './resolver/options.js';
import { createTargets } from './resolver/targets.js';
import type { TypedResolution } from './resolver/typed-resolution.js';
import { isOwnSource } from './source-files.js';
import { createFollowCallers } from './summaries/callers.js';
import { createSurround } from './summaries/guards.js';
import type { TypeScript } from './typescript.js';

export interface AnalyzerOptions {
  /** The compiler that made the program and its source files. */
  readonly ts: TypeScript;
  /** Without a program the analysis works from the imports of each file, and says `syntactic`. */
  readonly program?: ts.Program | undefined;
  readonly catalogue?: Catalogue;
  /** `strict` adds findings that rest on something out of sight. Default: `recommended`. */
  readonly preset?: Preset;
  /** Only these rules. Default: every rule of the preset. */
  readonly rules?: readonly string[];
  /** Hears of a fault in the analysis itself; the file then has no findings. */
  readonly onError?: (error: unknown, file: string) => void;
}

/** Judges files, each on first request. */
export interface Analyzer {
  /** The findings of one file, in source order. A file name needs a program. Never throws. */
  analyze(file: string | ts.SourceFile): readonly Finding[];
  /** The outbound calls of one file, guarded or not, in source order. Never throws. */
  outboundCalls(file: string | ts.SourceFile): readonly OutboundCall[];
}

export function createAnalyzer(options: AnalyzerOptions): Analyzer {
  const { program, preset = 'recommended', rules, onError } = options;
  const checks = allChecks.filter(
    (check) => (rules?.includes(check.id) ?? true) && (preset === 'strict' || check.preset === 'recommended'),
  );
  let shared: Shared | undefined;
  const calls = new WeakMap<ts.SourceFile, readonly OutboundCall[]>();
  const findings = new WeakMap<ts.SourceFile, readonly Finding[]>();

  /** The code under judgement is unfinished or odd more often than not, and its checker may fail on it: no surface may break. */
  function answer<T>(
    file: string | ts.SourceFile,
    known: WeakMap<ts.SourceFile, readonly T[]>,
    compute: (source: ts.SourceFile, shared: Shared) => readonly T[],
  ): readonly T[] {
    const source = typeof file === 'string' ? program?.getSourceFile(file) : file;
    if (!source || !isOwnSource(source)) return [];
    let result = known.get(source);
    if (result) return result;
    try {
      shared ??= createShared(options);
      result = compute(source, shared);
    } catch (error) {
      onError?.(error, source.fileName);
      result = [];
    }
    known.set(source, result);
    return result;
  }

  const analyzer: Analyzer = {
    outboundCalls: (file) => answer(file, calls, (source, shared) => outboundCalls(source, shared.in(source))),
    analyze: (file) =>
      answer(file, findings, (source, shared) => {
        const summary: FileSummary = { outboundCalls: outboundCalls(source, shared.in(source)) };
        return judge(source, checks, summary, readIgnores(options.ts, source), preset);
      }),
  };
  return analyzer;
}

function judge(
  source: ts.SourceFile,
  checks: readonly Check[],
  summary: FileSummary,
  ignores: readonly Ignore[],
  preset: Preset,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const check of checks) {
    const own = ignores.filter(({ ruleId }) => ruleId === check.id);
    const used = new Set<Ignore>();
    for (const judgement of check.judge(summary)) {
      const ignore = own.find(({ line, reason }) => line === judgement.at.line && reason !== '');
      // An ignore of a finding that only `strict` shows is in use, whatever the preset.
      if (ignore) used.add(ignore);
      else if (preset === 'strict' || judgement.confidence !== 'likely') findings.push(finding(check, judgement));
    }
    for (const ignore of own) {
      if (used.has(ignore)) continue;
      const at = locate(source, ignore.start, ignore.end);
      const messageId = ignore.reason === '' ? 'ignoreWithoutReason' : 'unusedIgnore';
      findings.push(finding(check, { at, messageId, data: { rule: check.id }, confidence: 'certain', path: [] }));
    }
  }
  return findings.sort((a, b) => a.start - b.start || a.end - b.end);
}

interface Shared {
  in(file: ts.SourceFile): Resolution;
}

/** Facts depend on the file alone, so they outlive the program: an edit of one file keeps those of all others. */
const factsOf = new WeakMap<TypeScript, ReturnType<typeof createFileFacts>>();

function createShared({ ts, program, catalogue = defaultCatalogue }: AnalyzerOptions): Shared {
  const index = indexCatalogue(catalogue);
  const scopes = createScopes(ts);
  const facts = factsOf.get(ts) ?? createFileFacts(ts);
  factsOf.set(ts, facts);

  let typed: TypedResolution | undefined;
  if (program) {
    const checker = createCheckerPort(ts, program);
    const graph = createModuleGraph(program, checker, index, facts);
    typed = { checker, graph, packageOf: createDeclaringPackage(ts, program, checker, index, facts) };
  }
  const meanings = createMeanings(ts, scopes, index, typed);
  const targets = createTargets(ts, scopes, index, meanings, typed);
  const readOption = createReadOption(ts, scopes, facts, typed?.checker);
  const surround = createSurround(ts, targets);
  const common = {
    ts,
    facts,
    meanings,
    targets,
    readOption,
    surround,
    operations: createOperations(ts, scopes, readOption, typed?.checker),
    followCallers: createFollowCallers(ts, scopes, facts, targets, surround),
    isTyped: program !== undefined,
  };
  const clientsIn = (files: (packageName: string) => Iterable<ts.SourceFile>): Resolution => ({
    ...common,
    clients: createClients(ts, index, meanings, readOption, facts, files),
  });

  if (!program || !typed) return { in: (file) => clientsIn(() => [file]) };
  const { graph } = typed;
  const whole = clientsIn((packageName) =>
    program.getSourceFiles().filter((file) => isOwnSource(file) && graph.reaches(file, packageName)),
  );
  return { in: () => whole };
}
