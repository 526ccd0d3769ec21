import { ts } from 'ts-morph';
import type { Plan } from './plan.js';

/**
 * The files whose types may differ although they are not edited, each with the plans that may be why. An edit that leaves what its file
 * declares to others as it was cannot be felt in any of them, and few guards change that: so most runs check no importer at all.
 */
export function importersOf(
  before: ts.Program,
  after: ts.Program,
  plans: readonly Plan[],
): ReadonlyMap<string, ReadonlySet<Plan>> {
  const reshaped = plans.filter(({ file }) => declarationsOf(before, file) !== declarationsOf(after, file));
  const importers = new Map<string, Set<Plan>>();
  if (reshaped.length === 0) return importers;
  const edited = new Set(plans.map(({ file }) => file));
  const graph = importGraph(after);
  for (const plan of reshaped) {
    for (const file of reaching(after, graph, plan.file)) {
      if (edited.has(file)) continue;
      const causes = importers.get(file);
      if (causes) causes.add(plan);
      else importers.set(file, new Set([plan]));
    }
  }
  return importers;
}

/** What a file shows to others, as the compiler would write it into a declaration file. */
function declarationsOf(program: ts.Program, file: string): string | undefined {
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
function importGraph(program: ts.Program): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  const checker = program.getTypeChecker();
  for (const source of program.getSourceFiles()) {
    if (source.isDeclarationFile) continue;
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

/** All that import a file, directly or through others. Global declarations are seen by everybody. */
function reaching(program: ts.Program, graph: ReadonlyMap<string, readonly string[]>, file: string): Set<string> {
  const source = program.getSourceFile(file);
  if (source && (!ts.isExternalModule(source) || /\bdeclare\s+(?:global|module)\b/.test(source.text))) {
    const all = program.getSourceFiles().filter(({ isDeclarationFile }) => !isDeclarationFile);
    return new Set(all.map(({ fileName }) => fileName));
  }
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
