import type ts from 'typescript';
import { createAnalysis, type Analysis } from './analysis.js';
import type { Catalogue } from './catalogue/catalogue.js';
import { indexCatalogue } from './catalogue/catalogue-index.js';
import { defaultCatalogue } from './catalogue/default-catalogue.js';
import { findingOf, ignoreFinding, type Check, type Preset, type ReportAt } from './checks/check.js';
import { checks as allChecks } from './checks/checks.js';
import { configuredCatalogue } from './config/configured-catalogue.js';
import type { Config } from './config/config.js';
import { createKept } from './facts/kept.js';
import { readIgnores } from './facts/ignores.js';
import { completionsAt, type Completion } from './editor/completions.js';
import { hoverAt, type Hover } from './editor/hover.js';
import { refactoringsAt, type Refactoring } from './editor/refactorings.js';
import type { Finding, Location } from './finding.js';
import { locate } from './location.js';
import type { CallGraph } from './map/call-graph.js';
import { collect } from './map/collect.js';
import { outboundCall, type OutboundCall } from './outbound-call.js';
import { loneFilesOf } from './resolver/lone-files.js';
import { createTextReach } from './resolver/text-reach.js';
import { isOwnSource } from './source-files.js';
import { originOfKey, type Attempt, type KeyOrigin } from './summaries/key-origins.js';
import type { TypeScript } from './typescript.js';

export interface AnalyzerOptions {
  /** The compiler that made the program and its source files. */
  readonly ts: TypeScript;
  /** Without a program the analysis works from the imports of each file, and says `syntactic`. */
  readonly program?: ts.Program | undefined;
  readonly catalogue?: Catalogue;
  /** What the project adds to the catalogue and assumes. `@holdfast/analysis/config` reads it from `holdfast.config.*`. */
  readonly config?: Config | undefined;
  /** `strict` adds rules and findings that rest on something out of sight. Default: `recommended`. */
  readonly preset?: Preset;
  /** Only these rules. Default: every rule of the preset. */
  readonly rules?: readonly string[];
  /** Where a mistake that one option of a client would mend is reported: once where the client is made, or at each call. Default: `client`. */
  readonly reportAt?: ReportAt;
  /** Hears of a fault in the analysis itself; the file then has no findings. */
  readonly onError?: (error: unknown, file: string) => void;
  /** Hears of a file that was too much: judged by what is near each call alone. */
  readonly onExhausted?: (file: string) => void;
}

type Range = Pick<Location, 'start' | 'end'>;

/** Judges files, each on first request. Without a program a file name stands for what is on disk then. */
export interface Analyzer {
  /** The findings of one file, in source order; those of one rule alone, if it is named. Never throws. */
  analyze(file: string | ts.SourceFile, rule?: string): readonly Finding[];
  /** The outbound calls of one file, guarded or not, in source order. Never throws. */
  outboundCalls(file: string | ts.SourceFile): readonly OutboundCall[];
  /** What guards the call or the function whose name is at a position, and what it costs at worst. Never throws. */
  hover(file: ts.SourceFile, position: number): Hover | undefined;
  /** Sensible values for a position in the arguments of a policy. Never throws. */
  completions(file: ts.SourceFile, position: number): readonly Completion[];
  /** The guards that the method or the call at a range could be given. Never throws. */
  refactorings(file: ts.SourceFile, range: Range): readonly Refactoring[];
  /**
   * Whether the attempts send the same idempotency key, were a piece of code around an outbound call repeated: the same arguments,
   * everything inside made again. `unknown` when nothing proves one or the other, or there is no key. Never throws.
   */
  keyOrigin(file: ts.SourceFile, call: Range, repeated: Range): KeyOrigin['kind'];
  /**
   * The outbound calls of some files and the ways that lead there, wherever they begin: what `serviceMap` draws. Never throws.
   *
   * @param nameOf What to call a file. The same everywhere, if the map is to be.
   */
  callGraph(files: readonly string[], nameOf: (file: string) => string): CallGraph;
}

/** What is known about a program does not depend on who asks. */
const analyses = createKept<ts.Program, Catalogue, Analysis>();

