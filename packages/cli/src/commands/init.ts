import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { applyPlans, undoRoot } from '@holdfast/codemods';
import ts from 'typescript';
import { exitCodes } from '../exit-codes.js';
import { planEslintConfig } from '../init/eslint-config.js';
import { installCommands } from '../init/packages.js';
import { planTsconfig } from '../init/tsconfig.js';
import { count } from '../output/pretty.js';
import { patchOf } from '../output/patch.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

export interface InitOptions {
  readonly write?: boolean;
}

/** `holdfast init`: ESLint, the editor and the packages. Returns the exit code. */
export function init({ write = false }: InitOptions, terminal: Terminal): number {
  const { cwd, out, colors } = terminal;
  const folder = packageFolder(cwd);
  const steps = [planEslintConfig(folder), planTsconfig(folder)];
  const plans = steps.flatMap((step) => (step && 'plan' in step ? [step.plan] : []));
  const byHand = steps.flatMap((step) => (step && 'byHand' in step ? [step.byHand] : []));
  const install = installCommands(folder);
  for (const plan of plans) out(patchOf(plan, terminal));
  if (write) applyPlans(plans, { root: undoRoot(cwd, fs), command: 'init', now: new Date() });
  for (const text of byHand) out(`${colors.yellow('by hand')} ${text}\n`);
  if (install.length > 0) out(`${colors.cyan('install')} ${install.join(' && ')}\n`);

  const isReady = plans.length + byHand.length + install.length === 0;
  if (isReady) out(`${colors.green('✓')} everything is set up\n`);
  else if (plans.length > 0) {
    out(
      write
        ? `${colors.green('✓')} wrote ${count(plans.length, 'file')}. Take it back with: holdfast undo\n`
        : `${colors.cyan('i')} would write ${count(plans.length, 'file')}. Nothing was written: add --write.\n`,
    );
  }
  return isReady || (write && byHand.length + install.length === 0) ? exitCodes.clean : exitCodes.findings;
}

function packageFolder(from: string): string {
  const manifest = ts.findConfigFile(from, ts.sys.fileExists, 'package.json');
  if (manifest === undefined) throw new UsageError(`No package.json in ${from} or above: make one with npm init.`);
  return dirname(manifest);
}
