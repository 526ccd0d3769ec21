import { structuredPatch } from 'diff';
import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import color from 'picocolors';

/**
 * The difference between two folders of source files, as `diff -u` would show it.
 *
 * @param {string} before
 * @param {string} after
 * @returns {Promise<{ text: string, files: number, added: number, removed: number }>}
 */
export async function diffFolders(before, after) {
  const entries = await readdir(after, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(after, join(entry.parentPath, entry.name)))
    .sort();

  const lines = [];
  let files = 0;
  let added = 0;
  let removed = 0;
  for (const path of paths) {
    const [old, now] = await Promise.all([readFile(join(before, path), 'utf8'), readFile(join(after, path), 'utf8')]);
    if (old === now) continue;
    files++;
    lines.push(color.bold(path.replaceAll('\\', '/')));
    for (const hunk of structuredPatch(path, path, old, now, '', '', { context: 1 }).hunks) {
      lines.push(color.cyan(`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`));
      for (const line of hunk.lines) {
        if (line.startsWith('+')) added++;
        if (line.startsWith('-')) removed++;
        lines.push(line.startsWith('+') ? color.green(line) : line.startsWith('-') ? color.red(line) : color.dim(line));
      }
    }
    lines.push('');
  }
  return { text: lines.join('\n'), files, added, removed };
}
