import type ts from 'typescript';
import type { Project } from '../facts/project.js';
import type { CheckerPort } from './checker-port.js';
import type { LoneFiles } from './lone-files.js';
import { candidatesOf, folderOf, join } from './module-paths.js';

/** Finds the file of the project that an import leads to; `undefined` for packages. */
export type ModuleFiles = (specifier: ts.StringLiteralLike) => ts.SourceFile | undefined;

/** Where a relative import leads: to a file of the project by its position, or to another by its path. */
type Place = number | string | undefined;

/** What is known for as long as the project has the same files. */
interface Places {
  readonly byPath: Map<string, Place>;
  readonly bySpecifier: WeakMap<ts.Node, { readonly place: Place }>;
}

const placesOf = new WeakMap<object, Places>();

/** In a program. Relative paths need no checker; whatever else is not a package is asked once per name. */
export function programModuleFiles(program: ts.Program, checker: CheckerPort, project: () => Project): ModuleFiles {
  const bare = new Map<string, ts.SourceFile | undefined>();
  let known: Places | undefined;

  function places(): Places {
    const { names } = project();
    const found = placesOf.get(names) ?? { byPath: new Map<string, Place>(), bySpecifier: new WeakMap() };
    placesOf.set(names, found);
    return found;
  }

  function placeOf(specifier: ts.StringLiteralLike): Place {
    const { byPath, bySpecifier } = (known ??= places());
    const answer = bySpecifier.get(specifier);
    if (answer) return answer.place;
    const path = join(folderOf(specifier.getSourceFile().fileName), specifier.text);
    if (!byPath.has(path)) byPath.set(path, fileAt(path));
    const place = byPath.get(path);
    bySpecifier.set(specifier, { place });
    return place;
  }

  function fileAt(path: string): Place {
    for (const candidate of candidatesOf(path)) {
      const file = program.getSourceFile(candidate);
      if (file) return isOwn(file) ? (project().indexOf(file) ?? file.fileName) : undefined;
    }
    return undefined;
  }

  return (specifier) => {
    const { text } = specifier;
    if (text.startsWith('.')) {
      const place = placeOf(specifier);
      if (typeof place === 'number') return project().files[place];
      return place === undefined ? undefined : program.getSourceFile(place);
    }
    if (bare.has(text)) return bare.get(text);
    const file = checker.moduleOf(specifier);
    const own = file && isOwn(file) ? file : undefined;
    bare.set(text, own);
    return own;
  };
}

/** Without a program: the file as it is on disk, parsed on first use. */
export function loneModuleFiles(files: LoneFiles): ModuleFiles {
  return (specifier) => {
    const path = files.resolve(specifier.text, specifier.getSourceFile().fileName);
    return path === undefined ? undefined : files.parsed(path);
  };
}

function isOwn({ fileName, isDeclarationFile }: ts.SourceFile): boolean {
  return !isDeclarationFile && !fileName.includes('/node_modules/');
}
