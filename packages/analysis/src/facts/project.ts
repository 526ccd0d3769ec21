import type ts from 'typescript';
import { isOwnSource } from '../source-files.js';
import type { FileFacts } from './file-facts.js';

/** The files of the project itself, and which of them say what. */
export interface Project {
  readonly files: readonly ts.SourceFile[];
  /** Position among the files. */
  indexOf(file: ts.SourceFile): number | undefined;
  /** The files that write a name as an identifier. */
  mentioning(name: string): readonly ts.SourceFile[];
  /** Whether a word is anywhere in their text. */
  says(word: string): boolean;
  /** One object for all projects whose files have the same names: what follows from those is kept with it. */
  readonly names: object;
  /** The same for files with the same names and imports. */
  readonly imports: object;
}

/** Files by their positions, so that an answer holds for the next version of a file as well. */
type Positions = readonly number[];

interface Snapshot extends Project {
  /** Who wrote which names before the edits. */
  readonly index: NameIndex;
  /** The files that were edited since. */
  readonly changed: Positions;
  readonly words: ReadonlyMap<string, Positions>;
  readonly total: number;
}

/** Made when somebody first asks. */
type NameIndex = () => ReadonlyMap<string, Positions>;

/** Many files that changed are no edit but another project. */
const maxEdited = 20;

const latest = new WeakMap<ts.CompilerOptions, Snapshot>();

/** An edit of one file keeps all that is known about the others: an editor makes a program after every key. */
export function projectOf(program: ts.Program, facts: (file: ts.SourceFile) => FileFacts): Project {
  const all = program.getSourceFiles();
  const files = all.filter(
    (file) => !file.isDeclarationFile && isOwn(file) && !program.isSourceFileFromExternalLibrary(file),
  );
  const before = latest.get(program.getCompilerOptions());
  const project = (before && edited(before, files, all.length, facts)) ?? fresh(files, all.length, facts);
  latest.set(program.getCompilerOptions(), project);
  return project;
}

/** A file that is judged on its own. */
export function projectOfOne(file: ts.SourceFile, facts: (file: ts.SourceFile) => FileFacts): Project {
  return fresh([file], 1, facts);
}

function fresh(files: readonly ts.SourceFile[], total: number, facts: (file: ts.SourceFile) => FileFacts): Snapshot {
  return snapshot(files, total, facts, indexNames(files, facts), [], new Map(), {}, {});
}

function indexNames(files: readonly ts.SourceFile[], facts: (file: ts.SourceFile) => FileFacts): NameIndex {
  let index: Map<string, number[]> | undefined;
  return () => {
    if (index) return index;
    index = new Map<string, number[]>();
    for (const [position, file] of files.entries()) {
      for (const name of facts(file).mentions.keys()) {
        const positions = index.get(name);
        if (positions) positions.push(position);
        else index.set(name, [position]);
      }
    }
    return index;
  };
}

function snapshot(
  files: readonly ts.SourceFile[],
  total: number,
  facts: (file: ts.SourceFile) => FileFacts,
  index: NameIndex,
  changed: Positions,
  words: Map<string, Positions>,
  names: object,
  imports: object,
): Snapshot {
  const positions = new Map(files.map((file, position) => [file, position]));

  return {
    files,
    total,
    index,
    changed,
    words,
    names,
    imports,
    indexOf: (file) => positions.get(file),
    mentioning(name) {
      const before = index().get(name) ?? [];
      const now = moved(before, changed, (position) => facts(files[position]!).mentions.has(name));
      return now.map((position) => files[position]!);
    },
    says(word) {
      let answer = words.get(word);
      if (!answer) {
        answer = files.flatMap((file, position) => (saysWord(file, word) ? [position] : []));
        words.set(word, answer);
      }
      return answer.length > 0;
    },
  };
}

function saysWord({ text }: ts.SourceFile, word: string): boolean {
  return text.includes(word);
}

/** The project after a few of its files were replaced; `undefined` when more than that has changed. */
function edited(
  before: Snapshot,
  files: readonly ts.SourceFile[],
  total: number,
  facts: (file: ts.SourceFile) => FileFacts,
): Snapshot | undefined {
  if (files.length !== before.files.length || total !== before.total) return undefined;
  const edits: number[] = [];
  for (const [position, file] of files.entries()) {
    const old = before.files[position]!;
    if (file === old) continue;
    if (file.fileName !== old.fileName) return undefined;
    edits.push(position);
  }
  const changed = [...new Set([...before.changed, ...edits])];
  if (changed.length > maxEdited) return undefined;
  const sameImports = edits.every((position) =>
    isSame(importsOf(facts(before.files[position]!)), importsOf(facts(files[position]!))),
  );
  const words = new Map<string, Positions>();
  for (const [word, positions] of before.words) {
    words.set(
      word,
      moved(positions, edits, (position) => saysWord(files[position]!, word)),
    );
  }
  const imports = sameImports ? before.imports : {};
  return snapshot(files, total, facts, before.index, changed, words, before.names, imports);
}

/** The positions after some files were replaced, in the order of the files as if they had been looked for anew. */
function moved(before: Positions, changed: Positions, test: (position: number) => boolean): Positions {
  let now = before;
  for (const position of changed) {
    const isIn = test(position);
    if (isIn === now.includes(position)) continue;
    now = isIn ? [...now, position].sort((a, b) => a - b) : now.filter((other) => other !== position);
  }
  return now;
}

function importsOf({ specifiers }: FileFacts): readonly string[] {
  return specifiers.map(({ text }) => text);
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, index) => text === right[index]);
}

const own = new WeakMap<ts.SourceFile, boolean>();

function isOwn(file: ts.SourceFile): boolean {
  let answer = own.get(file);
  if (answer === undefined) own.set(file, (answer = isOwnSource(file)));
  return answer;
}
