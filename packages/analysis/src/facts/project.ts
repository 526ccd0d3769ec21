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
  readonly mentions: ReadonlyMap<string, Positions>;
  readonly words: ReadonlyMap<string, Positions>;
  readonly total: number;
}

/** Many files that change at once are no edit but another project. */
const maxEdited = 20;

const latest = new WeakMap<ts.CompilerOptions, Snapshot>();

/** An edit of one file keeps all that is known about the others: an editor makes a program after every key. */
export function projectOf(program: ts.Program, facts: (file: ts.SourceFile) => FileFacts): Project {
  const all = program.getSourceFiles();
  const files = all.filter((file) => !file.isDeclarationFile && isOwn(file) && !program.isSourceFileFromExternalLibrary(file));
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
  return snapshot(files, total, facts, new Map(), new Map(), {}, {});
}

function snapshot(
  files: readonly ts.SourceFile[],
  total: number,
  facts: (file: ts.SourceFile) => FileFacts,
  mentions: Map<string, Positions>,
  words: Map<string, Positions>,
  names: object,
  imports: object,
): Snapshot {
  const positions = new Map(files.map((file, position) => [file, position]));

  function known(
    answers: Map<string, Positions>,
    key: string,
    test: (file: ts.SourceFile, key: string) => boolean,
  ): Positions {
    let answer = answers.get(key);
    if (!answer) {
      answer = files.flatMap((file, position) => (test(file, key) ? [position] : []));
      answers.set(key, answer);
    }
    return answer;
  }

  return {
    files,
    total,
    mentions,
    words,
    names,
    imports,
    indexOf: (file) => positions.get(file),
    mentioning: (name) =>
      known(mentions, name, (file) => facts(file).mentions.has(name)).map((position) => files[position]!),
    says: (word) => known(words, word, saysWord).length > 0,
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
  const changed: number[] = [];
  for (const [position, file] of files.entries()) {
    const old = before.files[position]!;
    if (file === old) continue;
    if (file.fileName !== old.fileName || changed.push(position) > maxEdited) return undefined;
  }
  const sameImports = changed.every((position) =>
    isSame(importsOf(facts(before.files[position]!)), importsOf(facts(files[position]!))),
  );
  return snapshot(
    files,
    total,
    facts,
    moved(before.mentions, changed, (position, name) => facts(files[position]!).mentions.has(name)),
    moved(before.words, changed, (position, word) => saysWord(files[position]!, word)),
    before.names,
    sameImports ? before.imports : {},
  );
}

function moved(
  answers: ReadonlyMap<string, Positions>,
  changed: Positions,
  test: (position: number, key: string) => boolean,
): Map<string, Positions> {
  const next = new Map(answers);
  for (const [key, positions] of answers) {
    for (const position of changed) {
      const isIn = test(position, key);
      const now = next.get(key) ?? positions;
      if (isIn === now.includes(position)) continue;
      // In the order of the files, as if it had been looked for anew.
      next.set(
        key,
        isIn ? [...now, position].sort((a, b) => a - b) : now.filter((other) => other !== position),
      );
    }
  }
  return next;
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
