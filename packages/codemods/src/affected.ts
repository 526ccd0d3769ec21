import { ts } from 'ts-morph';
import type { Plan } from './plan.js';
import { hasSameShape } from './same-shape.js';

/**
 * The files that may type-check otherwise than before, each with the plans that may be why, its own plan first. An edit that leaves what
 * its file declares to others as it was cannot be felt in any of them, and few guards change that: so most runs check the edited files
 * alone.
 */
export function affectedBy(
  before: ts.Program,
  after: ts.Program,
  plans: readonly Plan[],
): ReadonlyMap<string, readonly Plan[]> {
  const affected = new Map<string, Set<Plan>>(plans.map((plan) => [plan.file, new Set([plan])]));
  const add = (file: string, plan: Plan): void => void affected.set(file, (affected.get(file) ?? new Set()).add(plan));
  const everything = sourcesOf(after).map(({ fileName }) => fileName);
  if (bringsGlobals(before, after)) {
    for (const file of everything) for (const plan of plans) add(file, plan);
    return listed(affected);
  }
  let graph: ImportGraph | undefined;
  for (const plan of plans) {
    if (declaresTheSame(before, after, plan.file)) continue;
    const isSeenByAll = [before, after].some((program) => declaresGlobals(program.getSourceFile(plan.file)));
    graph ??= importGraph(after);
    for (const file of isSeenByAll ? everything : reaching(graph, plan.file)) add(file, plan);
  }
  return listed(affected);
}

const listed = (affected: ReadonlyMap<string, ReadonlySet<Plan>>): Map<string, readonly Plan[]> =>
  new Map([...affected].map(([file, plans]) => [file, [...plans]]));

const sourcesOf = (program: ts.Program): readonly ts.SourceFile[] =>
  program.getSourceFiles().filter(({ isDeclarationFile }) => !isDeclarationFile);

/** Whether an import has brought names that every file sees, such as the types of Node that a package refers to. */
function bringsGlobals(before: ts.Program, after: ts.Program): boolean {
  return after.getSourceFiles().some((file) => !before.getSourceFile(file.fileName) && declaresGlobals(file));
}

function declaresGlobals(file: ts.SourceFile | undefined): boolean {
  if (!file || file.fileName.endsWith('.json')) return false;
  return !ts.isExternalModule(file) || /\bdeclare\s+(?:global|module)\b/.test(file.text);
}

function declaresTheSame(before: ts.Program, after: ts.Program, file: string): boolean {
  const [old, now] = [before.getSourceFile(file), after.getSourceFile(file)];
  return old && now && hasSameShape(old, now) ? true : declarationsOf(before, file) === declarationsOf(after, file);
}

/** What a file shows to others, as the compiler would write it into a declaration file. */
export function declarationsOf(program: ts.Program, file: string): string | undefined {
  const source = program.getSourceFile(file);
  let text: string | undefined;
  // Asked for although the project may not want declarations: the compiler's own incremental builds do the same, with this argument.
  const emit = program.emit.bind(program) as (
    ...args: [...Required<Parameters<ts.Program['emit']>>, boolean]
  ) => ts.EmitResult;
  const write = (name: string, written: string): void => {
    if (/\.d\.[cm]?ts$/.test(name)) text = written;
  };
  emit(source!, write, undefined!, true, undefined!, true);
  return text;
}

/** For each file, those that import it. */
type ImportGraph = ReadonlyMap<string, readonly string[]>;

function importGraph(program: ts.Program): ImportGraph {
  const graph = new Map<string, string[]>();
  const checker = program.getTypeChecker();
  for (const source of sourcesOf(program)) {
    for (const specifier of specifiersOf(source)) {
      const target = checker.getSymbolAtLocation(specifier)?.declarations?.find(ts.isSourceFile);
      if (!target) continue;
      const importers = graph.get(target.fileName);
      if (importers) importers.push(source.fileName);
      else graph.set(target.fileName, [source.fileName]);
    }
  }
  return graph;
}

/** Every module that a file names, `import()` and `import =` included: the compiler's own list. */
function specifiersOf(source: ts.SourceFile): readonly ts.Node[] {
  return (source as unknown as { readonly imports?: readonly ts.Node[] }).imports ?? [];
}

/** All that import a file, directly or through others. */
function reaching(graph: ImportGraph, file: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const queue = [file];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const importer of graph.get(next) ?? []) {
      if (reached.has(importer)) continue;
      reached.add(importer);
      queue.push(importer);
    }
  }
  return reached;
}
