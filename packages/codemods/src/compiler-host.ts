import { Project, ts } from 'ts-morph';

/** Where ts-morph's compiler looks for the standard library, which it keeps in no folder on disk. */
const libraryFolder = '/node_modules/typescript/lib';
const libraries: ts.Program[] = [];
/** Where modules were found, for each project's options. */
const caches = new WeakMap<ts.CompilerOptions, ts.ModuleResolutionCache>();

/**
 * A host that reads from disk, with some files replaced and the unchanged ones of an earlier program used again.
 * ts-morph's own host does not tell ES modules from CommonJS, and would miss or invent errors under `nodenext`.
 */
export function createHost(
  options: ts.CompilerOptions,
  earlier?: ts.Program,
  replaced: ReadonlyMap<string, string> = new Map(),
): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  // A program may hold files that no disk does.
  const files = earlier?.getSourceFiles().map(({ fileName }) => fileName) ?? [];
  const folders = new Set(files.map((name) => name.slice(0, name.lastIndexOf('/'))));
  host.fileExists = (name) => earlier?.getSourceFile(name) !== undefined || ts.sys.fileExists(name);
  host.directoryExists = (name) => folders.has(name.replace(/\/$/, '')) || ts.sys.directoryExists(name);
  host.getSourceFile = (name, languageVersion) => {
    const known = replaced.has(name) ? undefined : earlier?.getSourceFile(name);
    if (known) return original(known);
    const text = replaced.get(name) ?? ts.sys.readFile(name) ?? libraryText(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, languageVersion, true);
  };
  // Programs with the same options look for the same modules in the same places.
  const cache =
    caches.get(options) ??
    ts.createModuleResolutionCache(host.getCurrentDirectory(), host.getCanonicalFileName, options);
  caches.set(options, cache);
  host.getModuleResolutionCache = () => cache;
  host.resolveModuleNameLiterals = (names, from, redirect, options, source) =>
    names.map((name) =>
      ts.resolveModuleName(
        name.text,
        from,
        options,
        host,
        cache,
        redirect,
        ts.getModeForUsageLocation(source, name, options),
      ),
    );
  host.getDefaultLibLocation = () => libraryFolder;
  host.getDefaultLibFileName = (options) => `${libraryFolder}/${ts.getDefaultLibFileName(options)}`;
  return host;
}

/** Of packages that are installed twice in one version a program has one, and stand-ins for the other: those belong to it alone. */
function original(file: ts.SourceFile): ts.SourceFile {
  const { redirectInfo } = file as { readonly redirectInfo?: { readonly unredirected: ts.SourceFile } };
  return redirectInfo?.unredirected ?? file;
}

function libraryText(name: string): string | undefined {
  if (!name.startsWith(`${libraryFolder}/`)) return undefined;
  const known = libraries.map((program) => program.getSourceFile(name)).find((file) => file !== undefined);
  if (known) return known.text;
  // The default of each target is a file that no other refers to.
  const library = loadLibrary(name.slice(libraryFolder.length + 1));
  libraries.push(library);
  return library.getSourceFile(name)?.text;
}

/** A file of the standard library and all it refers to, as the files of a program that has nothing else. */
function loadLibrary(file: string): ts.Program {
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { lib: [file] } });
  project.createSourceFile('/empty.ts', '');
  return project.getProgram().compilerObject;
}
