import { isOwnSource, type Analyzer, type OutboundCall, type TypeScript } from '@holdfast/analysis';
import { createConfigLoader, createConfiguredAnalyzer, type ConfigCompiler } from '@holdfast/analysis/config';
import { Project as MorphProject, ts } from 'ts-morph';
import { createHost } from './compiler-host.js';
import { withOlderDefaults } from './older-compiler.js';

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
}

/** Loads a project by its tsconfig. ts-morph only reads it: nothing here changes its files. */
export function loadProject(tsconfig: string): Project {
  const morph = new MorphProject({ tsConfigFilePath: tsconfig, skipFileDependencyResolution: true });
  const options = withOlderDefaults(morph.getCompilerOptions(), tsconfig);
  const rootNames = morph.getSourceFiles().map((file) => file.getFilePath());
  return projectOf(ts.createProgram({ rootNames, options, host: createHost(options) }));
}

/** A project over a program that someone else made with ts-morph's compiler. */
export function projectOf(program: ts.Program): Project {
  // The same compiler, declared a second time by ts-morph.
  const compiler = ts as unknown as TypeScript & ConfigCompiler;
  const analyzer = createConfiguredAnalyzer(
    // Each call gets its guard, wherever its client is made.
    { ts: compiler, program: program as never, reportAt: 'call' },
    createConfigLoader({ ts: compiler, maxAge: Infinity }),
  );
  const files = program
    .getSourceFiles()
    .filter((file) => isOwnSource(file) && !program.isSourceFileFromExternalLibrary(file));
  return { program, analyzer, files: files.map(({ fileName }) => fileName) };
}

export function analyzeFile({ program, analyzer }: Project, file: string): AnalyzedFile {
  const sourceFile = program.getSourceFile(file);
  if (!sourceFile) throw new Error(`${file} is not part of the project`);
  const outboundCalls = analyzer.outboundCalls(sourceFile.fileName);
  const reported = new Set(
    analyzer.analyze(sourceFile.fileName, 'no-unguarded-outbound-call').map(({ start }) => start),
  );
  const unguardedCalls = outboundCalls.filter(({ callee }) => reported.has(callee.start));
  return { sourceFile, program, outboundCalls, unguardedCalls };
}
