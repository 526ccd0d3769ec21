import type ts from 'typescript';
import { indexCatalogue, type CatalogueIndex } from './catalogue/catalogue-index.js';
import type { Catalogue } from './catalogue/catalogue.js';
import { createExports, type Exports } from './facts/exports.js';
import { createFileFacts, type FileFacts } from './facts/file-facts.js';
import { projectOf, projectOfOne } from './facts/project.js';
import { createScopes, type Scopes } from './facts/scopes.js';
import { createOutbounds, type Outbound } from './outbound.js';
import { createCheckerPort, type CheckerPort } from './resolver/checker-port.js';
import { createClients, type Clients } from './resolver/clients.js';
import { createDeclaringPackage } from './resolver/declaring-package.js';
import { createMeanings, type Meanings } from './resolver/meaning.js';
import { loneFilesOf } from './resolver/lone-files.js';
import { loneModuleFiles, programModuleFiles } from './resolver/module-files.js';
import { createModuleGraph } from './resolver/module-graph.js';
import { createOperations, type Operations } from './resolver/operation.js';
import { createReadOption, type ReadOption } from './resolver/options.js';
import { createPackageCalls } from './resolver/package-calls.js';
import { createReadSignal } from './resolver/signals.js';
import { createTargets, type Targets } from './resolver/targets.js';
import type { TypedResolution } from './resolver/typed-resolution.js';
import { createBudget, type Budget } from './summaries/budget.js';
import { createCallers, type Callers } from './summaries/callers.js';
import { createReachable, type Reachable } from './summaries/reachable.js';
import { createRegions, type Regions } from './summaries/regions.js';
import type { TypeScript } from './typescript.js';

/** Everything that is known about a program, worked out as it is asked for. Checks ask it; it decides nothing. */
export interface Analysis {
  readonly ts: TypeScript;
  readonly isTyped: boolean;
  readonly catalogue: CatalogueIndex;
  readonly scopes: Scopes;
  readonly checker: CheckerPort | undefined;
  /** Whether decorators are those of `experimentalDecorators`; `undefined` without a program. */
  readonly hasLegacyDecorators: boolean | undefined;
  facts(file: ts.SourceFile): FileFacts;
  /** The files of the project itself; without a program, the one that is judged. */
  ownFiles(): readonly ts.SourceFile[];
  /** Those that write a name as an identifier. */
  mentioning(name: string): readonly ts.SourceFile[];
  /** Whether a file can get hold of one of these packages through any chain of imports. */
  reachesAny(file: ts.SourceFile, modules: ReadonlySet<string>): boolean;
  readonly meanings: Meanings;
  readonly targets: Targets;
  readonly operations: Operations;
  readonly readOption: ReadOption;
  readonly clients: Clients;
  readonly regions: Regions;
  readonly callers: Callers;
  readonly reachable: Reachable;
  outbound(file: ts.SourceFile): readonly Outbound[];
  readonly budget: Budget;
}

export interface AnalysisOptions {
  readonly ts: TypeScript;
  readonly program?: ts.Program | undefined;
  readonly catalogue: Catalogue;
  readonly onExhausted: (file: string) => void;
}

/** Steps across functions for one file; real files take some hundred. */
const budgetPerFile = 20_000;

/** What depends on the file alone outlives the program: an edit of one file keeps what is known about all others. */
interface Syntax {
  readonly facts: (file: ts.SourceFile) => FileFacts;
  readonly scopes: Scopes;
  readonly exports: (file: ts.SourceFile) => Exports;
}

const syntaxes = new WeakMap<TypeScript, Syntax>();

function syntaxOf(ts: TypeScript): Syntax {
  let syntax = syntaxes.get(ts);
  if (!syntax) {
    const scopes = createScopes(ts);
    syntax = { facts: createFileFacts(ts), scopes, exports: createExports(ts, scopes) };
    syntaxes.set(ts, syntax);
  }
  return syntax;
}

/** One analysis for all files of a program, or for one file without a program. */
export function createAnalysis(
  { ts, program, catalogue: rows, onExhausted }: AnalysisOptions,
  single?: ts.SourceFile,
): Analysis {
  const catalogue = indexCatalogue(rows);
  const { facts, scopes, exports } = syntaxOf(ts);
  const budget = createBudget(budgetPerFile, onExhausted);
  const files = loneFilesOf(ts);
  const checker = program && createCheckerPort(ts, program);
  const project = once(() => (program ? projectOf(program, facts) : projectOfOne(single!, facts)));
  const ownFiles = (): readonly ts.SourceFile[] => project().files;
  const moduleFiles = program && checker ? programModuleFiles(program, checker, project) : loneModuleFiles(files);
  const graph = createModuleGraph(project, catalogue, facts, moduleFiles);
  const typed: TypedResolution | undefined = checker && {
    checker,
    graph,
    packageOf: createDeclaringPackage(ts, ownFiles, checker, catalogue, facts),
  };
  const meanings = createMeanings(ts, scopes, exports, catalogue, facts, moduleFiles, typed);
  const packageCalls = createPackageCalls(ts, catalogue, checker, () => (program ? project().names : files.state()));
  const targets = createTargets(ts, catalogue, facts, scopes, meanings, typed, packageCalls);
  const regions = createRegions(ts, catalogue, scopes, facts, project, meanings, targets, typed !== undefined);
  const callers = createCallers(ts, scopes, facts, project, meanings, targets, regions, typed, budget);
  const readOption = createReadOption(ts, scopes, facts, meanings, checker, callers.argumentsFor);
  const operations = createOperations(ts, scopes, catalogue, facts, readOption, checker, callers.argumentsFor);
  const clients = createClients(ts, catalogue, meanings, readOption, facts, (module) =>
    program ? ownFiles().filter((file) => graph.reaches(file, module)) : ownFiles(),
  );
  const readSignal = createReadSignal(ts, scopes, facts, meanings, targets, callers.argumentsFor);
  // Alone, a file cannot tell what its callers name.
  const isNamed = (word: string): boolean => !program || project().says(word);
  const outbounds = createOutbounds({
    ts,
    catalogue,
    facts,
    targets,
    operations,
    readOption,
    readSignal,
    clients,
    regions,
    callers,
    isNamed,
  });
  const isTyped = typed !== undefined;
  const reachable = createReachable(ts, catalogue, facts, project, meanings, targets, outbounds, isTyped, budget);
  return {
    ts,
    isTyped,
    catalogue,
    scopes,
    checker,
    hasLegacyDecorators: program && program.getCompilerOptions().experimentalDecorators === true,
    facts,
    ownFiles,
    mentioning: (name) => project().mentioning(name),
    reachesAny: graph.reachesAny,
    meanings,
    targets,
    operations,
    readOption,
    clients,
    regions,
    callers,
    reachable,
    outbound: outbounds.of,
    budget,
  };
}

function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: compute() }).value;
}