export function createAnalyzer(options: AnalyzerOptions): Analyzer {
  const { ts, program, preset = 'recommended', rules, onError, onExhausted = () => undefined } = options;
  const { reportAt = 'client' } = options;
  const catalogue = configuredCatalogue(options.catalogue ?? defaultCatalogue, options.config);
  const checks = allChecks.filter(({ id, preset: own }) =>
    rules ? rules.includes(id) : preset === 'strict' || own === 'recommended',
  );
  const calls = new WeakMap<ts.SourceFile, readonly OutboundCall[]>();
  const findings = new WeakMap<ts.SourceFile, Map<string, readonly Finding[]>>();
  const alone = new WeakMap<ts.SourceFile, Analysis>();
  const files = loneFilesOf(ts);
  const mayHaveCalls = program ? () => true : createTextReach(ts, files, indexCatalogue(catalogue));
  const faulty = new WeakSet<ts.SourceFile>();

  function analysisOf(file: ts.SourceFile): Analysis {
    if (program) return analyses(program, catalogue, () => createAnalysis({ ts, program, catalogue, onExhausted }));
    // Without a program each file is judged alone.
    let analysis = alone.get(file);
    if (!analysis) alone.set(file, (analysis = createAnalysis({ ts, catalogue, onExhausted }, file)));
    return analysis;
  }

  function sourceOf(file: string | ts.SourceFile): ts.SourceFile | undefined {
    const source = typeof file === 'string' ? (program ? program.getSourceFile(file) : files.parsed(file)) : file;
    return source && isOwnSource(source) ? source : undefined;
  }

  /** The code under judgement is unfinished or odd more often than not, and its checker may fail on it: no surface may break. */
  function attempt<T>(source: ts.SourceFile, compute: (analysis: Analysis) => readonly T[]): readonly T[] {
    try {
      const analysis = analysisOf(source);
      analysis.budget.start(source.fileName);
      return compute(analysis);
    } catch (error) {
      // One fault is told of once, not once for each rule.
      if (!faulty.has(source)) onError?.(error, source.fileName);
      faulty.add(source);
      return [];
    }
  }

  function findingsOf(source: ts.SourceFile, check: Check): readonly Finding[] {
    const known = findings.get(source) ?? new Map<string, readonly Finding[]>();
    findings.set(source, known);
    let found = known.get(check.id);
    if (!found) {
      const later = <T>(make: () => readonly T[]): readonly T[] => attempt(source, make);
      found = attempt(source, (analysis) => judge(source, check, analysis, preset, reportAt, later));
      known.set(check.id, found);
    }
    return found;
  }

  return {
    callGraph(files, nameOf) {
      const sources = files.flatMap((file) => sourceOf(file) ?? []);
      if (!sources[0]) return { functions: [], sites: [] };
      return collect(sources, analysisOf(sources[0]), nameOf, (file, work) => {
        attempt(file, () => {
          work();
          return [];
        });
      });
    },
    analyze(file, rule) {
      const source = sourceOf(file);
      if (!source) return [];
      const asked = rule === undefined ? checks : allChecks.filter(({ id }) => id === rule);
      return asked.flatMap((check) => findingsOf(source, check)).sort((a, b) => a.start - b.start || a.end - b.end);
    },
    hover(file, position) {
      const source = sourceOf(file);
      return source && attempt(source, (analysis) => [hoverAt(source, position, analysis)])[0];
    },
    completions(file, position) {
      const source = sourceOf(file);
      return source ? attempt(source, (analysis) => completionsAt(source, position, analysis)) : [];
    },
    refactorings(file, range) {
      const source = sourceOf(file);
      return source ? attempt(source, (analysis) => refactoringsAt(source, range, analysis)) : [];
    },
    keyOrigin(file, call, repeated) {
      const [origin = 'unknown'] = attempt(file, (analysis) => {
        const outbound = analysis.outbound(file).find(({ node }) => fills(node, call, file));
        const key = outbound?.operation.key;
        if (!outbound || !key) return [];
        let code: ts.Node | undefined = outbound.node;
        while (code && !fills(code, repeated, file)) code = code.parent;
        const whole: Attempt = { code: code ? [code] : [], isCallback: false, argumentsFor: () => undefined };
        return code ? [originOfKey(key.value, whole, analysis).kind] : [];
      });
      return origin;
    },
    outboundCalls(file) {
      if (typeof file === 'string' && !mayHaveCalls(file)) return [];
      const source = sourceOf(file);
      if (!source) return [];
      let found = calls.get(source);
      if (!found) {
        found = attempt(source, (analysis) =>
          analysis.outbound(source).map((outbound) => outboundCall(analysis, source, outbound)),
        );
        calls.set(source, found);
      }
      return found;
    },
  };
}

function fills(node: ts.Node, { start, end }: Range, file: ts.SourceFile): boolean {
  return node.getStart(file) === start && node.end === end;
}

function judge(
  source: ts.SourceFile,
  check: Check,
  analysis: Analysis,
  preset: Preset,
  reportAt: ReportAt,
  later: <T>(make: () => readonly T[]) => readonly T[],
): readonly Finding[] {
  const ignores = readIgnores(analysis.ts, source).filter(({ ruleId }) => ruleId === check.id);
  const used = new Set<(typeof ignores)[number]>();
  const findings: Finding[] = [];
  for (const judgement of check.judge(source, analysis, { reportAt })) {
    const found = findingOf(check, source, judgement, analysis, later);
    const ignore = ignores.find(({ line, reason }) => line === found.line && reason !== '');
    // An ignore of a finding that only `strict` shows is in use, whatever the preset.
    if (ignore) used.add(ignore);
    else if (preset === 'strict' || found.confidence !== 'likely') findings.push(found);
  }
  for (const ignore of ignores) {
    if (used.has(ignore)) continue;
    const at = locate(source, ignore.start, ignore.end);
    findings.push(ignoreFinding(check, at, ignore.reason === '' ? 'ignoreWithoutReason' : 'unusedIgnore'));
  }
  return findings;
}
