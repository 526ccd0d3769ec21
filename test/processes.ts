import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Variables of the test runner that would change what a child does. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|NODE_ENV|npm_)/.test(name)),
);

export interface Finished {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever its exit code. */
export function run(command: string, args: readonly string[], folder: string): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: environment, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error && child.exitCode === null) reject(error);
      else resolve({ exitCode: child.exitCode ?? 0, stdout, stderr });
    });
  });
}

/** Runs a Node program that must succeed; returns what it wrote. */
export async function node(folder: string, ...args: string[]): Promise<string> {
  return succeed(process.execPath, args, folder);
}

/** Runs a program that must succeed; returns what it wrote to its standard output. */
export async function succeed(command: string, args: readonly string[], folder: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run(command, args, folder);
  if (exitCode !== 0) throw new Error(`${[command, ...args].join(' ')} exited with ${exitCode}\n${stdout}\n${stderr}`);
  return stdout;
}

/** Starts a Node program and waits for its first line. */
export async function start(folder: string, ...args: string[]): Promise<{ line: string; child: ChildProcess }> {
  const child = spawn(process.execPath, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const line = once(createInterface(child.stdout), 'line').then(([first]) => first as string);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${args.join(' ')} ended with ${code} before it said anything`);
  });
  ended.catch(() => {});
  return { line: await Promise.race([line, ended]), child };
}

export async function stop(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
