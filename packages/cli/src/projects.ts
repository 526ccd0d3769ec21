import { loadProject, verify, type Plan, type Project } from '@holdfast/codemods';
import type { Outcome } from './output/report.js';
import { createOwners, isCovered } from './owners.js';
import {
  readableConfigs,
  configsBeside,
  configsOf,
  displayPath,
  filesIn,
  noFiles,
  type Config,
  type Scope,
} from './program.js';
import type { Terminal } from './terminal.js';

/** Plans one file of a project, and says what becomes of its calls. */
export type PlanFile = (project: Project, file: string) => Promise<Outcome>;

/** What was planned, and all files that some project has. */
export interface Planned {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly projectFiles: ReadonlySet<string>;
}

/**
 * Plans each file once, in the project that owns it, and proves what is planned in every project that has the file, with one project in
 * memory at a time. What one project refuses changes what the others have to stand: those are asked again, until all agree.
 */
export async function planProjects(scopes: readonly Scope[], planFile: PlanFile, terminal: Terminal): Promise<Planned> {
  const { cwd, progress } = terminal;
  const members = membersOf(scopes);
  const configs = members.map(({ config }) => config);
  const ownerOf = createOwners(configs);
  const outcomes = new Map<string, Outcome>();
  const provers: Prover[] = [];
  const matched = new Set<Scope>();

  for (const { config, scopes, importer } of members) {
    const { tsconfig } = config;
    const imported = provers.find((prover) => prover.tsconfig === importer)?.files;
    if (imported && ![...imported].some((file) => ownerOf(file) === tsconfig)) continue;
    progress?.(`loading ${displayPath(tsconfig, cwd)}`, 0, 0);
    const project = loadProject(tsconfig);
    for (const scope of scopes) if (filesIn(project.files, scope, cwd).length > 0) matched.add(scope);
    const files = project.files.filter(
      (file) =>
        !outcomes.has(file) &&
        (imported?.has(file) ?? true) &&
        (ownerOf(file) ?? tsconfig) === tsconfig &&
        scopes.some((scope) => filesIn([file], scope, cwd).length > 0),
    );
    for (const [index, file] of files.entries()) {
      progress?.('planning', index, files.length);
      outcomes.set(file, await planFile(project, file));
    }
    const prover = createProver(tsconfig, project.files, outcomes);
    provers.push(prover);
    progress?.('verifying', 0, 0);
    prover.prove(project);
  }
  const empty = scopes.find((scope) => !matched.has(scope));
  if (empty) throw noFiles(empty);

  const projectFiles = new Set(provers.flatMap(({ files }) => [...files]));
  for (const config of configsBeside(configs)) {
    if (configs.some((by) => isCovered(config, by))) continue;
    provers.push(createProver(config.tsconfig, config.fileNames, outcomes));
    for (const file of config.fileNames) projectFiles.add(file);
  }
  for (;;) {
    const prover = provers.find(({ isProven }) => !isProven());
    if (!prover) return { outcomes, projectFiles };
    progress?.(`verifying in ${displayPath(prover.tsconfig, cwd)}`, 0, 0);
    prover.prove(loadProject(prover.tsconfig));
  }
}

interface Member {
  readonly config: Config;
  /** More than one where several paths lead to the same project. */
  readonly scopes: Scope[];
  /** The project that refers to it, where only what that one imports is asked for. */
  readonly importer?: string;
}

function membersOf(scopes: readonly Scope[]): readonly Member[] {
  const members = new Map<string, Member>();
  for (const scope of scopes) {
    for (const config of configsOf(scope.tsconfig)) {
      const member = members.get(config.tsconfig);
      if (member) member.scopes.push(scope);
      else members.set(config.tsconfig, { config, scopes: [scope] });
    }
  }
  // What a project imports from another is planned there, with the options of that one.
  for (const { config, scopes } of [...members.values()]) {
    for (const other of readableConfigs(config.tsconfig)) {
      if (!members.has(other.tsconfig)) {
        members.set(other.tsconfig, { config: other, scopes, importer: config.tsconfig });
      }
    }
  }
  return [...members.values()];
}

/** Holds what is planned against one project. */
interface Prover {
  readonly tsconfig: string;
  readonly files: ReadonlySet<string>;
  /** Whether what stands now is what it has seen standing together. */
  isProven(): boolean;
  prove(project: Project): void;
}

function createProver(tsconfig: string, fileNames: readonly string[], outcomes: Map<string, Outcome>): Prover {
  const files = new Set(fileNames);
  let proven: ReadonlySet<Plan> = new Set();
  const standing = (): Plan[] =>
    [...outcomes.values()]
      .filter(({ plan, newErrors }) => newErrors.length === 0 && plan.edits.length > 0 && files.has(plan.file))
      .map(({ plan }) => plan);
  return {
    tsconfig,
    files,
    isProven() {
      const plans = standing();
      return plans.length === proven.size && plans.every((plan) => proven.has(plan));
    },
    prove({ program }) {
      for (const { plan, newErrors } of verify(program, standing())) {
        const outcome = outcomes.get(plan.file);
        if (outcome && newErrors.length > 0) outcomes.set(plan.file, { ...outcome, newErrors });
      }
      proven = new Set(standing());
    },
  };
}
