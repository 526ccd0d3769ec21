import type * as fs from 'node:fs';

/** The part of `node:fs` that writing uses. Tests let it fail, or stop, at every call. */
export type FileSystem = Pick<
  typeof fs,
  | 'closeSync'
  | 'existsSync'
  | 'fchmodSync'
  | 'fsyncSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readdirSync'
  | 'realpathSync'
  | 'renameSync'
  | 'rmSync'
  | 'rmdirSync'
  | 'statSync'
  | 'writeFileSync'
>;

/** Writes a whole file beside the old one and then over it: at every moment the file is either old or new, never half. */
export function writeWhole(
  { openSync, writeFileSync, fchmodSync, fsyncSync, closeSync, renameSync, rmSync }: FileSystem,
  { file, text, mode, temporary }: { file: string; text: string; mode: number; temporary: string },
): void {
  rmSync(temporary, { force: true });
  const handle = openSync(temporary, 'wx', mode);
  try {
    try {
      writeFileSync(handle, text);
      // The mode to open with is cut by the umask.
      fchmodSync(handle, mode);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
