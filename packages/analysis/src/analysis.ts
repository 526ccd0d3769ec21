import type ts from 'typescript';
import { indexCatalogue, type CatalogueIndex } from './catalogue/catalogue-index.js';
import type { Catalogue } from './catalogue/catalogue.js';
import { createFileFacts, type FileFacts } from './facts/file-facts.js';
import { createScopes, type Scopes } from './facts/scopes.js';
import { createOutbounds, type Outbound } from './outbound.js';
import { createPackageReach } from './packages/package-reach.js';
import { createCheckerPort, type CheckerPort } from './resolver/checker-port.js';
import { createClients, type Clients } from './resolver/clients.js';
import { createDeclaringPackage } from './resolver/declaring-package.js';
import { createMeanings, type Meanings } from './resolver/meaning.js';
import { parsedModuleFiles, programModuleFiles } from './resolver/module-files.js';
import { createModuleGraph } from './resolver/module-graph.js';
import { createOperations, type Operations } from './resolver/operation.js';
import { createReadOption, type ReadOption } from './resolver/options.js';
import { createPackageCalls } from './resolver/package-calls.js';
import { createReadSignal } from './resolver/signals.js';
import { createTargets, type Targets } from './resolver/targets.js';
import type { TypedResolution } from './resolver/typed-resolution.js';
import { isOwnSource } from './source-files.js';
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
  facts(file: ts.SourceFile): FileFacts;
  /** The files of the project itself; without a program, the one that is judged. */
  ownFiles(): readonly ts.SourceFile[];
  /** Whether a file can get hold of a package through any chain of imports. */
  reaches(file: ts.SourceFile, module: string): boolean;
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

/** Facts depend on the file alone, so they outlive the program: an edit of one file keeps those of all others. */
const factsOf = new WeakMap<TypeScript, (file: ts.SourceFile) => FileFacts>();

/** One analysis for all files of a program, or for one file without a program. */
export function createAnalysis(
  { ts, program, catalogue: rows, onExhausted }: AnalysisOptions,
  single?: ts.SourceFile,
): Analysis {
  const catalogue = indexCatalogue(rows);
  const facts = factsOf.get(ts) ?? createFileFacts(ts);
  factsOf.set(ts, facts);
  const scopes = createScopes(ts);
  const budget = createBudget(budgetPerFile, onExhausted);
  const checker = program && createCheckerPort(ts, program);
  const ownFiles = once(() =>
    program
      ? program.getSourceFiles().filter((file) => isOwnSource(file) && !program.isSourceFileFromExternalLibrary(file))
      : single
        ? [single]
        : [],
  );
  const moduleFiles = program && checker ? programModuleFiles(program, checker) : parsedModuleFiles(ts);
  const graph = createModuleGraph(ownFiles, catalogue, facts, moduleFiles);
  const typed: TypedResolution | undefined = checker && {
    checker,
    graph,
    packageOf: createDeclaringPackage(ts, ownFiles, checker, catalogue, facts),
  };
  const meanings = createMeanings(ts, scopes, catalogue, facts, moduleFiles, typed);
  const reach =
    ts.sys &&
    createPackageReach({ ts, files: ts.sys, catalogued: (name) => catalogue.module(name)?.kind !== undefined });
  const packageCalls = createPackageCalls(ts, catalogue, reach, checker);
  const targets = createTargets(ts, catalogue, facts, meanings, typed, packageCalls);
  const regions = createRegions(ts, catalogue, scopes, facts, ownFiles, meanings, targets, typed !== undefined);
  const callers = createCallers(ts, scopes, facts, ownFiles, meanings, targets, regions, typed, budget);
  const readOption = createReadOption(ts, scopes, facts, meanings, checker, callers.argumentsFor);
  const operations = createOperations(ts, scopes, catalogue, facts, readOption, checker, callers.argumentsFor);
  const clients = createClients(ts, catalogue, meanings, readOption, facts, (module) =>
    program ? ownFiles().filter((file) => graph.reaches(file, module)) : ownFiles(),
  );
  const readSignal = createReadSignal(ts, scopes, facts, meanings, targets, callers.argumentsFor);
  const words = new Map<string, boolean>();
  const isNamed = (word: string): boolean => {
    let answer = words.get(word);
    // Alone, a file cannot tell what its callers name.
    if (answer === undefined)
      words.set(word, (answer = !program || ownFiles().some(({ text }) => text.includes(word))));
    return answer;
  };
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
  const reachable = createReachable(ts, catalogue, facts, ownFiles, meanings, targets, outbounds, isTyped, budget);
  return {
    ts,
    isTyped,
    catalogue,
    scopes,
    checker,
    facts,
    ownFiles,
    reaches: graph.reaches,
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
