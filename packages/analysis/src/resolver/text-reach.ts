import type { CatalogueIndex } from '../catalogue/catalogue-index.js';
import type { TypeScript } from '../typescript.js';
import type { LoneFiles } from './lone-files.js';
import { createPackageCalls } from './package-calls.js';

/** Says of a file that is not parsed yet whether it can have outbound calls at all. */
export type TextReach = (path: string) => boolean;

/**
 * A module specifier as it is written behind its keyword. Of what only looks like one, nothing is lost; one that is written in an
 * odd way (behind a comment, with an escape) has no second group.
 */
const specifiers = /\b(?:from|import|require)\b\s*\(?\s*(?:(['"`])([^'"`\n\\]*)\1|['"`/])/g;

/**
 * A file has outbound calls only if it names a global that sends, or gets hold of a package that does through some chain of imports.
 * Both are in the text, so most files need no parser.
 */
export function createTextReach(ts: TypeScript, files: LoneFiles, catalogue: CatalogueIndex): TextReach {
  const packages = createPackageCalls(ts, catalogue, undefined, () => files);
  const { exports = {}, types = {} } = catalogue.module('global') ?? {};
  const names = wordsOf([...Object.keys(exports), ...Object.keys(types), ...catalogue.generatedNames]);
  const known = new Map<string, boolean>();
  const looks = new Map<string, Look>();

  /** What one file says. */
  interface Look {
    readonly sends: boolean;
    readonly imports: readonly string[];
  }

  function look(path: string): Look {
    let answer = looks.get(path);
    if (!answer) looks.set(path, (answer = read(path, files.text(path) ?? '')));
    return answer;
  }

  function read(path: string, text: string): Look {
    if (names.test(text)) return { sends: true, imports: [] };
    const imports: string[] = [];
    for (const [, , specifier] of text.matchAll(specifiers)) {
      if (specifier === undefined) return { sends: true, imports: [] };
      const module = catalogue.moduleOf(specifier);
      const row = module === undefined ? undefined : catalogue.module(module);
      // Rows of a project need no kind; without any row but its name, a package is one that sends nothing.
      if (row?.exports ?? row?.types ?? row?.unnamed) return { sends: true, imports: [] };
      if (module !== undefined || specifier === '') continue;
      const imported = files.resolve(specifier, path);
      if (imported !== undefined) imports.push(imported);
      else if (packages.isUnknown(specifier, { fileName: path })) return { sends: true, imports: [] };
    }
    return { sends: false, imports };
  }

  return (path) => {
    const answer = known.get(path);
    if (answer !== undefined) return answer;
    const seen = new Set([path]);
    let reaches = false;
    for (const next of seen) {
      if (known.get(next) ?? look(next).sends) {
        reaches = true;
        break;
      }
      // A Set visits what is added while it is walked.
      if (!known.has(next)) for (const imported of look(next).imports) seen.add(imported);
    }
    if (reaches) known.set(path, true);
    // What the whole search did not find, no part of it finds.
    else for (const visited of seen) known.set(visited, false);
    return reaches;
  };
}

function wordsOf(words: readonly string[]): RegExp {
  return new RegExp(`\\b(?:${words.map((word) => word.replace(/\W/g, '\\$&')).join('|')})\\b`);
}
