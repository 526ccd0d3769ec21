import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyPlans, StalePlanError } from './apply-plans.js';
import type { FileSystem } from './files.js';
import { createJournal, EditedSinceError, JournalError, undoRoot } from './journal.js';
import type { Plan } from './plan.js';

const now = new Date('2026-01-02T03:04:05.678Z');
const names = ['a.ts', 'b.ts', 'src/c.ts'];

let root: string;

beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'holdfast-')));
  fs.mkdirSync(join(root, 'src'));
  fs.writeFileSync(join(root, 'a.ts'), '\uFEFFold a\r\n', { mode: 0o755 });
  fs.writeFileSync(join(root, 'b.ts'), 'old b\n');
  fs.writeFileSync(join(root, 'src/c.ts'), '');
});

afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

function plans(): Plan[] {
  return names.map((name) => {
    const text = fs.readFileSync(join(root, name), 'utf8').replace('\uFEFF', '');
    const edits = [{ start: 0, end: 0, text: 'new ' }];
    return { file: join(root, name), text, edits, changes: [], skips: [], notes: [] };
  });
}

/** Every file below the root with its mode and bytes. */
function tree(): Record<string, string> {
  const files = fs.readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file, `${(fs.statSync(file).mode & 0o777).toString(8)} ${fs.readFileSync(file, 'hex')}`]),
  );
}

const journal = (): ReturnType<typeof createJournal> => createJournal(root, fs);

class Crash extends Error {}

/** A process that dies at its n-th call of the file system: that call is not made, or half made, and none after it is. */
function dyingAt(call: number): FileSystem & { calls: number } {
  const state = { calls: 0 };
  const wrap = (name: keyof FileSystem): unknown => {
    return (...args: unknown[]): unknown => {
      if (state.calls >= call) {
        const [handle, text] = args as [number, string];
        // What is in the middle of being written is half there.
        if (state.calls === call && name === 'writeFileSync') fs.writeFileSync(handle, text.slice(0, text.length / 2));
        state.calls += 1;
        throw new Crash();
      }
      state.calls += 1;
      return (fs[name] as (...args: unknown[]) => unknown)(...args);
    };
  };
  return new Proxy(state as FileSystem & { calls: number }, {
    get: (target, name) => (name === 'calls' ? target.calls : wrap(name as keyof FileSystem)),
  });
}

describe('applyPlans', () => {
  it('writes all, and undo gives back every byte and mode and leaves nothing behind', () => {
    const before = tree();
    const run = applyPlans(plans(), { root, command: 'guard', now })!;
    expect(fs.readFileSync(join(root, 'a.ts'), 'utf8')).toBe('\uFEFFnew old a\r\n');
    expect(fs.readFileSync(join(root, '.holdfast/.gitignore'), 'utf8')).toBe('*\n');
    expect(journal().runs()).toEqual([run]);
    expect(run.files.map(({ file }) => file)).toEqual(names);
    expect(journal().undo(run)).toEqual({ restored: names, kept: [] });
    expect(tree()).toEqual(before);
    expect(fs.existsSync(join(root, '.holdfast'))).toBe(false);
  });

  it('makes a file that is not there, and undo takes it away again', () => {
    const before = tree();
    const file = join(root, 'made.ts');
    const edits = [{ start: 0, end: 0, text: 'made\n' }];
    const made = { file, text: '', edits, changes: [], skips: [], notes: [] };
    const run = applyPlans([made, ...plans()], { root, command: 'init', now })!;
    expect(fs.readFileSync(file, 'utf8')).toBe('made\n');
    expect(journal().undo(run).restored).toEqual(['made.ts', ...names]);
    expect(tree()).toEqual(before);
  });

  it('checks every file before it writes the first', () => {
    const planned = plans();
    fs.writeFileSync(join(root, 'src/c.ts'), 'edited');
    const before = tree();
    expect(() => applyPlans(planned, { root, command: 'guard', now })).toThrow(StalePlanError);
    expect(tree()).toEqual(before);
  });

  it('gives back what it wrote when a file cannot be written', () => {
    const before = tree();
    const failing: FileSystem = {
      ...fs,
      renameSync: (from, to) => {
        if (String(to).endsWith('c.ts')) throw new Error('EACCES');
        fs.renameSync(from, to);
      },
    };
    expect(() => applyPlans(plans(), { root, command: 'guard', now, fs: failing })).toThrow('EACCES');
    expect(tree()).toEqual(before);
  });
});

