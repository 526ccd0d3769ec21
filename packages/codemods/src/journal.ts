import { createHash } from 'node:crypto';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { writeWhole, type FileSystem } from './files.js';

/** One file of a run: the text it had, and what tells whether it still has the one it was given. */
export interface JournalEntry {
  /** From the root, with `/` between the folders. */
  readonly file: string;
  readonly mode: number;
  /** With its byte order mark, if it had one; `null` when there was no such file. */
  readonly before: string | null;
  /** SHA-256 of the text that was written. */
  readonly after: string;
}

/** What one run changed. Kept in `.holdfast/undo/<id>.json` until it is undone. */
export interface Run {
  readonly id: string;
  readonly command: string;
  readonly files: readonly JournalEntry[];
}

/** Files that were edited after the run, and would lose that. */
export class EditedSinceError extends Error {
  readonly files: readonly string[];

  constructor(files: readonly string[]) {
    super(`edited since: ${files.join(', ')}`);
    this.name = 'EditedSinceError';
    this.files = files;
  }
}

/** A journal that no run of this version wrote. */
export class JournalError extends Error {
  constructor(file: string, reason: string) {
    super(`${file} is not an undo journal of this version: ${reason}`);
    this.name = 'JournalError';
  }
}

/** The runs of a project that can be undone. */
export interface Journal {
  /** Newest first. */
  runs(): readonly Run[];
  /** Makes a run undoable. It is on disk when this returns, so nothing may be written before. */
  record(run: Run): void;
  /** Writes one file of a recorded run, whole. */
  write(run: Run, file: string, text: string, mode: number): void;
  /**
   * Gives the files of a run the bytes they had, and forgets it. Safe to repeat after a crash.
   *
   * @returns The files that were given back, and with `keepEdited` those that were left as they are.
   * @throws {EditedSinceError} When files were edited after the run; nothing was written.
   */
  undo(run: Run, options?: { readonly keepEdited?: boolean }): { readonly restored: string[]; readonly kept: string[] };
}

const version = 1;

export function createJournal(root: string, fs: FileSystem): Journal {
  const holdfast = join(root, '.holdfast');
  const folder = join(holdfast, 'undo');
  const fileOf = (id: string): string => join(folder, `${id}.json`);
  // A crash leaves it behind, and this name says whose it was.
  const temporaryOf = (run: Run, file: string): string => `${file}.${run.id}.holdfast`;

  function runs(): readonly Run[] {
    if (!fs.existsSync(folder)) return [];
    const names = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));
    return names
      .sort()
      .reverse()
      .map((name) => parse(join(folder, name), fs.readFileSync(join(folder, name), 'utf8')));
  }

  function record(run: Run): void {
    fs.mkdirSync(folder, { recursive: true });
    // Journals hold source code: nobody should commit them by accident.
    fs.writeFileSync(join(holdfast, '.gitignore'), '*\n');
    const file = fileOf(run.id);
    writeWhole(fs, { file, text: JSON.stringify({ version, ...run }), mode: 0o644, temporary: `${file}.part` });
  }

  function write(run: Run, file: string, text: string, mode: number): void {
    writeWhole(fs, { file, text, mode, temporary: temporaryOf(run, file) });
  }

  function undo(run: Run, { keepEdited = false } = {}): { restored: string[]; kept: string[] } {
    const [restored, kept]: [string[], string[]] = [[], []];
    for (const entry of run.files) {
      const path = resolve(root, entry.file);
      const now = fs.existsSync(path) ? hashOf(fs.readFileSync(path)) : null;
      // Old already: the run, or an earlier undo, did not get there.
      if (now === (entry.before === null ? null : hashOf(entry.before))) continue;
      (now === entry.after ? restored : kept).push(entry.file);
    }
    if (kept.length > 0 && !keepEdited) throw new EditedSinceError(kept);
    for (const { file, before, mode } of run.files) {
      const path = resolve(root, file);
      fs.rmSync(temporaryOf(run, path), { force: true });
      if (!restored.includes(file)) continue;
      if (before === null) fs.rmSync(path);
      else write(run, path, before, mode);
    }
    forget(run);
    return { restored, kept };
  }

  function forget({ id }: Run): void {
    fs.rmSync(fileOf(id), { force: true });
    for (const name of fs.readdirSync(folder)) {
      if (name.endsWith('.json.part')) fs.rmSync(join(folder, name), { force: true });
    }
    if (fs.readdirSync(folder).length > 0) return;
    fs.rmdirSync(folder);
    const rest = fs.readdirSync(holdfast);
    if (rest.some((name) => name !== '.gitignore')) return;
    fs.rmSync(holdfast, { recursive: true });
  }

  return { runs, record, write, undo };
}

/** An entry for a file that is about to change. */
export function journalEntry(
  root: string,
  file: string,
  mode: number,
  before: string | null,
  after: string,
): JournalEntry {
  return { file: relative(root, file).split(sep).join('/'), mode, before, after: hashOf(after) };
}

/** Where a project keeps its journals: the folder of its repository, else the outermost one with a package.json, else this one. */
export function undoRoot(from: string, { existsSync }: Pick<FileSystem, 'existsSync'>): string {
  let outermost: string | undefined;
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git')) || existsSync(join(folder, '.holdfast/undo'))) return folder;
    if (existsSync(join(folder, 'package.json'))) outermost = folder;
    if (dirname(folder) === folder) return outermost ?? resolve(from);
  }
}

function hashOf(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

function parse(file: string, text: string): Run {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw new JournalError(file, error instanceof Error ? error.message : String(error));
  }
  const run = read as Partial<Run & { version: number }> | null;
  if (run?.version !== version) throw new JournalError(file, `version is ${JSON.stringify(run?.version)}, not 1`);
  const isEntry = (entry: Partial<JournalEntry> | null): boolean =>
    typeof entry?.file === 'string' &&
    typeof entry.mode === 'number' &&
    (typeof entry.before === 'string' || entry.before === null) &&
    typeof entry.after === 'string';
  if (typeof run.id !== 'string' || typeof run.command !== 'string' || !run.files?.every(isEntry)) {
    throw new JournalError(file, 'id, command or files are missing');
  }
  return { id: run.id, command: run.command, files: run.files };
}
