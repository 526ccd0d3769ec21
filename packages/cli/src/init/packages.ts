import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../usage-error.js';

const production = ['@holdfast/runtime'];
const development = [
  '@holdfast/eslint-plugin',
  '@holdfast/typescript-plugin',
  'holdfast',
  'eslint',
  'typescript',
  'typescript-eslint',
];

/** Who writes which lockfile, and how it is told to install. */
const managers = [
  { lockfile: 'pnpm-lock.yaml', add: 'pnpm add', addDevelopment: 'pnpm add --save-dev' },
  { lockfile: 'yarn.lock', add: 'yarn add', addDevelopment: 'yarn add --dev' },
  { lockfile: 'bun.lock', add: 'bun add', addDevelopment: 'bun add --dev' },
  { lockfile: 'bun.lockb', add: 'bun add', addDevelopment: 'bun add --dev' },
  { lockfile: 'package-lock.json', add: 'npm install', addDevelopment: 'npm install --save-dev' },
] as const;

/** The commands that install what a package does not list yet. */
export function installCommands(folder: string): string[] {
  const listed = listedIn(join(folder, 'package.json'));
  const { add, addDevelopment } = managerOf(folder);
  const missing = (names: readonly string[]): string[] => names.filter((name) => !listed.has(name));
  return [
    [add, ...missing(production)],
    [addDevelopment, ...missing(development)],
  ]
    .filter(({ length }) => length > 1)
    .map((words) => words.join(' '));
}

function managerOf(folder: string): (typeof managers)[number] {
  for (let at = folder; ; at = dirname(at)) {
    const found = managers.find(({ lockfile }) => existsSync(join(at, lockfile)));
    if (found) return found;
    if (dirname(at) === at) return managers.at(-1)!;
  }
}

function listedIn(file: string): Set<string> {
  try {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string> | undefined>;
    const fields = ['dependencies', 'devDependencies', 'peerDependencies'];
    return new Set(fields.flatMap((field) => Object.keys(manifest[field] ?? {})));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
