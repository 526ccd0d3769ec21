import { diffLines } from 'diff';
import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * Counts what differs between two folders of TypeScript, from the files themselves.
 *
 * @param {string} before
 * @param {string} after
 */
export async function countChanges(before, after) {
  const counts = { files: 0, added: 0, removed: 0 };
  for (const entry of await readdir(after, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    const [old, now] = await Promise.all([
      readFile(join(before, relative(after, path)), 'utf8'),
      readFile(path, 'utf8'),
    ]);
    if (old === now) continue;
    counts.files++;
    for (const { added, removed, count } of diffLines(old, now)) {
      if (added) counts.added += count;
      if (removed) counts.removed += count;
    }
  }
  return counts;
}
