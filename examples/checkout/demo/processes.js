import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { color, hasColor } from './colors.js';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

// Nothing outlives the demo, however it ends: Ctrl-C, a failed step, a bug.
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
process.once('SIGHUP', () => process.exit(129));

/** @param {import('node:child_process').ChildProcess} child */
function track(child) {
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/**
 * Runs a Node program to its end.
 *
 * @param {string[]} args
 * @param {{ cwd: string, show?: boolean }} options `show`: to the terminal too, as it comes.
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export async function run(args, { cwd, show = false }) {
  // The program writes into a pipe, so it is told what the terminal behind the pipe can do.
  const env = hasColor ? { ...process.env, FORCE_COLOR: '1' } : process.env;
  const child = track(spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
      if (show) process.stdout.write(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

/**
 * Starts a server in a process of its own and waits for the line with which it says where it listens.
 *
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, ready: RegExp }} options
 * @returns {Promise<{ ready: RegExpMatchArray, stop: () => Promise<void> }>}
 */
export async function serve(args, { cwd, env = {}, ready }) {
  const child = track(
    spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  let errors = '';
  child.stderr?.on('data', (chunk) => (errors = (errors + chunk).slice(-2_000)));

  const stop = () =>
    new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
      if (!running.has(child)) return resolve();
      child.once('close', () => resolve());
      child.kill('SIGKILL');
    });

  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => reject(new Error(`${args[0]} ended before it was ready\n${errors}`)));
    // The pipe is read to its end, or a chatty service would block on it.
    createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) }).on('line', (line) => {
      const match = line.match(ready);
      if (match) resolve({ ready: match, stop });
    });
  });
}
