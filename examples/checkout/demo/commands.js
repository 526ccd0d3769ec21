import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './processes.js';
import { showCommand } from './terminal.js';

export const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));

const require = createRequire(import.meta.url);
export const HOLDFAST = bin('holdfast', 'holdfast');
const TSC = bin('typescript', 'tsc');

/**
 * Runs the real `holdfast` command and shows what it prints.
 *
 * @param {string[]} args
 */
export async function holdfast(...args) {
  showCommand(`holdfast ${args.join(' ')}`);
  return run([HOLDFAST, ...args], { cwd: CHECKOUT, show: true });
}

/**
 * Compiles a TypeScript project.
 *
 * @param {string} project
 * @param {string} outDir
 */
export async function compile(project, outDir) {
  const { code, output } = await run([TSC, '-p', project, '--outDir', outDir], { cwd: CHECKOUT });
  if (code !== 0) throw new Error(`${relative(CHECKOUT, project)} does not compile:\n${output}`);
}

/** @type {(packageName: string, command: string) => string} */
function bin(packageName, command) {
  const manifest = require.resolve(`${packageName}/package.json`);
  return join(dirname(manifest), require(manifest).bin[command]);
}