describe('a crash', () => {
  const calls = (act: (files: FileSystem) => void): number => {
    const files = dyingAt(Infinity);
    act(files);
    return files.calls;
  };

  it('at any call while writing leaves each file old or new, and undo gives back the tree', () => {
    const before = tree();
    const count = calls((files) => applyPlans(plans(), { root, command: 'guard', now, fs: files }));
    const after = tree();
    journal().undo(journal().runs()[0]!);
    expect(count).toBeGreaterThan(30);
    for (let call = 0; call < count; call += 1) {
      expect(() => applyPlans(plans(), { root, command: 'guard', now, fs: dyingAt(call) }), `call ${call}`).toThrow(
        Crash,
      );
      for (const name of names) {
        const file = join(root, name);
        expect([before[file], after[file]], `${name} at call ${call}`).toContain(tree()[file]);
      }
      for (const run of journal().runs()) journal().undo(run);
      fs.rmSync(join(root, '.holdfast'), { recursive: true, force: true });
      expect(tree(), `call ${call}`).toEqual(before);
    }
  });

  it('at any call of an undo is mended by undoing again', () => {
    const before = tree();
    const files = dyingAt(Infinity);
    applyPlans(plans(), { root, command: 'guard', now });
    createJournal(root, files).undo(journal().runs()[0]!);
    const count = files.calls;
    for (let call = 0; call < count; call += 1) {
      const run = applyPlans(plans(), { root, command: 'guard', now })!;
      expect(() => createJournal(root, dyingAt(call)).undo(run), `call ${call}`).toThrow(Crash);
      for (const left of journal().runs()) journal().undo(left);
      fs.rmSync(join(root, '.holdfast'), { recursive: true, force: true });
      expect(tree(), `call ${call}`).toEqual(before);
    }
  });

  it('of the whole process, at every write', () => {
    const before = tree();
    const script = fileURLToPath(new URL('../testing/apply-and-die.mjs', import.meta.url));
    let survived = false;
    for (let call = 0; !survived; call += 3) {
      const { signal, status, stderr } = spawnSync(process.execPath, [script, root, String(call), ...names], {
        encoding: 'utf8',
      });
      expect(signal ?? status, stderr).toBe(signal === null ? 0 : 'SIGKILL');
      survived = signal === null;
      for (const name of names) {
        expect(fs.readFileSync(join(root, name), 'utf8')).toMatch(/^\uFEFF?(?:new )?(?:old .\r?\n)?$/);
      }
      for (const run of journal().runs()) journal().undo(run);
      fs.rmSync(join(root, '.holdfast'), { recursive: true, force: true });
      expect(tree(), `call ${call}`).toEqual(before);
    }
  });
});

describe('undo', () => {
  it('refuses files that were edited since, by name, and then writes nothing', () => {
    const run = applyPlans(plans(), { root, command: 'guard', now })!;
    fs.writeFileSync(join(root, 'b.ts'), 'edited\n');
    const before = tree();
    expect(() => journal().undo(run)).toThrow(new EditedSinceError(['b.ts']));
    expect(tree()).toEqual(before);
    expect(journal().undo(run, { keepEdited: true })).toEqual({ restored: ['a.ts', 'src/c.ts'], kept: ['b.ts'] });
    expect(fs.readFileSync(join(root, 'b.ts'), 'utf8')).toBe('edited\n');
    expect(fs.readFileSync(join(root, 'a.ts'), 'utf8')).toBe('\uFEFFold a\r\n');
  });

  it('goes back run by run, the newest first', () => {
    const before = tree();
    applyPlans(plans(), { root, command: 'one', now });
    applyPlans(plans(), { root, command: 'two', now: new Date(now.getTime() + 1) });
    expect(
      journal()
        .runs()
        .map(({ command }) => command),
    ).toEqual(['two', 'one']);
    for (const run of journal().runs()) journal().undo(run);
    expect(tree()).toEqual(before);
  });

  it.each([
    ['{', /\.json is not an undo journal of this version: .*JSON/],
    ['{"version":2}', /version is 2, not 1/],
    ['{"version":1,"id":"x","command":"guard","files":[{}]}', /id, command or files are missing/],
  ])('names a journal it cannot read: %s', (text, message) => {
    fs.mkdirSync(join(root, '.holdfast/undo'), { recursive: true });
    fs.writeFileSync(join(root, '.holdfast/undo/x.json'), text);
    expect(() => journal().runs()).toThrow(JournalError);
    expect(() => journal().runs()).toThrow(message);
  });
});

describe('undoRoot', () => {
  it.each([
    ['/r/.git', '/r'],
    ['/r/a/package.json /r/a/b/package.json', '/r/a'],
    ['/r/a/.holdfast/undo /r/.git', '/r/a'],
    ['', '/r/a/b'],
  ])('with %s is %s', (existing, expected) => {
    const existsSync = (path: fs.PathLike): boolean => existing.split(' ').includes(String(path));
    expect(undoRoot('/r/a/b', { existsSync })).toBe(expected);
  });
});
