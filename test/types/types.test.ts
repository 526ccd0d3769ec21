import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
const { ModuleKind, ModuleResolutionKind } = ts;

/** The ways users compile: what they emit, how imports are resolved, and what their package.json says of its modules. */
const settings = {
  'nodenext, ES modules': { module: ModuleKind.NodeNext, type: 'module' },
  'nodenext, CommonJS': { module: ModuleKind.NodeNext, type: 'commonjs' },
  'node16, ES modules': { module: ModuleKind.Node16, type: 'module' },
  'node16, CommonJS': { module: ModuleKind.Node16, type: 'commonjs' },
  'commonjs, bundler': { module: ModuleKind.CommonJS, moduleResolution: ModuleResolutionKind.Bundler },
  'esnext, bundler': { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler },
  preserve: { module: ModuleKind.Preserve },
  // What TypeScript 5 takes for `module: commonjs` alone: it does not read `exports`.
  'commonjs, node10': {
    module: ModuleKind.CommonJS,
    moduleResolution: ModuleResolutionKind.Node10,
    ignoreDeprecations: '6.0',
  },
} satisfies Record<string, ts.CompilerOptions>;

/** The same library files go into every program. */
const parsed = new Map<string, ts.SourceFile | undefined>();

function programOf(project: string, { type, ...options }: ts.CompilerOptions & { type?: string }): ts.Program {
  const config = ts.getParsedCommandLineOfConfigFile(`${here}${project}/tsconfig.json`, options, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => expect.unreachable(text(diagnostic)),
  })!;
  expect(config.fileNames.map((file) => file.replace(/.*\//, '')).sort()).toEqual(['accepted.ts', 'refused.ts']);
  const host = ts.createCompilerHost(config.options);
  const ownPackage = `${here}${project}/package.json`;
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (file) => (file === ownPackage ? type !== undefined : fileExists(file));
  host.readFile = (file) => (file === ownPackage ? JSON.stringify({ type }) : readFile(file));
  host.getSourceFile = (file, version, ...rest) => {
    if (!/\/(typescript\/lib|@types\/node)\//.test(file)) return getSourceFile(file, version, ...rest);
    const key = `${file} ${typeof version === 'object' ? version.impliedNodeFormat : ''}`;
    if (!parsed.has(key)) parsed.set(key, getSourceFile(file, version, ...rest));
    return parsed.get(key);
  };
  return ts.createProgram({ rootNames: config.fileNames, options: config.options, host });
}

/** The files of the runtime that a program reads. */
const runtimeFiles = (program: ts.Program) =>
  program.getSourceFiles().filter(({ fileName }) => fileName.includes('/packages/runtime/'));

function text({ file, start, code, messageText }: ts.Diagnostic): string {
  const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
  const name = file?.fileName.split('/').slice(-2).join('/');
  return `${name ?? 'options'}:${line} TS${code} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}

describe.each(['standard', 'legacy'])('the built types, under %s decorators', (project) => {
  it.each(Object.entries(settings))('accept and refuse what they should: %s', (_name, options) => {
    const program = programOf(project, options);
    expect(ts.getPreEmitDiagnostics(program).map(text)).toEqual([]);
    const files = runtimeFiles(program).map(({ fileName }) => fileName);
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !/\/packages\/runtime\/dist\/(esm|cjs)\/.*\.d\.ts$/.test(file))).toEqual([]);
  });
});

describe('the built types', () => {
  it.each([
    ['esm', settings['node16, ES modules']],
    ['cjs', settings['node16, CommonJS']],
  ])('have no errors of their own: %s', (folder, options) => {
    const program = programOf('standard', { ...options, skipLibCheck: false });
    const files = runtimeFiles(program);
    expect(files.every(({ fileName }) => fileName.includes(`/dist/${folder}/`))).toBe(true);
    expect(files.flatMap((file) => program.getSemanticDiagnostics(file)).map(text)).toEqual([]);
  });
});
