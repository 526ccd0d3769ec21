import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ts } from 'ts-morph';

/**
 * The options of a project as its own TypeScript understands them. TypeScript 6 changed defaults, and complains about options that
 * projects of earlier versions need: without this, a project that compiles has thousands of errors, and its types are `any`.
 *
 * @see https://devblogs.microsoft.com/typescript/announcing-typescript-6-0/
 */
export function withOlderDefaults(options: ts.CompilerOptions, tsconfig: string): ts.CompilerOptions {
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

/** The major version of the TypeScript that a project has installed. Only its version is read: no code of it ever runs. */
export function installedTypeScript(folder: string): number | undefined {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { version } = JSON.parse(readFileSync(join(at, 'node_modules/typescript/package.json'), 'utf8')) as {
        version?: string;
      };
      return Number.parseInt(version ?? '', 10) || undefined;
    } catch {
      if (dirname(at) === at) return undefined;
    }
  }
}
