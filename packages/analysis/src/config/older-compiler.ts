import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type ts from 'typescript';

/** The part of the compiler that names what defaults were. */
export type OlderCompiler = {
  readonly [Name in 'ModuleKind' | 'ModuleResolutionKind' | 'ScriptTarget']: Readonly<
    Record<keyof (typeof ts)[Name] & string, number>
  >;
};

/** Each copy of the compiler declares its own. */
interface CompilerOptions {
  readonly target?: number | undefined;
  readonly module?: number | undefined;
}

/**
 * The options of a project as its own TypeScript understands them. TypeScript 6 changed defaults, and complains about options that
 * projects of earlier versions need: without this, a project that compiles has thousands of errors, and its types are `any`.
 *
 * @see https://devblogs.microsoft.com/typescript/announcing-typescript-6-0/
 */
export function withOlderDefaults<Options extends CompilerOptions>(
  ts: OlderCompiler,
  options: Options,
  tsconfig: string,
): Options {
  const version = installedTypeScript(dirname(tsconfig));
  if (version === undefined || version >= 6) return options;
  const target = options.target ?? ts.ScriptTarget.ES5;
  const module = options.module ?? (target >= ts.ScriptTarget.ES2015 ? ts.ModuleKind.ES2015 : ts.ModuleKind.CommonJS);
  const isNode = module >= ts.ModuleKind.Node16 && module <= ts.ModuleKind.NodeNext;
  const resolution = isNode || module === ts.ModuleKind.Preserve ? undefined : ts.ModuleResolutionKind.Node10;
  return {
    strict: false,
    types: ['*'],
    noUncheckedSideEffectImports: false,
    ...(isNode || module === ts.ModuleKind.Preserve ? {} : { esModuleInterop: false }),
    ...(resolution === undefined ? {} : { moduleResolution: resolution }),
    ...options,
    target,
    module,
    ignoreDeprecations: '6.0',
  };
}

/** The major version of a project's TypeScript: of the one installed, else of the one asked for. No code of it ever runs. */
function installedTypeScript(folder: string): number | undefined {
  return nearest(folder, versionInstalled) ?? nearest(folder, versionWanted);
}

function nearest(folder: string, versionIn: (folder: string) => string | undefined): number | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const major = Number.parseInt(/\d+/.exec(versionIn(at) ?? '')?.[0] ?? '', 10);
    if (major > 0) return major;
    if (dirname(at) === at) return undefined;
  }
}

const versionInstalled = (folder: string): string | undefined =>
  manifest(join(folder, 'node_modules/typescript')).version;

function versionWanted(folder: string): string | undefined {
  const { devDependencies, dependencies } = manifest(folder);
  return devDependencies?.['typescript'] ?? dependencies?.['typescript'];
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function manifest(folder: string): Manifest {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest | null) ?? {};
  } catch {
    return {};
  }
}
