import { isOwnSource, type Analyzer, type OutboundCall, type TypeScript } from '@holdfast/analysis';
import {
  createConfigLoader,
  createConfiguredAnalyzer,
  withOlderDefaults,
  type ConfigCompiler,
} from '@holdfast/analysis/config';
import { ts } from 'ts-morph';
import { createHost } from './compiler-host.js';

/** A program and what the analysis knows about it. The compiler is the one that ts-morph brings. */
export interface Project {
  readonly program: ts.Program;
  readonly analyzer: Analyzer;
  /** The user's own files, tests and declarations left out. */
  readonly files: readonly string[];
}

/** One file with the calls in it that nothing guards. */
export interface AnalyzedFile {
  readonly sourceFile: ts.SourceFile;
  readonly program: ts.Program;
  readonly outboundCalls: readonly OutboundCall[];
  readonly unguardedCalls: readonly OutboundCall[];
  /** Whether a call sends the same idempotency key every time, when the code around it is run again with the same arguments. */
  keepsKey(call: OutboundCall, repeated: ts.Node): boolean;
}

/**
 * Loads a project by its tsconfig, with ts-morph's compiler. Nothing here changes its files.
 *
 * @throws {Error} When the tsconfig cannot be read.
 */
export function loadProject(tsconfig: string): Project {
  const config = ts.getParsedCommandLineOfConfigFile(tsconfig, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic({ messageText }) {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, ' '));
    },
  })!;
  const options = withOlderDefaults(ts, config.options, tsconfig);
  return projectOf(ts.createProgram({ rootNames: config.fileNames, options, host: createHost(options) }));
}

/** A project over a program that someone else made with ts-morph's compiler. */
export function projectOf(program: ts.Program): Project {
  const analyzer = analyzerOf(program);
  const files = program
    .getSourceFiles()
    .filter((file) => isOwnSource(file) && !program.isSourceFileFromExternalLibrary(file));
  return { program, analyzer, files: files.map(({ fileName }) => fileName) };
}

export function analyzeFile({ program, analyzer }: Project, file: string): AnalyzedFile {
  const sourceFile = program.getSourceFile(file);
  if (!sourceFile) throw new Error(`${file} is not part of the project`);
  return {
    sourceFile,
    program,
    ...callsOf(analyzer, sourceFile),
    keepsKey(call, repeated) {
      if (!call.operation.key) return false;
      const range = { start: repeated.getStart(sourceFile), end: repeated.end };
      return analyzer.keyOrigin(sourceFile as never, call, range) === 'same';
    },
  };
}

/** The outbound calls of a file, and those that nothing guards. */
export type OutboundCalls = Pick<AnalyzedFile, 'outboundCalls' | 'unguardedCalls'>;

/** The calls of files that are in no project, as far as their own imports tell. */
export function createLoneAnalyzer(): (file: string) => OutboundCalls {
  const analyzer = analyzerOf(undefined);
  return (file) => callsOf(analyzer, file);
}

function analyzerOf(program: ts.Program | undefined): Analyzer {
  // The same compiler, declared a second time by ts-morph.
  const compiler = ts as unknown as TypeScript & ConfigCompiler;
  return createConfiguredAnalyzer(
    // Each call gets its guard, wherever its client is made.
    { ts: compiler, program: program as never, reportAt: 'call' },
    createConfigLoader({ ts: compiler, maxAge: Infinity }),
  );
}

function callsOf(analyzer: Analyzer, file: ts.SourceFile | string): OutboundCalls {
  const source = file as never;
  const outboundCalls = analyzer.outboundCalls(source);
  if (outboundCalls.length === 0) return { outboundCalls, unguardedCalls: [] };
  const reported = new Set(analyzer.analyze(source, 'no-unguarded-outbound-call').map(({ start }) => start));
  return { outboundCalls, unguardedCalls: outboundCalls.filter(({ callee }) => reported.has(callee.start)) };
}
