import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from './usage-error.js';

/**
 * Of these files, those with changes that git has not committed, untracked ones included. Files outside of any repository are not
 * dirty, and neither is anything on a machine without git.
 *
 * @throws {UsageError} When git cannot tell.
 */
export function dirtyFiles(files: readonly string[]): string[] {
  const repositories = new Map<string, string[]>();
  for (const file of files) {
    const root = repositoryOf(file);
    if (root !== undefined) repositories.set(root, [...(repositories.get(root) ?? []), file]);
  }
  return [...repositories].flatMap(([root, inside]) => changedIn(root, inside));
}

function repositoryOf(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

function changedIn(root: string, files: readonly string[]): string[] {
  // Of the whole repository: a command line has no room for many files.
  const args = ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames'];
  const { status, stdout, stderr, error } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    // Somebody else may be using the repository.
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
  });
  if (error && 'code' in error && error.code === 'ENOENT') return [];
  if (status !== 0) {
    const reason = (error?.message ?? stderr).trim();
    throw new UsageError(
      `git cannot say which files of ${root} have uncommitted changes: ${reason}. Use --allow-dirty to go on without knowing.`,
    );
  }
  // Two letters, a space and the path, from the root.
  const changed = new Set(stdout.split('\0').map((line) => join(realpathSync(root), line.slice(3))));
  return files.filter((file) => changed.has(realpathSync(file)));
}
