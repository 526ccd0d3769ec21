import * as fs from 'node:fs';
import { resolve } from 'node:path';
import {
  accountFor,
  analyzeFile,
  applyPlans,
  undoRoot,
  type AnalyzedFile,
  type Plan,
  type PlanOptions,
} from '@holdfast/codemods';
import { dirtyFiles } from './dirty-files.js';
import { exitCodes } from './exit-codes.js';
import { loneFiles } from './lone-files.js';
import { count } from './output/pretty.js';
import { patchOf } from './output/patch.js';
import { refusals, remarks, summary, type Words } from './output/changes.js';
import { reportOf, toJson, toMarkdown, type Outcome } from './output/report.js';
import { displayPath, scopesOf } from './program.js';
import { planProjects, type PlanFile } from './projects.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

export interface ChangeOptions {
  readonly project?: string;
  readonly write?: boolean;
  readonly interactive?: boolean;
  readonly allowDirty?: boolean;
  readonly json?: boolean;
  readonly report?: string;
  readonly idempotencyKeys?: boolean;
}

/** What a command changes, and what it calls that. */
export interface Codemod {
  /** As people type it. */
  readonly command: string;
  readonly words: Words;
  /** Whether every unguarded call is its business, so that those it cannot reach are skips. */
  readonly isOfUnguardedCalls: boolean;
  plan(file: AnalyzedFile, options: PlanOptions): Plan;
}

/** Plans changes, proves them, shows them, and writes them when told to. Returns the exit code. */
export async function change(
  codemod: Codemod,
  paths: readonly string[],
  options: ChangeOptions,
  version: string,
  terminal: Terminal,
): Promise<number> {
  const { cwd, ask } = terminal;
  if (options.interactive && !ask) throw new UsageError('--interactive needs a terminal to ask on.');
  const { idempotencyKeys = false } = options;
  const plan: Codemod['plan'] = (file, more) => codemod.plan(file, { idempotencyKeys, ...more });
  const review = options.interactive && ask ? createReview({ ...codemod, plan }, { ...terminal, ask }) : undefined;
  const scopes = scopesOf(paths, options.project, cwd);
  const { outcomes, projectFiles } = await planProjects(scopes, planFile({ ...codemod, plan }, review), terminal);
  const lone = loneFiles(scopes, projectFiles, cwd);
  if (lone.length > 0) {
    const names = lone.slice(0, 5).map(({ plan }) => displayPath(plan.file, cwd));
    const rest = lone.length > names.length ? ` and ${String(lone.length - names.length)} more` : '';
    terminal.notes(
      `holdfast: ${count(lone.length, 'file')} in no project, left as they are: ${names.join(', ')}${rest}\n`,
    );
  }

  const all = [...outcomes.values(), ...(codemod.isOfUnguardedCalls ? lone : [])];
  const sound = all.filter(({ plan, newErrors }) => plan.edits.length > 0 && newErrors.length === 0);
  const refused = all.filter(({ newErrors }) => newErrors.length > 0);
  const run = options.write ? write(codemod, sound, options, terminal) : undefined;
  const report = reportOf(all, { command: codemod.command, version, cwd, run: run?.id });
  if (options.json) terminal.out(toJson(report));
  else {
    if (!review) for (const { plan } of sound) terminal.out(patchOf(plan, terminal));
    terminal.out(remarks(all, terminal) + refusals(refused, terminal));
    terminal.out(summary(report, codemod.words, terminal));
  }
  if (options.report !== undefined) save(options.report, report, cwd);

  const isUndone = !options.write && sound.length > 0;
  const isLeft = refused.length > 0 || all.some(({ plan }) => plan.skips.length > 0);
  return isUndone || isLeft ? exitCodes.findings : exitCodes.clean;
}

function planFile(codemod: Codemod, review: Review | undefined): PlanFile {
  return async (project, file) => {
    const analyzed = analyzeFile(project, file);
    const whole = codemod.plan(analyzed, {});
    const plan = review && whole.changes.length > 0 ? await review(analyzed, whole) : whole;
    return { plan, newErrors: [], calls: accountFor(analyzed, plan) };
  };
}

/** Lets a person choose among the changes of a file. */
type Review = (file: AnalyzedFile, plan: Plan) => Promise<Plan>;

function createReview(codemod: Codemod, terminal: Terminal & Required<Pick<Terminal, 'ask'>>): Review {
  let hasQuit = false;
  return async (file, whole) => {
    const wanted = new Set<number>();
    let isRest = false;
    for (const { call } of whole.changes) {
      if (hasQuit) break;
      if (!isRest) {
        const alone = codemod.plan(file, { wants: ({ start }) => start === call.start });
        terminal.out(patchOf(alone, terminal) + remarks([{ plan: { ...alone, skips: [] }, newErrors: [] }], terminal));
        const place = `${displayPath(call.file, terminal.cwd)}:${String(call.line)}`;
        const answer = await terminal.ask(`${codemod.words.ask} \`${call.text}\` (${place})?`);
        isRest = answer === 'all';
        hasQuit = answer === 'quit';
        if (answer === 'no' || hasQuit) continue;
      }
      wanted.add(call.start);
    }
    return codemod.plan(file, { wants: ({ start }) => wanted.has(start) });
  };
}

function write(
  { command }: Codemod,
  sound: readonly Outcome[],
  { allowDirty = false }: ChangeOptions,
  { cwd, progress }: Terminal,
): ReturnType<typeof applyPlans> {
  const plans = sound.map(({ plan }) => plan);
  const dirty = allowDirty ? [] : dirtyFiles(plans.map(({ file }) => file));
  if (dirty.length > 0) {
    const shown = dirty.slice(0, 10).map((file) => `  ${displayPath(file, cwd)}\n`);
    const rest = dirty.length > 10 ? `  and ${String(dirty.length - 10)} more\n` : '';
    throw new UsageError(
      `${count(dirty.length, 'file')} to be edited has changes that are not committed; nothing was written:\n${shown.join('')}${rest}Commit or stash them, or use --allow-dirty.`,
    );
  }
  progress?.('writing', 0, 0);
  return applyPlans(plans, { root: undoRoot(cwd, fs), command, now: new Date() });
}

function save(file: string, report: ReturnType<typeof reportOf>, cwd: string): void {
  try {
    fs.writeFileSync(resolve(cwd, file), file.endsWith('.md') ? toMarkdown(report) : toJson(report));
  } catch (error) {
    throw new UsageError(`--report ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
